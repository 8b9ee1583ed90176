use std::collections::HashSet;

use super::*;

#[test]
fn a_file_is_read_into_passages() {
    let text = "A title\n> Be me. | Be I\n\n## Who? | (me) and who now?\n\nI.\n\nStill I.\n---\nMe.\n\n## *\nSo.\n";
    let expected = vec![
        Passage {
            file: "file",
            phrasings: vec![
                Phrasing { text: "Who?".into(), needs: None },
                Phrasing { text: "and who now?".into(), needs: Some("me".into()) },
            ],
            answers: vec!["I.\n\nStill I.".into(), "Me.".into()],
        },
        Passage { file: "file", phrasings: vec![], answers: vec!["So.".into()] },
    ];
    let mut corpus = Corpus::default();
    corpus.read("file", text);
    assert_eq!(corpus.passages, expected);
    let calls = vec!["Be me.".into(), "Be I".into()];
    assert_eq!(corpus.voices, [Voice { file: "file", calls }]);
    assert_eq!(expected[0].title(), "file: Who?");
    assert_eq!(expected[1].title(), "file: *");
}

#[test]
fn every_file_of_the_folder_is_in_the_table() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus");
    let on_disk: HashSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let in_table: HashSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(on_disk, in_table);
}

#[test]
fn it_has_forty_thousand_words() {
    let words: usize = FILES.iter().map(|(_, text)| text.split_whitespace().count()).sum();
    assert!(words >= 40_000, "{words} words");
}

#[test]
fn every_answer_is_of_readable_length_and_every_question_can_stand_alone() {
    for passage in &Corpus::get().passages {
        for answer in &passage.answers {
            let words = answer.split_whitespace().count();
            assert!((1..=140).contains(&words), "{words} words: {}", passage.title());
        }
        let opens = passage.phrasings.first();
        assert!(opens.is_none_or(|phrasing| phrasing.needs.is_none()), "{}", passage.title());
    }
}

#[test]
fn every_voice_and_the_model_itself_know_what_to_say_to_anything() {
    let corpus = Corpus::get();
    let voices = corpus.voices.iter().map(|voice| voice.file).chain(["fallback"]);
    for file in voices {
        let mut passages = corpus.passages.iter().filter(|passage| passage.file == file);
        assert!(passages.any(|passage| passage.phrasings.is_empty()), "{file}");
    }
}

#[test]
fn no_question_and_no_paragraph_stands_twice() {
    let mut seen = HashSet::new();
    let corpus = Corpus::get();
    for passage in &corpus.passages {
        let voice = corpus.voices.iter().find(|voice| voice.file == passage.file);
        for Phrasing { text, needs } in &passage.phrasings {
            let key = format!("{:?} {needs:?} {}", voice.map(|it| it.file), text.to_lowercase());
            assert!(seen.insert(key), "{text:?} is asked twice");
        }
        for paragraph in passage.answers.iter().flat_map(|answer| answer.split("\n\n")) {
            assert!(seen.insert(paragraph.to_owned()), "{paragraph:?} stands twice");
        }
    }
}

#[test]
fn every_answer_of_the_file_in_json_is_an_object() {
    let in_json = Corpus::get().passages.iter().filter(|passage| passage.file == JSON);
    for answer in in_json.flat_map(|passage| &passage.answers) {
        let value: serde_json::Value = serde_json::from_str(answer).expect(answer);
        assert!(value.is_object(), "{answer}");
    }
}

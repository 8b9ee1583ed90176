use super::*;
use proptest::prelude::*;

fn texts(set: &PromptSet) -> Vec<&str> {
    set.prompts.iter().map(|it| it.messages.last().expect("a message").text.as_str()).collect()
}

#[test]
fn a_prompt_on_each_line() {
    let set = read("", "\u{feff}Why?\r\n\n  How? \n\t\nWho", None, None).expect("lines");
    assert_eq!((set.form, texts(&set)), (SetForm::Lines, vec!["Why?", "How?", "Who"]));
    let lines: Vec<_> = set.prompts.iter().map(|it| (it.label.as_str(), it.line)).collect();
    assert_eq!(lines, [("1", 1), ("2", 3), ("3", 5)]);
    assert_eq!(set.left_out, ["2 empty lines were left out."]);
}

#[test]
fn a_table_has_a_column_for_prompts() {
    for (text, field, expected, label) in [
        ("prompt\nWhy?\n\"a \"\"b\"\"\nc\"\n", None, vec!["Why?", "a \"b\"\nc"], "1"),
        ("id,Prompt,x\nq1,Why?,\nq2,\"Yes, why?\",1\n", None, vec!["Why?", "Yes, why?"], "q1"),
        ("id;prompt\nq1;Why, oh why?\n", None, vec!["Why, oh why?"], "q1"),
        ("label\tquestion\nfirst\tWhy?\n", Some("question"), vec!["Why?"], "first"),
        ("\"a;b\",prompt\n1,Why?\n", None, vec!["Why?"], "1"),
    ] {
        let set = read("x.csv", text, None, field).expect(text);
        assert_eq!((texts(&set), set.prompts[0].label.as_str()), (expected, label), "{text}");
        assert!(set.field.is_some());
    }
    let open = read("x.csv", "question,answer\nWhy?,So.\n", None, None).expect("it is open");
    assert_eq!((open.field, open.prompts.len()), (None, 0));
    assert_eq!(open.fields, ["question", "answer"]);
}

#[test]
fn json_lines_have_prompts_or_whole_conversations() {
    let text = r#"{"prompt":"Why?","id":7}

{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"H"},{"text":"ow?"}]}],"label":"second"}
"#;
    let set = read("", text, None, None).expect("JSON lines");
    assert_eq!((set.form, texts(&set)), (SetForm::Jsonl, vec!["Why?", "How?"]));
    let labels: Vec<_> = set.prompts.iter().map(|it| (it.label.as_str(), it.line)).collect();
    assert_eq!(labels, [("7", 1), ("second", 3)]);
    assert_eq!(set.prompts[1].messages[0].role, Role::System);
    let set = read("a.jsonl", r#"{"q":"Why?","x":1}"#, None, Some("q")).expect("its field");
    assert_eq!(texts(&set), ["Why?"]);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let many = "Why?\n".repeat(MOST_PROMPTS + 1);
    let large = "a".repeat(MOST_BYTES + 1);
    // What comes after the most is not even looked at.
    let table = format!("prompt,x\n{}broken\n", "Why?,1\n".repeat(MOST_PROMPTS + 1));
    let objects = format!("{}broken\n", "{\"prompt\":\"Why?\"}\n".repeat(MOST_PROMPTS + 1));
    let wide = format!("prompt{}\n", ",a".repeat(MOST_FIELDS));
    let fields: Vec<_> = (0..=MOST_FIELDS).map(|it| format!("\"f{it}\":1")).collect();
    let fields = format!("{{{}}}", fields.join(","));
    for (name, text, field, says) in [
        ("", "", None, "no prompt"),
        ("", "\n \n", None, "no prompt"),
        ("", many.as_str(), None, "line 1001 is beyond"),
        ("a.csv", table.as_str(), None, "line 1002 is beyond"),
        ("a.jsonl", objects.as_str(), None, "line 1001 is beyond"),
        ("a.csv", wide.as_str(), None, "201 columns, and 200 are the most"),
        ("a.jsonl", fields.as_str(), None, "201 columns, and 200 are the most"),
        ("", large.as_str(), None, "at most 8 MB"),
        ("a.csv", "", None, "name the columns"),
        ("a.csv", "prompt\n", None, "no prompt"),
        (
            "a.csv",
            "prompt,x\nWhy?,1\nHow?\n",
            None,
            "line 3 has 1 columns, and the first line names 2",
        ),
        ("a.csv", "prompt\nWhy?\n", Some("question"), "no column called \"question\""),
        ("a.jsonl", "{\"prompt\":\"a\"}\n{\"prompt\":", None, "line 2 is not JSON"),
        ("a.jsonl", "[1]", None, "line 1 is no JSON object"),
        ("a.jsonl", "{\"prompt\":\"a\"}\n{\"x\":1}", None, "line 2 has neither"),
        ("a.jsonl", "{\"prompt\":7}", None, "line 1 has a prompt that is neither"),
        ("a.jsonl", "{\"prompt\":\" \"}", None, "line 1 has an empty prompt"),
        ("a.jsonl", "{\"messages\":[]}", None, "line 1 has to end with a message of the user's"),
        (
            "a.jsonl",
            "{\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]}",
            None,
            "the role \"tool\"",
        ),
        (
            "a.jsonl",
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"image\":1}]}]}",
            None,
            "content is no text",
        ),
        ("a.jsonl", "{\"q\":\"a\"}\n{\"r\":1}", Some("q"), "line 2 has no field \"q\""),
    ] {
        let error = read(name, text, None, field).expect_err(says);
        let shown: String = text.chars().take(60).collect();
        assert!(error.why.contains(says), "{shown:?}: {}", error.why);
        assert_eq!(error.line.is_some(), error.why.starts_with("line "), "{}", error.why);
    }
    let error = read_bytes("a.txt", b"Why?\nH\xffw?\n", None).expect_err("no UTF-8");
    assert_eq!((error.line, error.why.contains("UTF-8")), (Some(2), true));
    let error = read_bytes("a.txt", b"\xff\xfeW\0", None).expect_err("UTF-16");
    assert_eq!(error.line, Some(1));
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in "(\\PC|[\n\r\t\",;{}\\[\\]:]){0,60}", form in 0..4_usize) {
        let form = [None, Some(SetForm::Lines), Some(SetForm::Csv), Some(SetForm::Jsonl)][form];
        for field in [None, Some("prompt")] {
            if let Ok(set) = read("x", &text, form, field) {
                for prompt in &set.prompts {
                    prop_assert!(prompt.line >= 1 && !prompt.label.is_empty());
                    prop_assert_eq!(prompt.messages.last().map(|it| it.role), Some(Role::User));
                }
            }
        }
    }

    #[test]
    fn a_table_gives_back_what_was_written(texts in prop::collection::vec("\\PC{0,9}[a-z]", 1..9)) {
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        writer.write_record(["n", "prompt"]).expect("memory takes all");
        for text in &texts {
            writer.write_record(["1", text.as_str()]).expect("memory takes all");
        }
        let table = String::from_utf8(writer.into_inner().expect("memory")).expect("UTF-8");
        let set = read("x.csv", &table, None, None).expect("a table");
        let read: Vec<&str> = set.prompts.iter().map(|it| it.messages[0].text.as_str()).collect();
        prop_assert_eq!(read, texts);
    }
}

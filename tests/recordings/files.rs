//! Runs in files: what goes out comes back, and what others made of a file does no harm.

use crate::{
    all, arbitrary::story, beginning, events, ids, open, read, record, reopened, story as told,
};
use playground::{Delta, Frame, Role, RunEvent};
use proptest::prelude::*;
use recordings::{
    Outcome, Recorder,
    files::{self, FileError, Imported},
    search::Fitting,
};
use serde_json::{Value, json};
use std::{fs, io::Cursor, path::PathBuf};
use tempfile::TempDir;

fn export(recorder: &Recorder, ids: &[&str]) -> Vec<u8> {
    let (file, runs) = export_with(recorder, ids, &[]);
    assert_eq!(runs, ids.len() as u64);
    file
}

/// The file with these runs and comparisons, and how many runs are in it.
pub fn export_with(recorder: &Recorder, ids: &[&str], comparisons: &[&str]) -> (Vec<u8>, u64) {
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    let what = Fitting { runs: owned(ids), comparisons: owned(comparisons) };
    let store = recorder.reader().expect("a connection");
    let mut file = Vec::new();
    let exported = files::export(&store, &what, &mut file, &mut |_| true).expect("written");
    (file, exported.runs)
}

pub fn import(recorder: &Recorder, file: &[u8]) -> Result<Imported, FileError> {
    files::import(recorder, &mut Cursor::new(file), &mut |_| true)
}

pub fn added(added: u32, there_already: u32) -> Imported {
    Imported { added, there_already, ..Imported::default() }
}

/// A fresh folder, and what is kept in it.
pub fn fresh() -> (TempDir, Recorder) {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    (folder, recorder)
}

const SCHEMA: &str = include_str!("../../docs/recording-format.schema.json");

/// Every name in a file is one that the schema has, and what it requires is there.
pub fn is_as_the_schema_says(file: &[u8]) {
    let schema: Value = serde_json::from_str(SCHEMA).expect("JSON");
    let parts = &schema["$defs"];
    let file: Value = serde_json::from_slice(file).expect("JSON");
    let has = |value: &Value, names: &Value| {
        let mut names = names.as_array().expect("names").iter();
        assert!(names.all(|it| value.get(it.as_str().expect("a name")).is_some()), "{value}");
    };
    let is_one_of = |value: &Value, names: &Value| {
        assert!(names.as_array().expect("names").contains(value), "{value} is none of {names}");
    };
    let kinds = parts["event"]["allOf"].as_array().expect("a form for each event");
    for it in file["comparisons"].as_array().into_iter().flatten() {
        has(it, &parts["comparison"]["required"]);
        for (part, value) in [("comparison", it), ("plan", &it["plan"])] {
            for name in value.as_object().expect("fields").keys() {
                assert!(parts[part]["properties"].get(name).is_some(), "{part}: {name}");
            }
        }
        for (list, part) in [("columns", "column"), ("rows", "row"), ("votes", "vote")] {
            for value in it["plan"][list].as_array().expect(list) {
                for name in value.as_object().expect("fields").keys() {
                    assert!(parts[part]["properties"].get(name).is_some(), "{part}: {name}");
                }
            }
        }
        is_one_of(&it["kind"], &parts["comparison"]["properties"]["kind"]["enum"]);
        for cell in it["cells"].as_array().expect("cells") {
            has(cell, &parts["cell"]["required"]);
        }
    }
    for run in file["runs"].as_array().expect("runs") {
        has(run, &parts["run"]["required"]);
        for name in run.as_object().expect("fields").keys() {
            assert!(parts["run"]["properties"].get(name).is_some(), "{name}");
        }
        for event in run["events"].as_array().expect("events") {
            is_one_of(&event["type"], &parts["event"]["properties"]["type"]["enum"]);
            has(event, &parts["event"]["required"]);
            let form =
                kinds.iter().find(|it| it["if"]["properties"]["type"]["const"] == event["type"]);
            let Some(form) = form else { continue };
            has(event, &form["then"]["required"]);
            let deltas = event["deltas"].as_array().into_iter().flatten();
            let of = &form["then"]["properties"]["deltas"]["items"]["properties"]["type"]["enum"];
            deltas.for_each(|delta| is_one_of(&delta["type"], of));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn what_is_exported_and_imported_is_what_it_was(
        stories in prop::collection::vec(story(), 1..4),
        question: String,
    ) {
        let (folder, here) = fresh();
        let mut names = Vec::new();
        for (number, story) in stories.iter().enumerate() {
            let id = format!("run {number}");
            let mut beginning = beginning(&id, &question);
            beginning.started_ms += number as i64;
            record(&here, beginning, story);
            names.push(id);
        }
        // As after a restart: a run without an end is then known to be lost.
        prop_assert_eq!(all(&here).len(), stories.len());
        let here = reopened(here, folder.path());
        here.with(|store| store.rename("run 0", "<b>&")).expect("renamed");
        here.with(|store| store.star("run 0", true)).expect("starred");
        for (id, story) in names.iter().zip(&stories) {
            prop_assert_eq!(&events(&here, id), story, "replay is what was live");
        }
        let ids: Vec<_> = names.iter().map(String::as_str).collect();
        let file = export(&here, &ids);
        let (_other, there) = fresh();
        prop_assert_eq!(import(&there, &file).expect("read"), added(names.len() as u32, 0));
        for (id, story) in names.iter().zip(&stories) {
            prop_assert_eq!(&events(&there, id), story);
            let kept = |recorder: &Recorder| {
                let id = id.clone();
                recorder.with(move |store| store.run(&id)).expect("it is there")
            };
            let (mut before, after) = (kept(&here), kept(&there));
            prop_assert!(after.summary.imported && !before.summary.imported);
            before.summary.imported = true;
            prop_assert_eq!(before, after);
        }
        prop_assert_eq!(export(&there, &ids), &file[..], "and so on");
        is_as_the_schema_says(&file);
    }
}

#[test]
fn a_run_that_is_there_already_is_not_doubled_and_a_namesake_gets_a_name() {
    let (_folder, here) = fresh();
    record(&here, beginning("a", "Why?"), &told(&["x"]));
    let file = export(&here, &["a"]);
    assert_eq!(import(&here, &file).expect("read"), added(0, 1));
    let (_other, there) = fresh();
    record(&there, beginning("a", "Why?"), &told(&["another"]));
    for expected in [added(1, 0), added(0, 1)] {
        assert_eq!(import(&there, &file).expect("read"), expected);
        let runs = all(&there);
        assert_eq!(ids(&runs), ["a-2", "a"]);
        assert_eq!((&*runs[0].reply, &*runs[1].reply), ("x", "another"), "neither was changed");
    }
}

#[test]
fn runs_that_are_deleted_meanwhile_are_passed_over() {
    let (_folder, here) = fresh();
    record(&here, beginning("a", "Why?"), &told(&["x"]));
    let (file, runs) = export_with(&here, &["b", "a"], &["nobody"]);
    assert_eq!(runs, 1);
    let value: Value = serde_json::from_slice(&file).expect("JSON");
    assert_eq!(value["runs"][0]["id"], "a");
}

/// A file of one run, which is changed a little.
fn changed(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let (_folder, here) = fresh();
    record(&here, beginning("a", "Why?"), &told(&["x", "y"]));
    let mut file: Value = serde_json::from_slice(&export(&here, &["a"])).expect("JSON");
    change(&mut file);
    file.to_string().into_bytes()
}

/// What nobody may make of a file, and what is said of it.
fn hostile_runs() -> Vec<(&'static str, Vec<u8>)> {
    let run = |change: fn(&mut Value)| changed(|file| change(&mut file["runs"][0]));
    let deep = |depth: usize| {
        let bomb = "[".repeat(depth) + &"]".repeat(depth);
        let file = String::from_utf8(changed(|_| {})).expect("text");
        file.replace("\"parameters\":{", &format!("\"parameters\":{{\"stop\":{bomb},")).into_bytes()
    };
    vec![
        ("invalid type", run(|run| *run = json!(7))),
        (
            "missing field `events`",
            run(
                |run| *run = json!({ "id": "a", "started_ms": 1, "target": { "provider": "", "model": "" }, "chat": { "messages": [] } }),
            ),
        ),
        ("it has no id", run(|run| run["id"] = json!(""))),
        ("a name in it is too long", run(|run| run["id"] = json!("a".repeat(65)))),
        ("a name in it is too long", run(|run| run["target"]["model"] = json!("m".repeat(513)))),
        ("invalid type", run(|run| run["started_ms"] = json!("now"))),
        ("invalid", run(|run| run["started_ms"] = json!(1e300))),
        ("invalid value", run(|run| run["events"][1]["at_us"] = json!(-1))),
        ("invalid", run(|run| run["events"][1]["at_us"] = json!(1e20))),
        ("its times do not go forward", run(|run| run["events"][1]["at_us"] = json!(1_u64 << 60))),
        ("its times do not go forward", run(|run| run["events"][2]["at_us"] = json!(0))),
        ("its frames are not in their order", run(|run| run["events"][2]["index"] = json!(0))),
        ("invalid value", run(|run| run["events"][2]["index"] = json!(1_u64 << 40))),
        ("a frame of it stands nowhere", run(|run| run["events"][2]["offset"] = json!(u64::MAX))),
        (
            "it goes on after its end",
            run(|run| {
                let end = run["events"][4].clone();
                run["events"].as_array_mut().expect("events").push(end);
            }),
        ),
        (
            "it goes on after its end",
            run(|run| run["events"][0] = json!({ "type": "cancelled", "at_us": 0 })),
        ),
        ("unknown variant `surprise`", run(|run| run["events"][0]["type"] = json!("surprise"))),
        ("unknown variant", run(|run| run["events"][1]["deltas"] = json!([{ "type": "x" }]))),
        ("did not match any variant", run(|run| run["events"][1]["raw"] = json!(["x"]))),
        ("nvalid", run(|run| run["events"][1]["raw"] = json!({ "base64": "*" }))),
        (
            "it means more than a frame can",
            run(|run| {
                run["events"][1]["deltas"] = Value::Array(vec![json!({ "type": "done" }); 100_001]);
            }),
        ),
        ("unknown variant `robot`", run(|run| run["chat"]["messages"][0]["role"] = json!("robot"))),
        ("recursion limit", deep(200)),
        ("recursion limit", deep(500_000)),
    ]
}

#[test]
fn a_run_that_is_none_is_left_out_with_a_reason() {
    let (folder, here) = fresh();
    record(&here, beginning("mine", "Why?"), &told(&["x"]));
    let before = export(&here, &["mine"]);
    for (why, file) in hostile_runs() {
        let imported = import(&here, &file).unwrap_or_else(|error| panic!("{why}: {error}"));
        assert_eq!((imported.added, imported.there_already, imported.left_out), (0, 0, 1), "{why}");
        let [told] = &imported.why[..] else { panic!("{why}: {imported:?}") };
        assert!(told.why.contains(why) && told.place == 1, "{why}: {told:?}");
    }
    assert_eq!(ids(&all(&here)), ["mine"]);
    assert_eq!(export(&here, &["mine"]), before);
    drop(here);
    assert_eq!(open(folder.path()).health().notice, None, "the store is whole");
}

#[test]
fn good_runs_beside_bad_ones_are_added() {
    let file = changed(|file| {
        let good = file["runs"][0].clone();
        let mut other = good.clone();
        other["id"] = json!("b");
        file["runs"] = json!([null, good, { "id": 5 }, other]);
    });
    let (_folder, here) = fresh();
    let imported = import(&here, &file).expect("read");
    assert_eq!((imported.added, imported.left_out), (2, 2));
    let places: Vec<_> = imported.why.iter().map(|it| it.place).collect();
    assert_eq!(places, [1, 3]);
}

#[test]
fn a_file_that_is_none_is_refused_in_a_sentence() {
    let good = changed(|_| {});
    let deep = "[".repeat(2_000_000);
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("damaged", b"".to_vec()),
        ("damaged", b"not JSON".to_vec()),
        ("damaged", vec![0xff; 100]),
        ("damaged", good[..good.len() / 2].to_vec()),
        ("damaged", good[..good.len() - 1].to_vec()),
        ("damaged", [&good[..], b"x"].concat()),
        ("no runs", b"[]".to_vec()),
        ("no runs", b"{}".to_vec()),
        ("no runs", b"null".to_vec()),
        ("no runs", deep.into_bytes()),
        ("no runs", br#"{"runs":[]}"#.to_vec()),
        ("no runs", br#"{"tokenscope":{"version":1}}"#.to_vec()),
        ("no runs", br#"{"tokenscope":{"version":1},"runs":{}}"#.to_vec()),
        ("no runs", br#"{"tokenscope":{"version":"1"},"runs":[]}"#.to_vec()),
        ("no runs", br#"{"tokenscope":{"version":-1},"runs":[]}"#.to_vec()),
        ("no runs", br#"{"tokenscope":{"version":0},"runs":[]}"#.to_vec()),
        ("room Tokens", br#"{"tokens":{"text":"a"},"tokenscope":{"version":1}}"#.to_vec()),
        ("newer", changed(|file| file["tokenscope"]["version"] = json!(2))),
        ("newer", br#"{"runs":[{"new":1}],"tokenscope":{"version":99}}"#.to_vec()),
    ];
    let (_folder, here) = fresh();
    for (why, file) in files {
        let begin = String::from_utf8_lossy(&file[..file.len().min(60)]).into_owned();
        let error = import(&here, &file).expect_err(&begin).to_string();
        assert!(error.contains(why), "{begin}: {error}");
    }
    assert_eq!(all(&here).len(), 0);
}

#[test]
fn a_file_of_a_later_form_is_read_as_far_as_it_is_known() {
    let file = changed(|file| {
        file["tokenscope"]["since"] = json!("tomorrow");
        file["more"] = json!({ "deep": [[[1]]] });
        let run = &mut file["runs"][0];
        run["more"] = json!([1]);
        run["chat"]["parameters"]["brightness"] = json!(0.5);
        run["chat"]["parameters"]["temperature"] = json!(0.25);
        run["price"]["for_weekends"] = json!(1);
        run["events"][1]["more"] = json!(1);
        run["events"][1]["deltas"][0]["more"] = json!(1);
    });
    let (_folder, here) = fresh();
    assert_eq!(import(&here, &file).expect("read"), added(1, 0));
    assert_eq!(events(&here, "a"), told(&["x", "y"]));
    let kept = here.with(|store| store.run("a")).expect("it is there");
    assert_eq!(kept.chat.parameters.temperature, Some(0.25));
    assert_eq!(kept.price, None, "a price of a form that is not known is not known");
}

#[test]
fn times_that_no_calendar_has_become_ones_that_it_has() {
    for (said, kept) in [(i64::MIN, 0), (-1, 0), (i64::MAX, 253_402_300_799_999)] {
        let file = changed(|file| file["runs"][0]["started_ms"] = json!(said));
        let (_folder, here) = fresh();
        assert_eq!(import(&here, &file).expect("read"), added(1, 0));
        assert_eq!(all(&here)[0].started_ms, kept);
    }
}

#[test]
fn a_run_without_an_end_is_lost_and_not_running() {
    let file = changed(|file| {
        file["runs"][0]["events"].as_array_mut().expect("events").pop();
    });
    let (_folder, here) = fresh();
    import(&here, &file).expect("read");
    assert_eq!(all(&here)[0].outcome, Outcome::Lost);
}

/// A file of so many runs, some kilobytes each.
fn many(count: usize) -> Vec<u8> {
    let words = ["some words "; 40];
    let file = changed(|file| {
        let good = file["runs"][0].clone();
        let events = told(&words).iter().map(|it| json!(it)).collect();
        let run = |number: usize| {
            let mut run = good.clone();
            run["id"] = json!(format!("r{number}"));
            run["events"] = Value::Array(Vec::clone(&events));
            run
        };
        file["runs"] = (0..count).map(run).collect();
    });
    assert!(file.len() > 3 << 20, "several portions: {}", file.len());
    file
}

#[test]
fn a_reading_that_is_given_up_changes_nothing() {
    let (folder, here) = fresh();
    record(&here, beginning("mine", "Why?"), &told(&["x"]));
    let file = many(700);
    // The second reading of the file is the one that adds.
    for from in [0, 1, 3 * file.len() as u64 / 2] {
        let (mut read, mut before) = (0, 0);
        let watch = &mut |done: u64| {
            read += done.saturating_sub(before);
            before = done;
            read < from
        };
        let given_up = files::import(&here, &mut Cursor::new(&file), watch);
        assert!(matches!(given_up, Err(FileError::Stopped)), "{given_up:?}");
        assert_eq!(ids(&all(&here)), ["mine"], "given up after {from} bytes");
    }
    assert_eq!(import(&here, &file).expect("read"), added(700, 0));
    let spent = here.with(|store| store.spent(0)).expect("read");
    assert_eq!(spent.known, 1, "others have paid for what was imported");
    drop((here, folder));
}

#[test]
fn a_call_that_goes_on_is_written_beside_an_import() {
    let (_folder, here) = fresh();
    let file = many(700);
    let live = told(&["a", "b", "c"]);
    let mut waiting = live.iter();
    here.begin(beginning("live", ""));
    let watch = &mut |_: u64| {
        waiting.next().into_iter().for_each(|event| here.append(&"live".into(), event));
        true
    };
    files::import(&here, &mut Cursor::new(&file), watch).expect("read");
    assert_eq!(events(&here, "live"), live);
}

#[test]
fn a_file_is_refused_by_its_size_before_it_is_read() {
    let folder = TempDir::new().expect("a temporary folder");
    let path = |name: &str| -> PathBuf { folder.path().join(name) };
    let huge = fs::File::create(path("huge")).expect("made");
    huge.set_len(1 << 30).expect("a hole of a gigabyte takes no room");
    let error = files::open(&path("huge")).expect_err("too large").to_string();
    assert_eq!(error, "it is 1024 MB large; files of up to 512 MB are read");
    for name in [".", "nobody"] {
        let error = files::open(&path(name)).expect_err(name).to_string();
        assert!(!error.contains(&*folder.path().to_string_lossy()), "{error}");
    }
}

#[test]
fn what_belongs_to_this_computer_stays_here() {
    let (_folder, here) = fresh();
    let mut story = told(&["x"]);
    let error = playground::ErrorKind::NoKey.said("no such file: /home/canary/.keys");
    *story.last_mut().expect("an end") = RunEvent::Failed { at_us: 9_000, error };
    let headers = json!([{ "name": "Set-Cookie", "value": "session=canary" }]);
    let response = json!({ "type": "response_started", "at_us": 2, "status": 200,
        "version": "HTTP/2", "headers": headers });
    story.insert(1, serde_json::from_value(response).expect("an event"));
    record(&here, beginning("a", "Why?"), &story);
    let file = export(&here, &["a"]);
    let text = String::from_utf8(file.clone()).expect("text");
    assert!(!text.contains("canary") && text.contains("no such file: …"), "{text}");
    assert_eq!(import(&here, &file).expect("read"), added(0, 1), "it is still the same run");
}

#[test]
fn a_word_of_a_hostile_file_is_a_word() {
    let script = "</script><script>alert(1)</script>';DROP TABLE runs;--\u{202e}";
    let file = changed(|file| {
        let run = &mut file["runs"][0];
        run["title"] = json!(script.repeat(20));
        run["chat"]["messages"][0]["text"] = json!(script);
        run["target"]["model"] = json!(script);
        run["events"][1]["raw"] = json!(script);
        run["events"][1]["deltas"] = json!([{ "type": "text", "choice": 4_000_000_000_u32, "text": script }, { "type": "text", "choice": 0, "text": script }]);
    });
    let (_folder, here) = fresh();
    assert_eq!(import(&here, &file).expect("read"), added(1, 0));
    let runs = all(&here);
    assert_eq!((&*runs[0].question, &*runs[0].target.model), (script, script));
    assert_eq!(runs[0].title.chars().count(), 200);
    let RunEvent::Frame(Frame { raw, deltas, .. }) = &events(&here, "a")[1] else { panic!("one") };
    assert_eq!((&raw[..], deltas.len()), (script.as_bytes(), 2));
    assert!(matches!(&deltas[1], Delta::Text { text, .. } if text == script));
    let kept = here.with(|store| store.run("a")).expect("it is there");
    assert_eq!(kept.chat.messages[0].role, Role::User);
    assert!(read(&here, "a").is_ok());
}

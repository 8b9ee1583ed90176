//! Runs to files and back, as the commands do it once a place was chosen.

use crate::{
    CANARY,
    app::{Memory, Started, custom, start_in},
    bytes_below,
    recordings::replay,
    run,
    server::Server,
    set_key,
};
use recordings::{files::import_file, search::Fitting};
use serde_json::json;
use std::{fs, path::Path, sync::Arc};
use tauri::Manager;
use tempfile::TempDir;
use tokenscope::{
    files::{self, ExportForm},
    shell::Shell,
};

const FORMS: [ExportForm; 4] =
    [ExportForm::Recording, ExportForm::Markdown, ExportForm::Html, ExportForm::Body];

/// These runs, and no comparison.
fn runs(ids: &[String]) -> Fitting {
    Fitting { runs: ids.to_vec(), ..Fitting::default() }
}

/// Writes these runs into `folder`, under the name that is proposed.
fn save(app: &Started, ids: &[String], form: ExportForm, folder: &Path) -> u64 {
    let shell = app.app.state::<Arc<Shell>>();
    let store = shell.recorder().reader().expect("a connection");
    let what = runs(ids);
    let name = files::name(&store, &what, form, "2026-11-21").expect("a name");
    assert!(!name.contains(['/', '\\', ':', ' ']), "{name}");
    let path = folder.join(name);
    files::save(&store, &what, form, &path, &mut |_| true).expect("written")
}

fn dialects(app: &Started) -> Vec<String> {
    let first = app.call("start", json!({})).expect("started");
    let all = first["providers"][0]["dialects"].as_array().expect("formats").clone();
    all.iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
}

/// Calls that end in every way, in every format, to practice.
fn calls(app: &Started) -> Vec<String> {
    let mut ids = Vec::new();
    for dialect in dialects(app) {
        for fault in
            ["", ":garbage", ":in_stream_error", ":cut=5", ":status=401", ":html,status=200"]
        {
            let target = json!({ "provider": "practice", "base_url": null, "dialect": dialect,
                "model": format!("practice-1{fault}") });
            let id = format!("{dialect}{fault}");
            run(app, &id, &target, ids.len() as u32 + 1);
            ids.push(id);
        }
    }
    ids
}

#[test]
fn what_is_exported_and_imported_replays_as_it_was_told() {
    let (folder, other, out) = (temp(), temp(), temp());
    let app = start_in(folder.path(), Memory::default());
    let ids = calls(&app);
    assert_eq!(save(&app, &ids, ExportForm::Recording, out.path()), ids.len() as u64);
    let there = start_in(other.path(), Memory::default());
    let shell = there.app.state::<Arc<Shell>>().inner().clone();
    let file = out.path().join("runs-2026-11-21.tokenscope.json");
    let imported = import_file(shell.recorder(), &file, 0, &mut |_| true).expect("read");
    assert_eq!((imported.added, imported.left_out), (ids.len() as u32, 0), "{imported:?}");
    for (channel, id) in (1000..).step_by(2).zip(&ids) {
        assert_eq!(replay(&there, id, channel), replay(&app, id, channel + 1), "{id}");
    }
}

fn temp() -> TempDir {
    TempDir::new().expect("a temporary folder")
}

/// Servers that say the key again: in a header and an error, and in the middle of a reply.
fn echoing() -> [Server; 3] {
    let body = format!("{{\"error\":{{\"message\":\"no such key: {CANARY}\"}}}}");
    let refusing = format!(
        "HTTP/1.1 401 No\r\nx-echo: {CANARY}\r\nset-cookie: a={CANARY}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let streaming = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n\
         data: {{\"choices\":[{{\"delta\":{{\"content\":\"it is {CANARY}\"}}}}]}}\n\n"
    );
    let page = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n<p>{CANARY}</p>");
    [refusing, streaming, page].map(Server::saying)
}

#[test]
fn a_key_is_in_no_file() {
    let (folder, out) = (temp(), temp());
    let app = start_in(folder.path(), Memory::default());
    let servers = echoing();
    let mut ids = Vec::new();
    for dialect in dialects(&app) {
        for server in &servers {
            let mut target = custom(&server.origin);
            target["dialect"] = json!(dialect);
            set_key(&app, &target, CANARY);
            let id = format!("run {}", ids.len());
            run(&app, &id, &target, ids.len() as u32 + 1);
            ids.push(id);
        }
    }
    assert!(servers.iter().all(|it| it.requests().iter().any(|it| it.head.contains(CANARY))));
    for form in FORMS {
        for ids in ids.chunks(if form == ExportForm::Body { 1 } else { ids.len() }) {
            let shell = app.app.state::<Arc<Shell>>();
            let store = shell.recorder().reader().expect("a connection");
            let path = out.path().join(format!("{form:?} {}", ids[0]));
            // Of a refusal there is no body.
            let _ = files::save(&store, &runs(ids), form, &path, &mut |_| true);
        }
    }
    let on_disk = bytes_below(folder.path());
    let in_files = bytes_below(out.path());
    let has = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|it| it == text.as_bytes());
    for bytes in [&on_disk, &in_files] {
        assert!(has(bytes, "no such key") && has(bytes, "it is "), "the runs are in it");
        assert!(!has(bytes, CANARY));
    }
    assert!(!has(&in_files, &folder.path().to_string_lossy()));
}

#[test]
fn a_file_that_cannot_be_written_whole_leaves_what_was_there() {
    let (folder, out) = (temp(), temp());
    let app = start_in(folder.path(), Memory::default());
    run(&app, "a", &crate::practice(), 1);
    let path = out.path().join("kept.md");
    fs::write(&path, "mine").expect("written");
    let shell = app.app.state::<Arc<Shell>>();
    let store = shell.recorder().reader().expect("a connection");
    let ids = runs(&["a".to_owned()]);
    files::save(&store, &ids, ExportForm::Markdown, &path, &mut |_| false).expect_err("stopped");
    assert_eq!(fs::read(&path).expect("it is there"), b"mine");
    let missing = out.path().join("nobody").join("x.md");
    let error = files::save(&store, &ids, ExportForm::Html, &missing, &mut |_| true);
    let error = error.expect_err("no such folder").to_string();
    assert!(!error.contains("nobody"), "{error}");
    assert_eq!(fs::read_dir(out.path()).expect("a folder").count(), 1, "nothing half is left");
    let saved = files::save(&store, &ids, ExportForm::Markdown, &path, &mut |_| true);
    assert_eq!(saved.expect("written"), 1);
    assert!(fs::read_to_string(&path).expect("text").contains("practice"));
}

#[test]
fn names_are_those_of_the_runs() {
    let folder = temp();
    let app = start_in(folder.path(), Memory::default());
    run(&app, "a", &crate::practice(), 1);
    let rename = |title: &str| {
        app.call("rename_run", json!({ "id": "a", "title": title })).expect("renamed");
        let shell = app.app.state::<Arc<Shell>>();
        let store = shell.recorder().reader().expect("a connection");
        let name = |form| files::name(&store, &runs(&["a".to_owned()]), form, "2026-11-21");
        FORMS.map(|form| name(form).expect("a name"))
    };
    assert_eq!(rename("../../etc/pass wd?")[0], "etc-pass-wd.tokenscope.json");
    assert_eq!(rename("空は なぜ")[1], "空は-なぜ.md");
    assert!(rename(&"long ".repeat(40))[2].len() < 60);
    let unnamed: [String; 4] = rename("");
    assert!(unnamed[3].ends_with(".sse"), "{unnamed:?}");
}

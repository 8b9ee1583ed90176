//! Settings outlive crashes, other versions and their own mistakes.

#[path = "support/app.rs"]
mod app;

use app::{Memory, Started, start_in};
use serde_json::{Value, json};
use std::{fs, path::Path};
use tempfile::TempDir;
use time::{OffsetDateTime, macros::datetime};
use tokenscope::settings::{Settings, Theme, file};

const NOW: OffsetDateTime = datetime!(2026-11-20 21:37:12.042 UTC);
const ASIDE: &str = "settings.corrupt-20261120-213712-042.json";

fn folder() -> TempDir {
    TempDir::new().expect("a temporary folder")
}

fn written(settings: &Settings) -> Vec<u8> {
    serde_json::to_vec_pretty(&settings.entries()).expect("JSON")
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).expect("the file is there")
}

fn start(folder: &Path) -> (Started, Value) {
    let app = start_in(folder, Memory::default());
    let start = app.call("start", json!({})).expect("started");
    (app, start)
}

#[test]
fn a_file_cut_anywhere_gives_way_to_the_last_good_one() {
    let folder = folder();
    let path = folder.path().join("settings.json");
    let good = written(&Settings { theme: Theme::Dark, ..Settings::default() });
    fs::write(file::back_up_path(&path), &good).expect("written");
    for length in 0..good.len() {
        fs::write(&path, &good[..length]).expect("written");
        let notices = file::mend(&path, NOW);
        assert_eq!(read(&path), good, "cut to {length} bytes");
        let [notice] = &notices[..] else { panic!("{length}: {notices:?}") };
        assert!(notice.contains("last good ones are back") && notice.contains(ASIDE), "{notice}");
        assert_eq!(read(&folder.path().join(ASIDE)), &good[..length], "kept aside");
    }
    assert!(file::mend(&path, NOW).is_empty(), "what is whole is left alone");
}

#[test]
fn without_a_good_copy_the_defaults_come_back_and_nothing_is_lost() {
    let folder = folder();
    let path = folder.path().join("settings.json");
    for damaged in ["", "null", "[]", "{\"zoom\": 1", "\0\0\0\0", "\u{feff}{}"] {
        fs::write(&path, damaged).expect("written");
        fs::write(file::back_up_path(&path), damaged).expect("written");
        let notices = file::mend(&path, NOW);
        assert!(notices[0].contains("back to their defaults"), "{damaged:?}: {notices:?}");
        assert!(!path.exists());
        assert_eq!(read(&folder.path().join(ASIDE)), damaged.as_bytes());
    }
    assert!(file::mend(&path, NOW).is_empty(), "a first start has nothing to tell");
}

#[test]
fn settings_of_a_newer_version_are_not_overwritten() {
    let folder = folder();
    let path = folder.path().join("settings.json");
    let newer = br#"{"schema_version": 2, "theme": "sepia"}"#;
    fs::write(&path, newer).expect("written");
    let notices = file::mend(&path, NOW);
    assert!(notices[0].contains("newer version"), "{notices:?}");
    let aside = folder.path().join("settings.version-2-20261120-213712-042.json");
    assert_eq!(read(&aside), newer);
    assert!(!path.exists());
}

#[test]
fn a_copy_is_replaced_in_one_piece() {
    let folder = folder();
    let path = folder.path().join("settings.json");
    for text in ["{\"zoom\": 2}", "{}"] {
        fs::write(&path, text).expect("written");
        file::back_up(&path).expect("backed up");
        assert_eq!(read(&file::back_up_path(&path)), text.as_bytes());
    }
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 2, "nothing is left over");
}

#[test]
fn the_next_start_finds_what_was_saved() {
    let folder = folder();
    let (app, first) = start(folder.path());
    assert_eq!(first["notices"], json!([]));
    let mut settings = first["settings"].clone();
    assert_eq!(settings, json!(Settings::default().entries()));
    settings["theme"] = json!("dark");
    settings["parameters"]["temperature"] = json!(0.3);
    settings["servers"] =
        json!([{ "name": "Mine", "base_url": "http://localhost:1234/v1", "dialect": null }]);
    app.call("save_settings", json!({ "settings": settings })).expect("saved");
    drop(app);

    let (_, second) = start(folder.path());
    assert_eq!((&second["settings"], &second["notices"]), (&settings, &json!([])));
}

#[test]
fn the_app_starts_on_any_file() {
    let folder = folder();
    let (app, first) = start(folder.path());
    let mut saved = first["settings"].clone();
    saved["theme"] = json!("light");
    app.call("save_settings", json!({ "settings": saved })).expect("saved");
    drop(app);
    let path = folder.path().join("settings.json");
    let good = read(&path);
    for length in [0, 1, good.len() / 2, good.len() - 1] {
        fs::write(&path, &good[..length]).expect("written");
        let (_, start) = start(folder.path());
        assert_eq!(start["settings"], saved, "cut to {length} bytes");
        assert_eq!(start["notices"].as_array().map(Vec::len), Some(1));
    }
    fs::write(&path, r#"{"theme": "dark", "zoom": "huge", "from_the_future": [1]}"#)
        .expect("written");
    let (app, start) = start(folder.path());
    assert_eq!(start["settings"]["theme"], "dark");
    assert_eq!(start["settings"]["zoom"], 1.0);
    assert!(start["notices"][0].as_str().expect("words").contains("setting zoom"), "{start}");
    app.call("save_settings", json!({ "settings": start["settings"] })).expect("saved");
    let kept: Value = serde_json::from_slice(&read(&path)).expect("JSON");
    assert_eq!(kept["from_the_future"], json!([1]), "what is not known is kept");
}

#[test]
fn a_setting_that_cannot_be_is_refused_and_nothing_is_saved() {
    let folder = folder();
    let (app, start) = start(folder.path());
    let mut settings = start["settings"].clone();
    settings["zoom"] = json!(9);
    let refused =
        app.call("save_settings", json!({ "settings": settings })).expect_err("too large");
    assert_eq!(refused["code"], "bad_settings");
    assert_eq!(refused["message"], "The zoom must be between 50 % and 300 %.");
    assert_eq!(app.call("start", json!({})).expect("started")["settings"], start["settings"]);
    assert!(!folder.path().join("settings.json").exists());
}

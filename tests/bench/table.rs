//! The table that a bench prints: each figure beside its target, and beside the one recorded last.
//!
//! The recorded ones are in `recorded.json`. A bench that is called with `--record` writes its
//! figures there; those of other benches stay.

use serde_json::{Map, Value};
use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// One line of the table.
#[derive(Clone)]
pub struct Figure {
    /// What is measured; the name under which it is recorded.
    pub what: &'static str,
    /// What came of it, with its unit.
    pub measured: String,
    /// What it should be.
    pub target: &'static str,
    /// Whether it is.
    pub is_met: bool,
}

/// Prints the table, and records it if that was asked for.
pub fn print(figures: &[Figure]) {
    let path = file();
    let mut recorded = read(&path);
    println!("\n{:<38} {:<38} {:<38} {:<24} verdict", "what", "measured", "recorded", "target");
    for Figure { what, measured, target, is_met } in figures {
        let verdict = if *is_met { "met" } else { "MISSED" };
        let before = recorded.get(*what).and_then(Value::as_str).unwrap_or("-");
        println!("{what:<38} {measured:<38} {before:<38} {target:<24} {verdict}");
    }
    if env::args().any(|argument| argument == "--record") {
        recorded.extend(figures.iter().map(|it| (it.what.into(), it.measured.as_str().into())));
        let json = serde_json::to_string_pretty(&recorded).expect("names and figures");
        fs::write(&path, json + "\n").expect("recorded.json can be written");
    }
}

fn read(path: &Path) -> Map<String, Value> {
    let text = fs::read_to_string(path).expect("recorded.json can be read");
    serde_json::from_str(&text).expect("recorded.json is an object")
}

/// It is beside this file, wherever in the tree the package of the bench is.
fn file() -> PathBuf {
    let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let place = |folder: &Path| folder.join("tests/bench/recorded.json");
    folders.find_map(|it| Some(place(it)).filter(|it| it.exists())).expect("it is in the tree")
}

//! The walls of the `playground` crate that Cargo cannot hold: see DESIGN.md.

use std::{
    fs,
    path::{Path, PathBuf},
};

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(folder).expect("a folder of sources");
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = fs::read_to_string(&path).expect("a readable source");
            found.push((path, text));
        }
    }
    found
}

fn playground() -> Vec<(PathBuf, String)> {
    let found = sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")));
    assert!(found.len() > 15, "the sources were not found");
    found
}

fn is_below(path: &Path, name: &str) -> bool {
    path.components().any(|it| it.as_os_str() == name || it.as_os_str() == &*format!("{name}.rs"))
}

#[test]
fn only_the_client_does_io() {
    for (path, text) in playground() {
        if is_below(&path, "client") {
            continue;
        }
        for word in
            ["reqwest", "tokio::", "Instant", "SystemTime", "std::fs", "std::net::Tcp", "std::env"]
        {
            assert!(!text.contains(word), "{} must be pure, but names {word}", path.display());
        }
    }
}

#[test]
fn a_provider_is_named_only_where_it_is_defined() {
    for (path, text) in playground() {
        if is_below(&path, "provider") || is_below(&path, "dialects") {
            continue;
        }
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code = code.take_while(|line| !line.contains("mod tests")).collect::<String>();
        for name in ["api.openai.com", "\"openai\"", "\"anthropic\"", "\"practice\""] {
            assert!(!code.contains(name), "{} names {name}", path.display());
        }
    }
}

//! The walls of `playground` and `encodings` that Cargo cannot hold: see DESIGN.md.

use playground::{PROVIDERS, Provider, dialects::DIALECTS};
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

fn encodings() -> Vec<(PathBuf, String)> {
    let found = sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../encodings/src")));
    assert!(found.len() > 3, "the sources were not found");
    found
}

fn is_below(path: &Path, name: &str) -> bool {
    path.components().any(|it| it.as_os_str() == name || it.as_os_str() == &*format!("{name}.rs"))
}

#[test]
fn only_the_client_does_io() {
    for (path, text) in playground().into_iter().chain(encodings()) {
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
fn encodings_sees_no_other_crate_of_ours() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../encodings/Cargo.toml");
    let manifest = fs::read_to_string(manifest).expect("a manifest");
    assert!(manifest.contains("[dependencies]") && !manifest.contains("path ="), "{manifest}");
}

/// They would take some 50 MiB; only the names of models are asked for.
#[test]
fn no_vocabulary_is_loaded() {
    let tokenizer = "tiktoken_rs::tokenizer";
    for (path, text) in playground() {
        let others = text.replace(tokenizer, "");
        assert!(!others.contains("tiktoken_rs::"), "{} uses more than its names", path.display());
    }
}

#[test]
fn a_provider_is_named_only_where_it_is_defined() {
    let names = names();
    assert!(names.len() > 40, "the tables were not read: {names:?}");
    for (path, text) in playground() {
        if ["provider", "dialects", "tests"].iter().any(|name| is_below(&path, name)) {
            continue;
        }
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let code = code.take_while(|line| !line.contains("mod tests")).collect::<String>();
        for name in &names {
            assert!(!code.contains(name.as_str()), "{} names {name}", path.display());
        }
    }
}

/// What the tables of providers and dialects say of themselves: ids, hosts and variables.
fn names() -> Vec<String> {
    let quoted = |text: &str| format!("\"{text}\"");
    let of_provider = |it: &Provider| {
        let host = it.base_url.and_then(|url| url.split_once("://")?.1.split('/').next());
        let plain = host.into_iter().chain(it.key_envs.iter().copied());
        plain.map(str::to_owned).chain([quoted(it.id), quoted(it.name)]).collect::<Vec<_>>()
    };
    let dialects = DIALECTS.iter().map(|dialect| quoted(dialect.id()));
    PROVIDERS.iter().flat_map(of_provider).chain(dialects).collect()
}

/// These know neither who answers nor in which format.
#[test]
fn reading_knows_no_dialect() {
    for (path, text) in playground() {
        if ["reader", "reply", "frames", "json", "secret"].iter().any(|it| is_below(&path, it)) {
            for word in ["dialects::", "provider::", "Client", "async ", "thread::", "std::io"] {
                assert!(!text.contains(word), "{} is pure, but names {word}", path.display());
            }
        }
    }
}

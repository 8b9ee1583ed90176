//! Which commands there are, and who may call them.

use crate::app::start;
use serde_json::json;
use std::{collections::BTreeSet, fs};

#[test]
fn the_four_lists_of_commands_agree() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let read = |path: &str| fs::read_to_string(format!("{root}{path}")).expect(path);
    let between = |text: &str, from: &str, to: &str| {
        let (_, rest) = text.split_once(from).expect(from);
        rest.split_once(to).expect(to).0.to_owned()
    };
    let quoted = |text: &str, quote: char| -> BTreeSet<String> {
        text.split(quote).skip(1).step_by(2).map(str::to_owned).collect()
    };
    let declared = quoted(&between(&read("build.rs"), "COMMANDS: &[&str] = &[", "]"), '"');
    let answered: BTreeSet<String> = between(&read("src/lib.rs"), "generate_handler![", "]")
        .split(',')
        .filter_map(|path| path.trim().rsplit_once("::"))
        .map(|(_, name)| name.to_owned())
        .collect();
    let granted = quoted(&between(&read("capabilities/main.json"), "\"permissions\": [", "]"), '"');
    let granted = granted.iter().map(|it| it.trim_start_matches("allow-").replace('-', "_"));
    let page = read("../ui/src/host/tauri.ts");
    let calls = ["ask('", "invoke('"].into_iter().flat_map(|call| page.split(call).skip(1));
    let asked: BTreeSet<String> =
        calls.filter_map(|rest| rest.split_once('\'')).map(|(name, _)| name.to_owned()).collect();
    assert_eq!(answered, declared, "lib.rs and build.rs");
    assert_eq!(granted.collect::<BTreeSet<_>>(), declared, "capabilities/main.json and build.rs");
    assert_eq!(asked, declared, "ui/src/host/tauri.ts and build.rs");
}

#[test]
fn the_page_resets_retries_to_what_rust_begins_with() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/retries.ts");
    let page = fs::read_to_string(page).expect("the page's defaults");
    let retries = json!(tokenscope::settings::Settings::default().retries);
    for (name, value) in retries.as_object().expect("fields") {
        let line = format!("  {name}: {},\n", value.to_string().replace(',', ", "));
        assert!(page.contains(&line), "{line}");
    }
}

#[test]
fn what_is_not_granted_is_refused() {
    let app = start();
    for command in ["plugin:store|load", "plugin:event|listen", "plugin:path|resolve_directory"] {
        let refused = app.call(command, json!({})).expect_err(command).to_string();
        assert!(refused.contains("not allowed"), "{command}: {refused}");
    }
}

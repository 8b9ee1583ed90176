//! What a server says of its models and of a prompt.

use crate::{
    answering,
    app::{Memory, Started, custom, start, start_in},
};
use serde_json::json;
use tempfile::TempDir;

#[test]
fn a_list_of_models_is_kept_with_its_day() {
    let folder = TempDir::new().expect("a temporary folder");
    let app = start_in(folder.path(), Memory::default());
    let server = answering("200 OK", r#"{"data":[{"id":"m-1"},{"id":"m-2"}]}"#);
    let target = custom(&server.origin);
    let ask = |app: &Started, fresh: bool| {
        app.call("list_models", json!({ "target": target, "fresh": fresh })).expect("answered")
    };
    assert_eq!(ask(&app, false)["listed"], json!(null));
    assert!(server.requests().is_empty(), "nobody asked for it");
    let list = ask(&app, true);
    assert_eq!(list["models"][1]["id"], "m-2");
    assert_eq!(list["listed"].as_str().map(str::len), Some(10), "{list}");
    drop(app);
    let app = start_in(folder.path(), Memory::default());
    assert_eq!(ask(&app, false), list, "it is there again");
    assert_eq!(server.requests().len(), 1);
    let gone = app.call("list_models", json!({ "fresh": false, "target":
        json!({ "provider": "custom", "base_url": server.origin, "dialect": "ollama", "model": "" }) }));
    assert_eq!(gone.expect("answered")["listed"], json!(null), "another format lists others");
}

#[test]
fn a_provider_counts_the_prompt_where_its_format_can() {
    let app = start();
    for provider in app.call("start", json!({})).expect("started")["providers"][0]["dialects"]
        .as_array()
        .expect("practice speaks every format")
    {
        let target = json!({ "provider": "practice", "base_url": null, "model": "practice-1",
            "dialect": provider["id"] });
        let chat = json!({ "messages": [{ "role": "user", "text": "Hello there" }] });
        let counted = app.call("count_tokens", json!({ "chat": chat, "target": target }));
        let counted = counted.expect("answered");
        assert_eq!(counted["error"], json!(null), "{target}");
        let counts = counted["input_tokens"].as_u64() > Some(1);
        assert_eq!(counts, provider["counts_tokens"] == true, "{target}: {counted}");
    }
}

//! What the page asks, up to the bytes that a server receives.

#[path = "support/app.rs"]
mod app;
#[path = "support/server.rs"]
mod server;

use app::{Memory, Started, chat, custom, is_last, start, start_in, until};
use serde_json::{Value, json};
use server::{STREAM, Server};
use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tempfile::TempDir;

const CANARY: &str = "sk-canary-0123456789-abcd";

fn practice() -> Value {
    json!({ "provider": "practice", "base_url": null, "model": "practice-1" })
}

fn set_key(app: &Started, target: &Value, key: &str) -> Value {
    app.call("set_key", json!({ "target": target, "key": key })).expect("the key is kept")
}

/// Runs to the end and checks what holds for every run: one end, and it comes last.
fn run(app: &Started, id: &str, target: &Value, channel: u32) -> Vec<Value> {
    app.start_run(id, target, channel).expect("the run starts");
    let events = app.events_to_the_end(id, channel);
    assert_eq!(events.iter().filter(|it| is_last(it)).count(), 1, "{events:?}");
    events
}

fn last(events: &[Value]) -> &Value {
    events.last().expect("a run has events")
}

#[test]
fn what_is_shown_is_what_is_sent() {
    let (app, server) = (start(), Server::saying(STREAM));
    let target = custom(&server.origin);
    let shown = app.call("preview", json!({ "chat": chat(), "target": target })).expect("shown");
    assert!(!shown["headers"].to_string().contains("authorization"), "no key, no header");
    set_key(&app, &target, CANARY);

    let shown = app.call("preview", json!({ "chat": chat(), "target": target })).expect("shown");
    let events = run(&app, "a", &target, 1);
    assert_eq!(last(&events)["type"], "finished");
    assert_eq!(events[0]["request"], shown, "the run tells the request that was shown");

    let [sent] = &server.requests()[..] else { panic!("one Send is one request") };
    assert_eq!(str::from_utf8(&sent.body), Ok(shown["body"].as_str().expect("a body")));
    assert!(sent.head.starts_with("POST /v1/chat/completions HTTP/1.1\r\n"), "{}", sent.head);
    assert_eq!(shown["url"], format!("{}/v1/chat/completions", server.origin));
    for header in shown["headers"].as_array().expect("headers") {
        let name = header["name"].as_str().expect("a name");
        let shown = header["value"].as_str().expect("a value").replace("••••••••", CANARY);
        assert_eq!(sent.header(name), Some(&shown[..]), "{name}");
    }
}

#[test]
fn a_body_written_by_hand_is_sent_as_it_stands() {
    let app = start();
    let whole = "{\"choices\":[{\"message\":{\"content\":\"Whole.\"},\"finish_reason\":\"stop\"}]}";
    let length = whole.len();
    let server = Server::saying(format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{whole}"
    ));
    let bodies = ["{ \"model\": \"m\",\n\t\"stream\":false}\n", "this is no JSON, é\u{2028}", ""];
    for (channel, body) in (1..).zip(bodies) {
        let id = format!("run {channel}");
        app.start_run_with(&id, &custom(&server.origin), Some(body), channel).expect("it starts");
        let events = app.events_to_the_end(&id, channel);
        assert_eq!(last(&events)["type"], "finished", "it is read as it comes: {events:?}");
        assert!(json!(events).to_string().contains("Whole."), "{events:?}");
        assert_eq!(events[0]["request"]["body"], body, "the run tells what was sent");
        let requests = server.requests();
        assert_eq!(str::from_utf8(&requests.last().expect("a request").body), Ok(body));
    }
}

#[test]
fn a_first_reply_needs_no_key_and_no_network() {
    let app = start();
    let shown =
        app.call("preview", json!({ "chat": chat(), "target": practice() })).expect("shown");
    let events = run(&app, "a", &practice(), 1);
    assert_eq!(last(&events)["type"], "finished", "{events:?}");
    assert_eq!(events[0]["request"], shown);
    let frames = events.iter().filter(|it| it["type"] == "frame");
    let texts = frames.flat_map(|it| it["deltas"].as_array().expect("deltas").clone());
    assert!(texts.filter(|it| it["type"] == "text").count() > 1, "it streams");
}

#[test]
fn one_id_is_one_request() {
    let (app, server) = (start(), Server::saying(STREAM));
    let target = custom(&server.origin);
    run(&app, "a", &target, 1);
    let refused = app.start_run("a", &target, 2).expect_err("it ran already");
    assert_eq!(refused["code"], "seen_before");
    let refused = app.start_run("", &target, 3).expect_err("no id");
    assert_eq!(refused["code"], "failed");
    run(&app, "b", &target, 4);
    assert_eq!(server.requests().len(), 2);
    assert!(app.batches(2).is_empty() && app.batches(3).is_empty());
}

#[test]
fn an_address_that_is_refused_uses_up_no_id() {
    let (app, server) = (start(), Server::saying(STREAM));
    let refused = app.start_run("a", &custom("http://example.com"), 1).expect_err("unprotected");
    assert_eq!(refused["code"], "bad_address");
    assert!(refused["message"].as_str().expect("words").contains("https://"), "{refused}");
    run(&app, "a", &custom(&server.origin), 1);
}

#[test]
fn stop_keeps_what_came_and_ends_once() {
    let app = start();
    let server = Server::answering(|stream| {
        let begun =
            &STREAM[..STREAM.find("data: {\"choices\":[{\"index\":0,\"delta\":{}").unwrap()];
        let _ = stream.write_all(begun.as_bytes());
        // Silent until the client goes away.
        let _ = std::io::Read::read(stream, &mut [0]);
    });
    app.start_run("a", &custom(&server.origin), 1).expect("the run starts");
    let has_text = |events: Vec<Value>| events.iter().any(|it| it["type"] == "frame").then_some(());
    until("the text comes", || has_text(app.events(1)));
    app.call("cancel_run", json!({ "id": "a" })).expect("stopped");
    let events = app.events_to_the_end("a", 1);
    assert_eq!(last(&events)["type"], "cancelled");
    assert_eq!(events.iter().filter(|it| is_last(it)).count(), 1);
    assert!(json!(events).to_string().contains("Because."));
    app.call("cancel_run", json!({ "id": "a" })).expect("stopping what has ended is no error");
    app.call("cancel_run", json!({ "id": "never" })).expect("nor what never began");
}

#[test]
fn a_wait_is_as_long_as_the_server_asks_or_until_it_is_skipped() {
    let app = start();
    let busy = Server::saying(
        "HTTP/1.1 429 Too Many Requests\r\nretry-after: 100\r\nconnection: close\r\n\r\n{}",
    );
    let mut settings = app.call("start", json!({})).expect("started")["settings"].take();
    settings["retries"]["retries"] = json!(1);
    app.call("save_settings", json!({ "settings": settings })).expect("saved");
    app.start_run("a", &custom(&busy.origin), 1).expect("the run starts");
    let wait = until("it waits", || app.events(1).into_iter().find(|it| it["type"] == "waiting"));
    assert_eq!(wait["for_us"], json!(100_000_000), "{wait}");
    assert_eq!(wait["because"], "server_asked");
    app.call("skip_wait", json!({ "id": "a" })).expect("skipped");
    let events = app.events_to_the_end("a", 1);
    assert_eq!(last(&events)["type"], "failed");
    assert_eq!(busy.requests().len(), 2, "one retry, as the settings say");
    app.call("skip_wait", json!({ "id": "a" })).expect("nothing to skip is no error");

    settings["retries"]["retries"] = json!(11);
    let refused = app.call("save_settings", json!({ "settings": settings }));
    assert_eq!(refused.expect_err("too often")["code"], "bad_settings");
}

#[test]
fn a_key_goes_to_its_own_origin_only() {
    let (app, home, stranger) = (start(), Server::saying(STREAM), Server::saying(STREAM));
    set_key(&app, &custom(&home.origin), CANARY);
    run(&app, "a", &custom(&home.origin), 1);
    run(&app, "b", &custom(&stranger.origin), 2);
    app.call("list_models", json!({ "target": custom(&stranger.origin), "fresh": true }))
        .expect("asked");
    assert_eq!(home.requests()[0].header("authorization"), Some(&format!("Bearer {CANARY}")[..]));
    assert_eq!(stranger.requests().len(), 2);
    for request in stranger.requests() {
        assert_eq!(request.header("authorization"), None);
        assert!(!format!("{request:?}").contains(CANARY), "{request:?}");
    }
}

#[test]
fn a_redirect_is_shown_and_not_followed() {
    let (app, stranger) = (start(), Server::saying(STREAM));
    let moved = format!(
        "HTTP/1.1 307 Moved\r\nlocation: {}/v1/chat/completions\r\ncontent-length: 0\r\n\r\n",
        stranger.origin
    );
    let home = Server::saying(moved);
    set_key(&app, &custom(&home.origin), CANARY);
    let events = run(&app, "a", &custom(&home.origin), 1);
    assert_eq!(last(&events)["type"], "failed");
    assert_eq!(last(&events)["error"]["kind"], "redirect");
    let list = app
        .call("list_models", json!({ "target": custom(&home.origin), "fresh": true }))
        .expect("asked");
    assert_eq!(list["error"]["kind"], "redirect");
    assert!(stranger.requests().is_empty());
}

#[test]
fn without_its_key_a_provider_is_not_called() {
    let app = start();
    let openai = json!({ "provider": "openai", "base_url": null, "model": "gpt-6-luna" });
    let shown = app.call("preview", json!({ "chat": chat(), "target": openai })).expect("shown");
    assert!(shown["headers"].to_string().contains("authorization"), "the request has its place");
    let events = run(&app, "a", &openai, 1);
    assert_eq!(last(&events)["error"]["kind"], "no_key");
}

#[test]
fn a_page_that_does_not_read_slows_the_server() {
    const CHUNK: &[u8] = &[b'x'; 64 * 1024];
    let app = start();
    let sent = Arc::new(AtomicUsize::new(0));
    let count = sent.clone();
    let server = Server::answering(move |stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n");
        loop {
            let chunk = [b"data: {\"choices\":[{\"delta\":{\"content\":\"", CHUNK, b"\"}}]}\n\n"];
            if stream.write_all(&chunk.concat()).is_err() {
                return;
            }
            count.fetch_add(CHUNK.len(), Ordering::Relaxed);
        }
    });
    app.start_run("a", &custom(&server.origin), 1).expect("the run starts");
    let mut quiet = (0, 0);
    until("the server has to wait", || {
        let now = sent.load(Ordering::Relaxed);
        quiet = if now == quiet.0 { (now, quiet.1 + 1) } else { (now, 0) };
        (now > 0 && quiet.1 == 100).then_some(())
    });
    let unread: usize = app.batches(1).iter().map(String::len).sum();
    assert!(unread <= 4 << 20, "{unread} bytes are on their way to the page");
    assert!(sent.load(Ordering::Relaxed) < 128 << 20, "the rest waits in the server");

    app.call("cancel_run", json!({ "id": "a" })).expect("stopped");
    let events = app.events_to_the_end("a", 1);
    assert_eq!(last(&events)["type"], "cancelled");
}

#[test]
fn the_page_never_sees_a_key() {
    let folder = TempDir::new().expect("a temporary folder");
    let vault = Memory::default();
    let app = start_in(folder.path(), vault.clone());
    let body = format!("{{\"error\":{{\"message\":\"Incorrect API key provided: {CANARY}\"}}}}");
    let length = body.len();
    let echo = Server::saying(format!(
        "HTTP/1.1 401 Unauthorized\r\nx-echo: {CANARY}\r\ncontent-length: {length}\r\n\r\n{body}"
    ));
    let target = custom(&echo.origin);
    let mut settings = app.call("start", json!({})).expect("started")["settings"].take();
    settings["servers"] = json!([{ "name": "Echo", "base_url": echo.origin }]);
    app.call("save_settings", json!({ "settings": settings })).expect("saved");

    let mut seen = vec![set_key(&app, &target, &format!("  {CANARY}\n"))];
    let keys = app.call("keys", json!({})).expect("listed");
    let row = keys["keys"].as_array().expect("rows").last().expect("the server's row").clone();
    assert_eq!(row["hint"], "…abcd");
    assert_eq!(row["place"], "keyring");
    assert_eq!(row["origin"], json!(echo.origin));
    seen.push(keys);
    seen.extend(run(&app, "a", &target, 1));
    assert_eq!(last(&seen)["error"]["kind"], "wrong_key");
    seen.push(app.call("list_models", json!({ "target": target, "fresh": true })).expect("asked"));
    seen.push(app.call("preview", json!({ "chat": chat(), "target": target })).expect("shown"));
    seen.push(app.call("start", json!({})).expect("started"));
    seen.push(
        app.call("set_key", json!({ "target": target, "key": format!("{CANARY} x") }))
            .expect_err("two words"),
    );
    seen.push(
        app.call("set_key", json!({ "target": target, "key": [CANARY] })).expect_err("no text"),
    );
    for answer in seen {
        assert!(!answer.to_string().contains("canary"), "{answer}");
    }
    for file in fs::read_dir(folder.path()).expect("the folder").flatten() {
        let bytes = fs::read(file.path()).expect("a file");
        assert!(!String::from_utf8_lossy(&bytes).contains("canary"), "{:?}", file.path());
    }
    assert_eq!(vault.0.lock().unwrap().get(&echo.origin).map(String::as_str), Some(CANARY));

    let keys = app.call("forget_key", json!({ "target": target })).expect("forgotten");
    assert_eq!(
        keys["keys"].as_array().expect("rows").last().expect("its row")["place"],
        json!(null)
    );
    assert!(vault.0.lock().unwrap().is_empty());
}

#[test]
fn the_right_key_after_a_wrong_one_works() {
    let app = start();
    app.call("painted", json!({})).expect("the practice server starts when the page is painted");
    let target = json!({ "provider": "custom", "model": "practice-1",
        "base_url": app.call("preview", json!({ "chat": chat(), "target": practice() }))
            .expect("shown")["url"] });
    set_key(&app, &target, "wrong-0123456789");
    assert_eq!(last(&run(&app, "a", &target, 1))["error"]["kind"], "wrong_key");
    let list = app.call("list_models", json!({ "target": target, "fresh": true })).expect("asked");
    assert_eq!(list["error"]["kind"], "wrong_key");
    set_key(&app, &target, "practice-0123456789");
    let list = app.call("list_models", json!({ "target": target, "fresh": true })).expect("asked");
    assert_eq!(
        (&list["error"], list["models"][0]["id"].as_str()),
        (&json!(null), Some("practice-1"))
    );
    assert_eq!(last(&run(&app, "b", &target, 2))["type"], "finished");
    let refused = app.call("set_key", json!({ "target": practice(), "key": "k" }));
    assert_eq!(refused.expect_err("it takes none")["message"], "Practice takes no key.");
}

/// The check of the only custom server.
fn check_of(keys: &Value) -> &Value {
    &keys["keys"].as_array().expect("rows").last().expect("the server's row")["check"]
}

fn keep_server(app: &Started, base_url: &str) {
    let mut settings = app.call("start", json!({})).expect("started")["settings"].take();
    settings["servers"] = json!([{ "name": "Server", "base_url": base_url }]);
    app.call("save_settings", json!({ "settings": settings })).expect("saved");
}

fn answering(status: &str, body: &str) -> Server {
    let length = body.len();
    Server::saying(format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    ))
}

#[test]
fn a_check_tells_what_the_server_thinks_of_a_key() {
    let list = r#"{"object":"list","data":[{"id":"m"}]}"#;
    let no_credit =
        r#"{"error":{"message":"m","type":"insufficient_quota","code":"insufficient_quota"}}"#;
    for (status, body, verdict, says) in [
        ("200 OK", list, "open", "lists 1 model"),
        ("401 Unauthorized", "{}", "wrong", "not accepted"),
        ("429 Too Many Requests", no_credit, "no_credit", "m"),
        ("404 Not Found", "{}", "unknown", "no list of models"),
        ("500 Oops", "{}", "unknown", "."),
    ] {
        let (app, server) = (start(), answering(status, body));
        let target = custom(&server.origin);
        keep_server(&app, &server.origin);
        let keys = set_key(&app, &target, CANARY);
        assert_eq!(check_of(&keys), &json!(null), "nobody asked yet");
        let keys = app.call("check_key", json!({ "target": target })).expect("checked");
        let check = check_of(&keys);
        assert_eq!(check["verdict"], verdict, "{status}: {check}");
        assert!(check["said"].as_str().is_some_and(|it| it.contains(says)), "{status}: {check}");
        assert!(check["at_s"].as_i64() > Some(1_700_000_000), "{check}");
        assert_eq!(check_of(&app.call("keys", json!({})).expect("listed")), check, "it is kept");
        assert_eq!(check_of(&set_key(&app, &target, CANARY)), &json!(null), "for that key only");
    }
}

#[test]
fn a_key_that_opens_a_closed_list_works() {
    let app = start();
    app.call("painted", json!({})).expect("the practice server starts when the page is painted");
    let shown = app.call("preview", json!({ "chat": chat(), "target": practice() }));
    let url = shown.expect("shown")["url"].as_str().expect("an address").to_owned();
    let target = custom(&url);
    keep_server(&app, &url);
    for (key, verdict) in [("wrong-0123456789", "wrong"), ("practice-0123456789", "works")] {
        set_key(&app, &target, key);
        let keys = app.call("check_key", json!({ "target": target })).expect("checked");
        assert_eq!(check_of(&keys)["verdict"], verdict);
    }
}

#[test]
fn a_call_tells_of_a_key_too() {
    let (app, server) = (
        start(),
        answering("429 Too Many", r#"{"error":{"message":"m","code":"insufficient_quota"}}"#),
    );
    let target = custom(&server.origin);
    keep_server(&app, &server.origin);
    set_key(&app, &target, CANARY);
    run(&app, "a", &target, 1);
    until("the key's state is known", || {
        let keys = app.call("keys", json!({})).expect("listed");
        (check_of(&keys)["verdict"] == "no_credit").then_some(())
    });
}

#[test]
fn a_key_is_imported_from_its_own_variables_only() {
    let app = start();
    let openai = json!({ "provider": "openai", "base_url": null, "model": "m" });
    for name in ["PATH", "HOME", "GROQ_API_KEY", ""] {
        let refused = app.call("import_key", json!({ "target": openai, "name": name }));
        let refused = refused.expect_err(name).to_string();
        assert!(refused.contains("is not set in the environment"), "{refused}");
    }
    for provider in ["practice", "https://evil.example", "file:///etc/passwd"] {
        let refused = app.call("open_keys_page", json!({ "provider": provider }));
        assert!(refused.expect_err("no page").to_string().contains("no page"), "{provider}");
    }
}

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

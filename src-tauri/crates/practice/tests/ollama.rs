//! What only Ollama's own API does.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use reqwest::Response;
use serde_json::{Value, json};
use support::Practice;

async fn post(practice: &Practice, path: &str, body: &Value) -> Response {
    let request = practice.client.post(format!("{}{path}", practice.origin));
    request.json(body).send().await.unwrap()
}

async fn chat(practice: &Practice, more: &Value) -> Response {
    let mut body = json!({
        "model": "practice-1", "messages": [{ "role": "user", "content": "count to 3" }],
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    post(practice, "/api/chat", &body).await
}

#[tokio::test]
async fn a_stream_is_the_default_and_is_lines_of_json() {
    let practice = Practice::start().await;
    let response = chat(&practice, &json!({})).await;
    assert_eq!(response.headers()["content-type"], "application/x-ndjson");
    let text = response.text().await.unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 8);
    let (last, others) = lines.split_last().unwrap();
    assert!(others.iter().all(|line| line["done"] == false && line.get("eval_count").is_none()));
    for name in ["total_duration", "load_duration", "prompt_eval_duration", "eval_duration"] {
        assert!(last[name].as_u64().unwrap() > 0, "{name}: {last}");
    }
    assert!(last["total_duration"].as_u64() >= last["eval_duration"].as_u64());
    let whole = chat(&practice, &json!({ "stream": false })).await;
    assert_eq!(whole.headers()["content-type"], "application/json; charset=utf-8");
}

#[tokio::test]
async fn the_small_addresses_answer() {
    let practice = Practice::start().await;
    let get = async |path: &str| {
        practice.client.get(format!("{}{path}", practice.origin)).send().await.unwrap()
    };
    assert_eq!(get("/").await.text().await.unwrap(), "Ollama is running");
    let head = practice.client.head(&practice.origin).send().await.unwrap();
    assert_eq!(head.status(), 200);
    assert!(get("/api/version").await.json::<Value>().await.unwrap()["version"].is_string());
    let loaded: Value = get("/api/ps").await.json().await.unwrap();
    assert_eq!(loaded["models"][0]["name"], "practice-1:latest");
    let shown = post(&practice, "/api/show", &json!({ "model": "practice-1:latest" })).await;
    let shown: Value = shown.json().await.unwrap();
    assert_eq!(shown["model_info"]["practice.context_length"], 4096);
    let unknown = post(&practice, "/api/show", &json!({ "model": "llama-x" })).await;
    assert_eq!(unknown.status(), 404);
    assert_eq!(get("/api/nowhere").await.text().await.unwrap(), "404 page not found");
    let wrong = get("/api/chat").await;
    assert_eq!((wrong.status().as_u16(), wrong.headers()["allow"].as_bytes()), (405, &b"POST"[..]));
}

/// The parameters that count where a request names none, and what a model can do.
#[tokio::test]
async fn the_cards_tell_what_is_really_done() {
    let practice = Practice::start().await;
    let list = practice.client.get(format!("{}/api/tags", practice.origin)).send().await.unwrap();
    let list: Value = list.json().await.unwrap();
    for (entry, card) in list["models"].as_array().unwrap().iter().zip(practice::cards::CARDS) {
        let shown = post(&practice, "/api/show", &json!({ "model": card.id })).await;
        let shown: Value = shown.json().await.unwrap();
        let (window, temperature) = (card.window, card.temperature);
        let parameters = format!("num_ctx {window}\ntemperature {temperature}\ntop_k 0\ntop_p 1");
        assert_eq!(shown["parameters"], parameters);
        for capabilities in [&entry["capabilities"], &shown["capabilities"]] {
            let thinks = capabilities.as_array().unwrap().contains(&json!("thinking"));
            assert_eq!(thinks, card.thinks, "{}", card.id);
        }
    }
}

#[tokio::test]
async fn a_model_has_a_tag_and_another_tag_is_another_model() {
    let practice = Practice::start().await;
    for (model, status) in [("practice-1", 200), ("practice-1:latest", 200), ("practice-1:8b", 404)]
    {
        let response = chat(&practice, &json!({ "model": model })).await;
        assert_eq!(response.status(), status, "{model}");
        let text = response.text().await.unwrap();
        assert!(text.contains(&format!("\"model\":\"{model}\"")) || status == 404, "{text}");
    }
}

async fn expect_refusals(practice: &Practice, table: &[(Value, u16, &str)]) {
    for (more, status, expected) in table {
        let response = chat(practice, more).await;
        assert_eq!(response.status(), *status, "{more}");
        let body: Value = response.json().await.unwrap();
        assert_eq!(body, json!({ "error": expected }));
    }
}

#[tokio::test]
async fn thinking_is_asked_for_in_the_services_words() {
    let table = [
        (json!({ "think": true }), 400, "\"practice-1\" does not support thinking"),
        (
            json!({ "think": "xhigh" }),
            400,
            "invalid think value: \"xhigh\" (must be \"high\", \"medium\", \"low\", \"max\", true, \
             or false)",
        ),
        (
            json!({ "think": 1, "model": "practice-reasoner" }),
            400,
            "think must be a boolean or string (\"high\", \"medium\", \"low\", \"max\", true, or false)",
        ),
        (
            json!({ "think": "low", "model": "practice-mini" }),
            400,
            "\"practice-mini\" does not support thinking",
        ),
    ];
    expect_refusals(&Practice::start().await, &table).await;
}

#[tokio::test]
async fn what_is_wrong_is_said_in_the_services_words() {
    let practice = Practice::start().await;
    let table = [
        (json!({ "model": null }), 400, "model is required"),
        (json!({ "model": "llama-x" }), 404, "model 'llama-x' not found"),
        (json!({ "model": "practice-mini:status=404" }), 404, "model 'practice-mini' not found"),
        (json!({ "tools": [{}] }), 400, "\"practice-1\" does not support tools"),
        (
            json!({ "messages": [{ "role": "user", "content": "x", "images": ["AA=="] }] }),
            400,
            "this model is missing data required for image input",
        ),
        (
            json!({ "format": "xml" }),
            400,
            "invalid format: \"xml\"; expected \"json\" or a valid JSON Schema object",
        ),
        (
            json!({ "logprobs": true, "top_logprobs": 21 }),
            400,
            "top_logprobs must be between 0 and 20",
        ),
        (
            json!({ "messages": [{ "role": "king", "content": "x" }] }),
            400,
            "invalid messages.0.role: king, must be one of [user assistant system tool]",
        ),
        (
            json!({ "options": { "temperature": "hot" } }),
            400,
            "option \"temperature\" must be of type float32",
        ),
        (json!({ "options": { "seed": "x" } }), 400, "option \"seed\" must be of type integer"),
        (
            json!({ "stream": "yes" }),
            400,
            "json: cannot unmarshal string into Go struct field ChatRequest.stream of type bool",
        ),
    ];
    expect_refusals(&practice, &table).await;
    let unseen = chat(&practice, &json!({ "nonsense": 1, "options": { "nonsense": 1 } })).await;
    assert_eq!(unseen.status(), 200, "what Ollama does not know it does not see");
}

#[tokio::test]
async fn a_small_context_forgets_the_oldest_messages_in_silence() {
    let practice = Practice::start().await;
    let more = json!({ "stream": false, "options": { "num_ctx": 30 }, "messages": [
        { "role": "system", "content": "Be brief." },
        { "role": "user", "content": "What is the weather like in Paris today, please?" },
        { "role": "assistant", "content": "Fine." },
        { "role": "user", "content": "count to 9" },
    ]});
    let reply: Value = chat(&practice, &more).await.json().await.unwrap();
    let prompt = reply["prompt_eval_count"].as_u64().unwrap();
    let made = reply["eval_count"].as_u64().unwrap();
    assert!(prompt < 30 && prompt + made == 30, "{reply}");
    assert_eq!(reply["done_reason"], "length");
    let long = json!({ "messages": [{ "role": "user", "content": "word ".repeat(50) }],
                       "options": { "num_ctx": 30 } });
    let response = chat(&practice, &long).await;
    assert_eq!(response.status(), 400);
}

#[tokio::test]
async fn a_text_without_roles_is_answered_in_a_field_of_its_own() {
    let practice = Practice::start().await;
    let ask = async |more: Value| {
        let mut body = json!({ "model": "practice-1", "prompt": "count to 3" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        post(&practice, "/api/generate", &body).await
    };
    let text = ask(json!({})).await.text().await.unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    assert_eq!(
        lines.map(|line| line["response"].as_str().unwrap().to_owned()).collect::<String>(),
        "1, 2, 3"
    );
    let whole = json!({ "stream": false, "system": "Be brief.", "options": { "num_predict": 4 } });
    let reply: Value = ask(whole).await.json().await.unwrap();
    assert_eq!((&reply["response"], &reply["message"]), (&json!("1, 2"), &Value::Null));
    assert_eq!(
        (&reply["prompt_eval_count"], &reply["done_reason"]),
        (&json!(18), &json!("length"))
    );
    for (keep_alive, reason) in [(json!("5m"), "load"), (json!(0), "unload")] {
        let empty = json!({ "prompt": "", "keep_alive": keep_alive });
        let reply: Value = ask(empty).await.json().await.unwrap();
        assert_eq!((&reply["response"], &reply["done_reason"]), (&json!(""), &json!(reason)));
    }
    let insert: Value = ask(json!({ "suffix": "." })).await.json().await.unwrap();
    assert_eq!(insert["error"], "\"practice-1\" does not support insert");
    let embed =
        post(&practice, "/api/embed", &json!({ "model": "practice-1", "input": "x" })).await;
    assert_eq!(embed.status(), 501);
}

#[tokio::test]
async fn without_messages_the_model_is_only_loaded() {
    let practice = Practice::start().await;
    for stream in [true, false] {
        let response = chat(&practice, &json!({ "messages": [], "stream": stream })).await;
        let reply: Value = response.json().await.unwrap();
        assert_eq!((&reply["done"], &reply["done_reason"]), (&json!(true), &json!("load")));
    }
}

#[tokio::test]
async fn a_reply_goes_on_from_its_beginning() {
    let practice = Practice::start().await;
    let more = json!({ "stream": false, "messages": [
        { "role": "user", "content": "count to 3" }, { "role": "assistant", "content": "1," },
    ]});
    let reply: Value = chat(&practice, &more).await.json().await.unwrap();
    assert_eq!(reply["message"]["content"], " 2, 3");
}

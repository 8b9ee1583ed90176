//! What only Gemini's format does.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod support;

use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use support::Practice;

fn post(practice: &Practice, action: &str, body: &Value) -> RequestBuilder {
    let address = format!("{}/v1beta/models/practice-1:{action}", practice.origin);
    practice.client.post(address).header("x-goog-api-key", "practice").json(body)
}

fn asks(config: &Value) -> Value {
    let contents = json!([{ "role": "user", "parts": [{ "text": "count to 3" }] }]);
    json!({ "contents": contents, "generationConfig": config })
}

async fn refused(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["error"]["code"], status, "{body}");
    (status, body["error"]["message"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn without_alt_sse_a_stream_is_one_array_that_grows() {
    let practice = Practice::start().await;
    let request = post(&practice, "streamGenerateContent", &asks(&json!({})));
    let mut response = request.header("x-practice-pace", "first=0, rate=50").send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json; charset=UTF-8");
    let (mut chunks, mut text) = (0, String::new());
    while let Some(chunk) = response.chunk().await.unwrap() {
        text.push_str(std::str::from_utf8(&chunk).unwrap());
        chunks += 1;
    }
    assert!(chunks > 3, "it came in {chunks} pieces");
    assert!(text.starts_with("[{\n") && text.contains("\n,\n{") && text.ends_with("\n]"), "{text}");
    let array: Vec<Value> = serde_json::from_str(&text).unwrap();
    let part = |chunk: &Value| chunk["candidates"][0]["content"]["parts"][0]["text"].clone();
    let said: String = array.iter().map(|chunk| part(chunk).as_str().unwrap().to_owned()).collect();
    assert_eq!(said, "1, 2, 3");
    assert_eq!(array.last().unwrap()["candidates"][0]["finishReason"], "STOP");
}

#[tokio::test]
async fn an_error_for_an_array_comes_in_an_array() {
    let practice = Practice::start().await;
    let request = post(&practice, "streamGenerateContent", &json!({}));
    let body: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(body[0]["error"]["status"], "INVALID_ARGUMENT");
    let request = post(&practice, "streamGenerateContent", &asks(&json!({})));
    let request = request.header("x-practice-fault", "in_stream_error");
    let body: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(body.as_array().unwrap().last().unwrap()["error"]["status"], "UNAVAILABLE");
}

#[tokio::test]
async fn usage_runs_and_only_the_last_chunk_has_a_reason() {
    let practice = Practice::start().await;
    let request = post(&practice, "streamGenerateContent?alt=sse", &asks(&json!({})));
    let response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let (chunks, _) = support::formats::events(&response.bytes().await.unwrap());
    let counts: Vec<u64> = chunks
        .iter()
        .map(|chunk| chunk["usageMetadata"]["candidatesTokenCount"].as_u64().unwrap())
        .collect();
    assert_eq!(counts, [1, 2, 3, 4, 5, 6, 7, 7]);
    let reasons = chunks.iter().filter(|chunk| chunk["candidates"][0]["finishReason"].is_string());
    assert_eq!(reasons.count(), 1);
}

#[tokio::test]
async fn names_may_have_underscores_and_the_key_may_stand_in_the_address() {
    let practice = Practice::start().await;
    let body = json!({
        "contents": [{ "parts": [{ "text": "count to 3" }] }],
        "system_instruction": { "parts": [{ "text": "Be brief." }] },
        "generation_config": { "max_output_tokens": 3, "top_p": 0.5, "stop_sequences": ["9"] },
    });
    let address = format!("{}/v1/models/practice-1:generateContent?key=practice", practice.origin);
    let reply: Value =
        practice.client.post(address).json(&body).send().await.unwrap().json().await.unwrap();
    assert_eq!(reply["candidates"][0]["finishReason"], "MAX_TOKENS");
    assert_eq!(reply["usageMetadata"]["promptTokenCount"], 11 + 7);
}

#[tokio::test]
async fn what_is_wrong_is_said_in_the_services_words() {
    let practice = Practice::start().await;
    let contents = |contents: Value| json!({ "contents": contents });
    let said = |role: &str| json!({ "role": role, "parts": [{ "text": "x" }] });
    let table = [
        (json!({}), "* GenerateContentRequest.contents: contents is not specified\n"),
        (contents(json!([said("assistant")])), "Please use a valid role: user, model."),
        (
            contents(json!([said("user"), said("model")])),
            "Requests ending with a model turn are not supported.",
        ),
        (
            contents(json!([{ "role": "user", "parts": [] }])),
            "* GenerateContentRequest.contents[0].parts: parts must not be empty.\n",
        ),
        (
            json!({ "contents": [said("user")], "temperature": 1 }),
            "Invalid JSON payload received. Unknown name \"temperature\": Cannot find field.",
        ),
        (
            asks(&json!({ "maxTokens": 5 })),
            "Invalid JSON payload received. Unknown name \"max_tokens\" at 'generation_config': \
             Cannot find field.",
        ),
        (
            asks(&json!({ "temperature": "hot" })),
            "Invalid value at 'generation_config.temperature' (TYPE_FLOAT), \"hot\"",
        ),
        (
            asks(&json!({ "temperature": 2.5 })),
            "* GenerateContentRequest.generation_config.temperature: temperature must be at most \
             2.\n",
        ),
        (
            asks(&json!({ "stopSequences": ["a", "b", "c", "d", "e", "f"] })),
            "* GenerateContentRequest.generation_config.stop_sequences: stop_sequences must have \
             at most 5 items, not 6.\n",
        ),
        (
            asks(&json!({ "responseModalities": ["TEXT", "IMAGE"] })),
            "Model does not support the requested response modalities: only TEXT is supported.",
        ),
        (
            asks(&json!({ "responseSchema": { "type": "STRING" } })),
            "Response schema is only supported with response mime type application/json.",
        ),
        (
            asks(&json!({ "logprobs": 2 })),
            "logprobs can only be set when response_logprobs is true.",
        ),
    ];
    for (body, expected) in table {
        let response = post(&practice, "generateContent", &body).send().await.unwrap();
        assert_eq!(refused(response).await, (400, expected.to_owned()));
    }
}

#[tokio::test]
async fn thinking_is_asked_for_in_the_services_words() {
    let practice = Practice::start().await;
    let table = [
        (
            "practice-1",
            json!({ "thinkingBudget": 0 }),
            "Thinking is not enabled for models/practice-1",
        ),
        (
            "practice-reasoner",
            json!({ "thinkingBudget": 100, "thinkingLevel": "low" }),
            "You can only set only one of thinking budget and thinking level.",
        ),
        (
            "practice-reasoner",
            json!({ "thinkingBudget": 24_577 }),
            "The thinking budget 24577 is invalid. Please choose a value between 0 and 24576.",
        ),
        (
            "practice-reasoner",
            json!({ "thinkingBudget": -2 }),
            "The thinking budget -2 is invalid. Please choose a value between 0 and 24576.",
        ),
        (
            "practice-reasoner",
            json!({ "thinkingLevel": "max" }),
            "Invalid value at 'generation_config.thinking_config.thinking_level' \
             (type.googleapis.com/google.ai.generativelanguage.v1beta.ThinkingConfig\
             .ThinkingLevel), \"max\"",
        ),
        (
            "practice-reasoner",
            json!({ "includeThoughts": "yes" }),
            "Invalid value at 'generation_config.thinking_config.include_thoughts' (TYPE_BOOL), \
             \"yes\"",
        ),
    ];
    for (model, thinking, expected) in table {
        let address = format!("{}/v1beta/models/{model}:generateContent", practice.origin);
        let request = practice.client.post(address).header("x-goog-api-key", "practice");
        let body = asks(&json!({ "thinkingConfig": thinking }));
        let response = request.json(&body).send().await.unwrap();
        assert_eq!(refused(response).await, (400, expected.to_owned()));
    }
}

#[tokio::test]
async fn the_model_that_is_called_is_named() {
    let practice = Practice::start().await;
    let ask = async |model: &str| {
        let address = format!("{}/v1beta/models/{model}:generateContent", practice.origin);
        let request = practice.client.post(address).header("x-goog-api-key", "practice");
        request.json(&asks(&json!({}))).send().await.unwrap()
    };
    for id in ["practice-mini", "practice-reasoner"] {
        assert_eq!(ask(id).await.json::<Value>().await.unwrap()["modelVersion"], id);
    }
    let (_, message) = refused(ask("practice-mini:status=429").await).await;
    assert!(message.ends_with(", limit: 15, model: practice-mini"), "{message}");
    let (_, message) = refused(ask("practice-mini:status=404").await).await;
    assert!(message.starts_with("models/practice-mini is not found"), "{message}");
}

/// The parameters that count where a request names none.
#[tokio::test]
async fn the_cards_tell_what_is_really_done() {
    let practice = Practice::start().await;
    let request = practice.client.get(format!("{}/v1beta/models", practice.origin));
    let list: Value =
        request.header("x-goog-api-key", "practice").send().await.unwrap().json().await.unwrap();
    for (model, card) in list["models"].as_array().unwrap().iter().zip(practice::cards::CARDS) {
        assert_eq!(model["name"], format!("models/{}", card.id));
        assert_eq!(model["temperature"], card.temperature, "{model}");
        assert_eq!((&model["topP"], model.get("topK")), (&json!(1), None), "{model}");
        assert_eq!(model["thinking"] == true, card.thinks, "{model}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_named_in_the_details() {
    let practice = Practice::start().await;
    for (config, field) in [
        (json!({ "temperature": "hot" }), "generation_config.temperature"),
        (json!({ "maxTokens": 5 }), "generation_config"),
    ] {
        let response = post(&practice, "generateContent", &asks(&config)).send().await.unwrap();
        let body: Value = response.json().await.unwrap();
        let violation = &body["error"]["details"][0]["fieldViolations"][0];
        assert_eq!(violation["field"], field, "{body}");
        assert_eq!(violation["description"], body["error"]["message"]);
    }
}

#[tokio::test]
async fn a_choice_is_one_of_its_texts_without_quotes() {
    let practice = Practice::start().await;
    let schema = json!({ "type": "STRING", "enum": ["left", "right"] });
    let config = json!({ "response_mime_type": "text/x.enum", "response_schema": schema });
    let response = post(&practice, "generateContent", &asks(&config)).send().await.unwrap();
    let reply: Value = response.json().await.unwrap();
    assert_eq!(reply["candidates"][0]["content"]["parts"][0]["text"], "left", "{reply}");
}

#[tokio::test]
async fn a_key_in_the_wrong_place_is_told_from_a_wrong_key() {
    let practice = Practice::start().await;
    let address = format!("{}/v1beta/models", practice.origin);
    let bearer = practice.client.get(&address).bearer_auth("practice").send().await.unwrap();
    let body: Value = bearer.json().await.unwrap();
    assert_eq!(body["error"]["status"], "UNAUTHENTICATED");
    assert_eq!(body["error"]["details"][0]["reason"], "ACCESS_TOKEN_TYPE_UNSUPPORTED");
}

#[tokio::test]
async fn the_list_of_models_is_told_apart_and_has_pages() {
    let practice = Practice::start().await;
    let list = async |address: &str| {
        let request = practice.client.get(format!("{}{address}", practice.origin));
        request.header("x-goog-api-key", "practice").send().await.unwrap()
    };
    for version in ["v1", "v1beta"] {
        let page: Value =
            list(&format!("/{version}/models?pageSize=1")).await.json().await.unwrap();
        assert_eq!(page["models"][0]["name"], "models/practice-1", "{version}");
        assert_eq!(page["nextPageToken"], "1", "there are others");
        let card: Value =
            list(&format!("/{version}/models/practice-1")).await.json().await.unwrap();
        assert_eq!(card, page["models"][0]);
    }
    let embed =
        practice.client.post(format!("{}/v1/models/practice-1:embedContent", practice.origin));
    let embed = embed.header("x-goog-api-key", "practice").send().await.unwrap();
    assert!(refused(embed).await.1.contains("or is not supported for embedContent. Call"));
    let after: Value = list("/v1beta/models?pageToken=4").await.json().await.unwrap();
    assert_eq!(after["models"], json!([]));
    assert_eq!(list("/v1beta/models?pageToken=x").await.status(), 400);
    let (status, message) = refused(list("/v1/models/gemini-x").await).await;
    assert_eq!(status, 404);
    assert!(message.starts_with("models/gemini-x is not found for API version v1, "), "{message}");
}

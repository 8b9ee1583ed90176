//! Servers that took over OpenAI's format each have ways of their own. One row each: what they do, a
//! small body made up after it, and what has to come of it, however it is cut.

#[path = "support/calling.rs"]
mod calling;
#[path = "support/reading.rs"]
mod reading;

use calling::chat;
use playground::{
    BaseUrl, PROVIDERS, Parameters, Provider, dialect::Dialect, dialects::DIALECTS,
    provider::Endpoint,
};
use reading::read_however_cut;
use serde_json::{Value, json};

/// A server, what it does, what it sends, and what is read: the fields of [`seen`] that matter.
type Quirk = (&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const STREAMS: &[Quirk] = &[
    ("vLLM", "counts with every chunk, and fields of its own",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"H\"},\"token_ids\":[1]}],\"prompt_token_ids\":[2],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"i\"},\"finish_reason\":\"stop\",\"stop_reason\":null}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2},\"system_fingerprint\":\"vllm-0.24\"}\n\ndata: [DONE]\n\n",
        r#"{"text":"Hi","input":3,"output":2,"end":"stop"}"#),
    ("llama.cpp", "timings on the last chunk, reasoning_content",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"Hm\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2},\"timings\":{\"prompt_n\":3,\"predicted_per_second\":9.5}}\n\ndata: [DONE]\n\n",
        r#"{"text":"Hi","reasoning":"Hm","input":3,"output":2}"#),
    ("LM Studio", "delta.reasoning, with the other name left empty",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"\",\"reasoning\":\"Hm\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
        r#"{"text":"Hi","reasoning":"Hm"}"#),
    ("OpenRouter", "comments while it waits, and a last chunk that repeats the finish",
        ": OPENROUTER PROCESSING\n\ndata: {\"provider\":\"P\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\",\"reasoning\":null},\"finish_reason\":null}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"stop\",\"native_finish_reason\":\"STOP\"}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"cost\":0.1}}\n\ndata: [DONE]\n\n",
        r#"{"text":"Hi","input":3,"output":2,"end":"stop"}"#),
    ("OpenRouter", "a failure in the middle, then [DONE]",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: {\"error\":{\"code\":502,\"message\":\"It broke.\"},\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"error\"}]}\n\ndata: [DONE]\n\n",
        r#"{"text":"Hi","error":"bad_gateway"}"#),
    ("LiteLLM", "pings, and a failure in the middle with its status as text",
        ": ping\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: {\"error\":{\"message\":\"m\",\"type\":\"None\",\"param\":\"None\",\"code\":\"429\"}}\n\ndata: [DONE]\n\n",
        r#"{"text":"Hi","error":"rate_limited"}"#),
    ("DeepSeek", "counts on the finish chunk, cache hits under another name",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\",\"reasoning_content\":\"Hm\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\",\"reasoning_content\":null},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,\"prompt_cache_hit_tokens\":4,\"prompt_cache_miss_tokens\":5}}\n\ndata: [DONE]\n\n",
        r#"{"text":"Hi","reasoning":"Hm","input":9,"cached":4,"output":2}"#),
    ("Groq", "reasoning in a channel, counts on the finish chunk",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"reasoning\":\"Hm\",\"channel\":\"analysis\"}}],\"x_groq\":{\"id\":\"r\"}}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2},\"x_groq\":{\"usage\":{\"prompt_tokens\":3}}}\n\ndata: [DONE]\n\n",
        r#"{"text":"Hi","reasoning":"Hm","input":3,"output":2}"#),
    ("Groq", "an event that is an error, and no [DONE]",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\nevent: error\ndata: {\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\",\"code\":\"tool_use_failed\",\"failed_generation\":\"x\",\"status_code\":400}}\n\n",
        r#"{"text":"Hi","error":"in_stream"}"#),
    ("Mistral", "thinking as parts of the content, and padding",
        "data: {\"p\":\"abc\",\"choices\":[{\"index\":0,\"delta\":{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Hm\"}]}]}}]}\n\ndata: {\"p\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n",
        r#"{"text":"Hi","reasoning":"Hm","input":3,"output":2}"#),
    ("xAI", "reasoning that is not inside the completion",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":2,\"total_tokens\":334,\"completion_tokens_details\":{\"reasoning_tokens\":320},\"cost_in_usd_ticks\":9}}\n\ndata: [DONE]\n\n",
        r#"{"text":"Hi","input":12,"output":322,"thought":320}"#),
    ("Azure OpenAI", "a first chunk without a choice, and filters everywhere",
        "data: {\"choices\":[],\"id\":\"\",\"model\":\"\",\"object\":\"\",\"prompt_filter_results\":[{\"prompt_index\":0}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"content_filter_results\":{}}],\"model\":\"m\"}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"content_filter\"}]}\n\ndata: [DONE]\n\n",
        r#"{"text":"Hi","model":"m","end":"content_filter"}"#),
    ("GPUStack", "no [DONE] at all",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\n",
        r#"{"text":"Hi","end":"stop"}"#),
    ("Snowflake Cortex", "no finish_reason, no id",
        "data: {\"id\":\"\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\ndata: [DONE]\n\n",
        r#"{"text":"Hi","input":3,"output":2,"end":null}"#),
    ("Snowflake Cortex", "nor anything else that ends it: it may have been cut",
        "data: {\"id\":\"\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n",
        r#"{"text":"Hi","error":"cut"}"#),
    ("gateways before Anthropic", "tool calls that count from one",
        "data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":1,\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"}\"}}]},\"finish_reason\":\"tool_calls\"}]}\n\ndata: [DONE]\n\n",
        r#"{"calls":["f{}"],"end":"tool_calls"}"#),
];

/// What was read, by short names.
fn seen(body: &str) -> Value {
    let reading = read_however_cut("openai-chat", body.as_bytes());
    let reply = reading.reply;
    let usage = reply.usage.unwrap_or_default();
    let calls = reply.tool_calls.iter().map(|it| format!("{}{}", it.name, it.arguments));
    json!({
        "text": reply.text(),
        "reasoning": reply.reasoning(),
        "calls": calls.collect::<Vec<_>>(),
        "model": reply.model,
        "input": usage.input_tokens,
        "cached": usage.cache_read_tokens,
        "output": usage.output_tokens,
        "thought": usage.reasoning_tokens,
        "end": reply.finish.first().map(|it| it.raw.clone()),
        "error": reading.verdict.err().map(|it| it.kind),
    })
}

#[test]
fn each_servers_own_ways_of_streaming_are_read() {
    for (server, does, body, expected) in STREAMS {
        let expected: Value = serde_json::from_str(expected).expect("JSON");
        let seen = seen(body);
        for (name, value) in expected.as_object().expect("fields") {
            assert_eq!(seen[name], *value, "{server}, {does}: {name} in {seen}");
        }
        if expected.get("error").is_none() {
            assert_eq!(seen["error"], Value::Null, "{server}, {does}");
        }
    }
}

/// OpenAI's own name for the limit is not known to the others: some ignore it in silence.
#[test]
fn the_limit_of_a_reply_has_the_name_that_the_server_knows() {
    let newer = ["practice", "openai"];
    for provider in PROVIDERS {
        let chat = chat("Why?", Parameters { max_tokens: Some(9), ..Parameters::default() });
        let Some(dialect) = provider.dialect(Some("openai-chat")) else { continue };
        let base_url = BaseUrl::parse("https://api.example/v1").expect("an address");
        let request = dialect.request(&chat, "m", &Endpoint { provider, base_url, has_key: false });
        let body: Value = serde_json::from_str(&request.body).expect("JSON");
        let [older, newest] = ["max_tokens", "max_completion_tokens"].map(|it| body[it].as_u64());
        let expected = if newer.contains(&provider.id) { (None, Some(9)) } else { (Some(9), None) };
        assert_eq!((older, newest), expected, "{}", provider.id);
    }
}

/// The header that takes the key at an address, for what OpenAI's formats have in common.
fn key_header(dialect: &dyn Dialect, base_url: &str) -> String {
    let base_url = BaseUrl::parse(base_url).expect("an address");
    let provider = Provider::at(&base_url);
    let endpoint = Endpoint { provider, base_url, has_key: true };
    let request = dialect.request(&chat("Why?", Parameters::default()), "m", &endpoint);
    let list = dialect.models_request(&endpoint, None);
    let names = [request, list].map(|request| {
        let header = request.headers.into_iter().find(|it| it.takes_key()).expect("a header");
        header.name
    });
    assert_eq!(names[0], names[1], "the list takes the key where the call does");
    names[0].clone()
}

#[test]
fn azure_takes_the_key_in_a_header_of_its_own() {
    for dialect in &DIALECTS[..2] {
        for (base_url, header) in [
            ("https://me.openai.azure.com/openai/v1", "api-key"),
            ("https://api.openai.com/v1", "authorization"),
            ("https://openai.azure.com.example/v1", "authorization"),
            ("http://127.0.0.1:8000/v1", "authorization"),
        ] {
            assert_eq!(key_header(*dialect, base_url), header, "{}, {base_url}", dialect.id());
        }
    }
}

/// What servers say of their models, beyond the id.
#[test]
fn lists_of_models_are_read_with_what_each_server_says_of_them() {
    for (server, list, expected) in [
        (
            "vLLM",
            r#"{"data":[{"id":"a","owned_by":"vllm","max_model_len":50,"permission":[]}]}"#,
            (Some(50), None),
        ),
        (
            "llama.cpp",
            r#"{"data":[{"id":"a","meta":{"n_vocab":9,"n_ctx_train":50}}]}"#,
            (None, None),
        ),
        (
            "OpenRouter",
            r#"{"data":[{"id":"a","name":"A","context_length":50,"pricing":{"prompt":"0.1"},"top_provider":{"max_completion_tokens":7}}]}"#,
            (Some(50), Some(7)),
        ),
        (
            "LM Studio",
            r#"{"data":[{"id":"a","object":"model"},{"id":"text-embedding-x"}],"object":"list"}"#,
            (None, None),
        ),
    ] {
        let page = DIALECTS[0].read_models(list).expect("a list");
        let limits: Vec<_> = page.models.iter().map(|it| (it.max_input, it.max_output)).collect();
        assert_eq!((page.models[0].id.as_str(), limits), ("a", vec![expected]), "{server}");
    }
}

//! What helps: the numbers, the buttons and the successor.

use super::*;
use crate::Control;
use time::format_description::well_known::Rfc3339;

/// The sentence, its numbers (limit, prompt, reply, over), and the room that is left for a reply.
type Long = (String, [Option<u64>; 4], Option<u32>);

#[rustfmt::skip]
fn too_long() -> Vec<Long> {
    let openai = "This model's maximum context length is 50 tokens. However, ";
    let router = "This endpoint's maximum context length is 50 tokens. However, you requested about ";
    let llama = json!({ "error": { "type": "exceed_context_size_error", "n_prompt_tokens": 99, "n_ctx": 50 } });
    let both = [Some(50), Some(99), None, None];
    let all = |prompt, reply| [Some(50), Some(prompt), Some(reply), None];
    vec![
        (message(&format!("{openai}your messages resulted in 99 tokens.")), both, None),
        (message(&format!("{openai}you requested 60 tokens (20 in the messages, 40 in the completion).")), all(20, 40), Some(30)),
        (message(&format!("{openai}you requested 99 tokens (99 in the messages, 0 in the completion).")), both, None),
        (message(&format!("{router}99 tokens (99 of text input).")), both, None),
        (message(&format!("{router}70 tokens (30 of text input, 40 in the output).")), all(30, 40), Some(20)),
        (message("You passed 45 input tokens and requested 10 output tokens. However, the model's context length is only 50 tokens"), all(45, 10), Some(5)),
        (message("prompt is too long: 99 tokens > 50 maximum"), both, None),
        (message("input length and `max_tokens` exceed context limit: 40 + 20 > 50, decrease"), all(40, 20), Some(10)),
        (message("The input token count (99) exceeds the maximum number of tokens allowed (50)."), both, None),
        (message("request (99 tokens) exceeds the available context size (50 tokens)"), both, None),
        (llama.to_string(), both, None),
        (message("prompt too long; exceeded max context length by 49 tokens (ref: x)"), [None, None, None, Some(49)], None),
    ]
}

#[test]
fn a_prompt_that_is_too_long_is_told_with_its_numbers() {
    for (body, [limit, prompt, reply, over], room) in too_long() {
        let error = answered(400, &body);
        assert_eq!(error.kind, ErrorKind::ContextTooLong, "{body}");
        let expected = Overflow { limit, prompt, reply, over };
        assert_eq!(error.overflow.as_deref(), Some(&expected), "{body}");
        let lower = room.map(|to| Fix::LowerMaxTokens { to });
        let fixes: Vec<_> = lower.into_iter().chain([Fix::TrimHistory]).collect();
        assert_eq!(error.fixes, fixes, "{body}");
    }
    let error = answered(400, &openai("context_length_exceeded", "It exceeds the window."));
    assert_eq!(error.overflow, None, "no number is made up");
}

fn runs(command: &str) -> Fix {
    Fix::RunCommand { command: command.into() }
}

#[rustfmt::skip]
fn fixable() -> Vec<(u16, String, Vec<Fix>)> {
    let drops = |control| vec![Fix::DropParameter { control }];
    let lowers = |to| vec![Fix::LowerMaxTokens { to }];
    let param = |param: &str| json!({ "error": { "message": "no", "param": param } }).to_string();
    let delay = |words| google("RESOURCE_EXHAUSTED", words, json!([{ "retryDelay": "34.4s" }]));
    let detail = |msg| json!({ "detail": [{ "loc": ["body", "top_k"], "msg": msg }] }).to_string();
    vec![
        (401, "{}".into(), vec![Fix::OpenKeys]),
        (413, "{}".into(), vec![Fix::TrimHistory]),
        (400, param("temperature"), drops(Control::Temperature)),
        (400, param("messages[0].role"), vec![]),
        (422, detail("Extra inputs are not permitted"), drops(Control::TopK)),
        (400, message("Unsupported parameter: 'max_tokens' is not supported."), drops(Control::MaxTokens)),
        (400, message("This model's maximum 'top_p' is 1"), drops(Control::TopP)),
        (400, message("temperature: Extra inputs are not permitted"), drops(Control::Temperature)),
        (400, message("`temperature` and `top_p` cannot both be specified."), drops(Control::Temperature)),
        (400, message("thinking.enabled.budget_tokens: too small"), drops(Control::ThinkingBudget)),
        (400, message("This model does not support effort level 'xhigh'."), drops(Control::Effort)),
        (400, message("This model does not support assistant message prefill."), drops(Control::Prefill)),
        (400, message("Unknown name \"topK\" at 'generation_config': Cannot find field."), drops(Control::TopK)),
        (400, message("max_tokens: 99 > 64, which is the maximum allowed"), lowers(64)),
        (400, message("max_tokens is too large: 99. This model supports at most 64 completion tokens"), lowers(64)),
        (429, delay("m"), vec![Fix::Wait { ms: 34_400 }]),
        (429, delay("RequestsPerDay"), vec![Fix::ChooseModel]),
        (429, message("Please try again in 20h0m0s."), vec![]),
        (529, message("Please try again in 2s."), vec![Fix::Wait { ms: 2_000 }, Fix::ChooseModel]),
        (404, r#"{"error":"model 'gemma4:1b' not found"}"#.into(), vec![runs("ollama pull gemma4:1b"), Fix::ChooseModel]),
        (404, r#"{"error":"model 'x; rm -rf ~' not found"}"#.into(), vec![Fix::ChooseModel]),
        (404, r#"{"error":"model '--help' not found"}"#.into(), vec![Fix::ChooseModel]),
    ]
}

#[test]
fn what_a_button_can_do_comes_with_the_error() {
    for (status, body, fixes) in fixable() {
        assert_eq!(answered(status, &body).fixes, fixes, "{status} {body}");
    }
    assert_eq!(Fix::for_port(Some(11434)), Some(runs("ollama serve")));
    assert_eq!(Fix::for_port(Some(80)), None);
}

#[test]
fn a_retired_model_is_called_retired() {
    let ends = |it: &&models::Model| it.shutdown.is_some() && it.replacement.is_some();
    let model = models::all().iter().find(ends).expect("one has a successor");
    let day = model.shutdown.as_deref().expect("just seen");
    let body = openai("model_not_found", &format!("The model `{}` does not exist", model.id));
    let at = |date: &str| {
        let now = OffsetDateTime::parse(&format!("{date}T12:00:00Z"), &Rfc3339).expect("a date");
        ApiError::from_response(404, &[], body.as_bytes(), now)
    };
    let error = at(day);
    assert!(error.meaning.contains(day) && error.meaning.contains(&model.name), "{error:?}");
    let id = model.replacement.clone().expect("just seen");
    assert_eq!(error.fixes, [Fix::ChangeModel { id }, Fix::ChooseModel]);
    let before = at("2020-01-01");
    assert!(
        !before.meaning.contains(day) && before.fixes == [Fix::ChooseModel],
        "it still answers then"
    );
}

//! The shapes in which servers report an error, read in one place.

use crate::json;
use serde_json::Value;

/// What an error body said, in whichever shape it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErrorBody {
    /// The provider's own words.
    pub message: Option<String>,
    /// Its `type`, or Google's `status`.
    pub kind: Option<String>,
    /// Its `code`, which may be text or a number.
    pub code: Option<String>,
    /// The field that it complains about.
    pub param: Option<String>,
    /// What to quote to the provider's support.
    pub request_id: Option<String>,
    /// The words by which details name a reason, a quota or the failure of a server behind it.
    pub details: Vec<String>,
    /// How long to wait, as Google writes it.
    pub retry_delay: Option<String>,
    /// Tokens of a prompt that is too long.
    pub prompt_tokens: Option<u64>,
    /// Tokens that the context holds.
    pub context_tokens: Option<u64>,
}

impl ErrorBody {
    /// Reads a body. One that is not JSON becomes the message itself, unless it is a web page.
    pub fn read(text: &str) -> ErrorBody {
        match json::read(text) {
            Ok(value) => ErrorBody::from_json(&value),
            Err(_) => {
                let words = text.trim();
                let is_message = !words.is_empty() && words.len() < 2_000 && !is_html(words);
                ErrorBody { message: is_message.then(|| words.to_owned()), ..ErrorBody::default() }
            }
        }
    }

    /// Reads the shapes in use: OpenAI's, Anthropic's, Google's (also in an array), a bare
    /// text under `error`, a flat object, FastAPI's `detail`, a bare `message`, and what gateways
    /// wrap around them.
    pub fn from_json(value: &Value) -> ErrorBody {
        let outer = value.get(0).unwrap_or(value);
        let inner = innermost(outer);
        let details = inner["details"].as_array().into_iter().flatten();
        let mut retry_delay = details.filter_map(|it| json::words(&it["retryDelay"]));
        ErrorBody {
            message: said(inner).or_else(|| said(outer)),
            kind: text(&inner["type"]).or_else(|| text(&inner["status"])),
            code: text(&inner["code"]).or_else(|| text(&outer["code"])),
            param: text(&inner["param"]).or_else(|| place(&outer["detail"])),
            request_id: ["request_id", "responseId"].into_iter().find_map(|it| text(&outer[it])),
            details: reasons(inner),
            retry_delay: retry_delay.next(),
            prompt_tokens: inner["n_prompt_tokens"].as_u64(),
            context_tokens: inner["n_ctx"].as_u64(),
        }
    }

    /// Whether the body was one of the known shapes.
    pub fn is_known(&self) -> bool {
        self.message.is_some()
    }

    /// Everything that may tell one error from another.
    pub fn words(&self) -> String {
        let fields = [&self.code, &self.kind, &self.message].into_iter().flatten();
        fields.chain(&self.details).map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}

/// Whether a text is a web page.
pub fn is_html(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The object that tells of the error, however often it is wrapped.
fn innermost(value: &Value) -> &Value {
    let wrapped = ["error", "detail", "fault"].iter().map(|name| &value[*name]);
    let is_filled = |it: &&Value| it.as_object().is_some_and(|fields| !fields.is_empty());
    match wrapped.filter(|_| !value["message"].is_string()).find(is_filled) {
        Some(inner) => innermost(inner),
        None => value,
    }
}

/// Where servers put their words, the usual place first.
const WORDS: [&str; 10] = [
    "message",
    "error",
    "detail",
    "errors",
    "msg",
    "Message",
    "error_description",
    "faultstring",
    "fault",
    "title",
];

/// The first words in a usual place; those of a list of complaints are joined.
fn said(value: &Value) -> Option<String> {
    match value {
        Value::String(words) => Some(words.clone()).filter(|words| !words.is_empty()),
        Value::Array(list) => {
            let words = list.iter().filter_map(said).collect::<Vec<_>>().join("; ");
            Some(words).filter(|words| !words.is_empty())
        }
        Value::Object(fields) => WORDS.iter().find_map(|name| said(fields.get(*name)?)),
        _ => None,
    }
}

/// The field that the first of FastAPI's complaints is about: `loc` names the part of the request
/// first, as in `["body", "top_p"]`.
fn place(detail: &Value) -> Option<String> {
    let path = detail[0]["loc"].as_array()?.iter().skip(1).filter_map(text);
    let path = path.collect::<Vec<_>>().join(".");
    (!path.is_empty()).then_some(path)
}

/// Google's reasons and quotas, Anthropic's `error_code`, and what a router was told by the
/// server behind it.
fn reasons(error: &Value) -> Vec<String> {
    let details = &error["details"];
    let list = details.as_array().into_iter().flatten();
    let google = list.flat_map(|detail| {
        let quotas = detail["violations"].as_array().into_iter().flatten();
        quotas.filter_map(|it| text(&it["quotaId"])).chain(text(&detail["reason"]))
    });
    let others = [&details["error_code"], &error["metadata"]["raw"]];
    google.chain(others.into_iter().filter_map(text)).collect()
}

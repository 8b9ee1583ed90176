//! Every wire format: one file each, none of which knows another. The rows of
//! [`PROVIDERS`](crate::provider::PROVIDERS) say who speaks which.

pub mod anthropic;
pub mod gemini;
pub mod ollama;
pub mod openai_chat;
mod openai_models;
pub mod openai_responses;

use crate::dialect::Dialect;

/// Every dialect.
pub static DIALECTS: [&dyn Dialect; 5] = [
    &openai_chat::OpenAiChat,
    &openai_responses::OpenAiResponses,
    &anthropic::Anthropic,
    &gemini::Gemini,
    &ollama::Ollama,
];

/// The dialect of that [`id`](Dialect::id).
pub fn find(id: &str) -> Option<&'static dyn Dialect> {
    DIALECTS.into_iter().find(|dialect| dialect.id() == id)
}

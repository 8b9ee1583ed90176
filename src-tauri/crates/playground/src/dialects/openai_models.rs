//! OpenAI's list of models, which belongs to no one dialect: both of OpenAI's read it.

use crate::{
    dialect::{ListedModel, ModelPage},
    json::{self, count, words},
};

/// The models of the list that answer chats; `None` if it is no such list.
pub fn read(body: &str) -> Option<ModelPage> {
    let answer = json::read(body).ok()?;
    let models = answer["data"].as_array()?.iter().filter_map(|model| {
        let id = model["id"].as_str().filter(|id| answers_chats(id))?;
        let max_input = ["context_length", "max_model_len"].iter();
        Some(ListedModel {
            name: words(&model["name"]),
            max_input: max_input.filter_map(|name| model[*name].as_u64()).next(),
            max_output: count(model, &["top_provider", "max_completion_tokens"]),
            shutdown: words(&model["shutdown_date"]),
            ..ListedModel::new(id)
        })
    });
    Some(ModelPage { models: models.collect(), next: None })
}

/// Models for pictures, speech and search stand in the list beside those that chat.
fn answers_chats(id: &str) -> bool {
    const OTHERS: [&str; 12] = [
        "embed",
        "tts",
        "whisper",
        "dall-e",
        "image",
        "realtime",
        "moderation",
        "sora",
        "transcribe",
        "rerank",
        "babbage",
        "davinci",
    ];
    !OTHERS.iter().any(|word| id.contains(word))
}

//! What mends a chat, as plain data, so that the page can offer it as a button.

use crate::{
    Chat, Control, Message, Parameters, Role,
    chat::{CacheLifetime, Effort, ResponseFormat},
};
use serde::Serialize;
use ts_rs::TS;

/// One change that mends a chat, or the choice of the model.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum Repair {
    /// Leave a parameter to the server.
    Drop {
        /// Which one.
        control: Control,
    },
    /// Set a number to the nearest that is allowed, or keep so many stop texts.
    Clamp {
        /// Which parameter.
        control: Control,
        /// What to set it to.
        value: f64,
    },
    /// Set the effort.
    SetEffort {
        /// What to set it to.
        effort: Effort,
    },
    /// Ask for the shorter of the two cache lifetimes.
    ShortenCache,
    /// Give the JSON Schema another name.
    NameSchema {
        /// A name that is allowed.
        name: String,
    },
    /// Give a JSON Schema in place of this one, that says all that is wanted.
    MendSchema {
        /// The schema.
        #[ts(type = "unknown")]
        schema: serde_json::Value,
    },
    /// Cut the white space off the end of the reply's beginning.
    TrimPrefill,
    /// Say in the system message that the reply has to be JSON.
    AskForJson,
    /// Call a field of a body that was edited by hand by its right name.
    Rename {
        /// What it is called.
        from: String,
        /// What it is to be called.
        to: String,
        /// The whole body with that name.
        body: String,
    },
    /// Ask another model.
    ChangeModel {
        /// Its id.
        id: String,
    },
}

/// What [`Repair::AskForJson`] adds to the system message.
const ASK_FOR_JSON: &str = "Answer in JSON.";

impl Repair {
    /// Makes the change.
    pub fn apply(&self, chat: &mut Chat, model: &mut String) {
        let parameters = &mut chat.parameters;
        match self {
            Repair::Drop { control } => parameters.unset(*control),
            Repair::Clamp { control, value } => set_number(parameters, *control, *value),
            Repair::SetEffort { effort } => parameters.effort = Some(*effort),
            Repair::ShortenCache => parameters.cache = Some(CacheLifetime::Short),
            Repair::NameSchema { name: new } => {
                if let Some(ResponseFormat::JsonSchema { name, .. }) =
                    &mut parameters.response_format
                {
                    name.clone_from(new);
                }
            }
            Repair::MendSchema { schema: new } => {
                if let Some(ResponseFormat::JsonSchema { schema, .. }) =
                    &mut parameters.response_format
                {
                    schema.clone_from(new);
                }
            }
            Repair::TrimPrefill => {
                let text = parameters.prefill.as_deref().map(str::trim_end);
                parameters.prefill = text.map(str::to_owned);
            }
            Repair::AskForJson => ask_for_json(&mut chat.messages),
            Repair::ChangeModel { id } => model.clone_from(id),
            // The body is no part of the chat: whoever keeps it takes it from here.
            Repair::Rename { .. } => {}
        }
    }
}

fn ask_for_json(messages: &mut Vec<Message>) {
    match messages.iter_mut().find(|message| message.role == Role::System) {
        Some(system) => system.text = format!("{}\n{ASK_FOR_JSON}", system.text),
        None => messages.insert(0, Message { role: Role::System, text: ASK_FOR_JSON.into() }),
    }
}

/// The value of a parameter that is a number.
pub(super) fn number(parameters: &Parameters, control: Control) -> Option<f64> {
    match control {
        Control::MaxTokens => parameters.max_tokens.map(f64::from),
        Control::Temperature => parameters.temperature,
        Control::TopP => parameters.top_p,
        Control::TopK => parameters.top_k.map(f64::from),
        Control::FrequencyPenalty => parameters.frequency_penalty,
        Control::PresencePenalty => parameters.presence_penalty,
        Control::N => parameters.n.map(f64::from),
        // Exact up to 2⁵³, and more than exact enough for limits.
        Control::Seed => parameters.seed.map(|seed| seed as f64),
        Control::Logprobs => parameters.logprobs.map(f64::from),
        Control::ThinkingBudget => parameters.thinking_budget.map(f64::from),
        _ => None,
    }
}

/// Sets a parameter that is a number; of the stop texts so many are kept.
fn set_number(parameters: &mut Parameters, control: Control, value: f64) {
    // Out of range, `as` takes the nearest number that fits, which is what is wanted.
    let whole = Some(value as u32);
    match control {
        Control::MaxTokens => parameters.max_tokens = whole,
        Control::Temperature => parameters.temperature = Some(value),
        Control::TopP => parameters.top_p = Some(value),
        Control::TopK => parameters.top_k = whole,
        Control::FrequencyPenalty => parameters.frequency_penalty = Some(value),
        Control::PresencePenalty => parameters.presence_penalty = Some(value),
        Control::N => parameters.n = whole,
        Control::Seed => parameters.seed = Some(value as i64),
        Control::Logprobs => parameters.logprobs = whole,
        Control::ThinkingBudget => parameters.thinking_budget = whole,
        Control::Stop => {
            if let Some(texts) = &mut parameters.stop {
                texts.truncate(value as usize);
            }
        }
        _ => {}
    }
}

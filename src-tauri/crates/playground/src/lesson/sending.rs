//! What is sent: the start of a lesson, and the calls of a solution or a proof, which build on it.

use super::check::Pattern;
use crate::{Chat, Message, Parameters, Provider, Role, Target, chat::Control, provider::PRACTICE};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// What Play is set to.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LessonStart {
    /// Who is asked.
    pub target: Target,
    /// The system message; empty for none.
    pub system: String,
    /// What stands in the message box.
    pub message: String,
    /// The knobs.
    pub parameters: Parameters,
}

/// How a call differs from the start of its lesson.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sending {
    /// Another message.
    pub message: Option<String>,
    /// Another system message.
    pub system: Option<String>,
    /// Another model, with faults behind it if there are to be some.
    pub model: Option<String>,
    /// Another wire format.
    pub format: Option<String>,
    /// Another provider.
    pub provider: Option<String>,
    /// Parameters over those of the start.
    pub parameters: Parameters,
    /// Parameters of the start that are not set.
    pub unset: Vec<Control>,
    /// Whether it goes on from the call before, with the reply to that.
    pub follow_up: bool,
    /// A body that is written by hand.
    pub body: Option<String>,
    /// How often it is sent.
    pub times: Option<u32>,
    /// The key for a provider of one's own; none is sent without it.
    pub key: Option<String>,
    /// What comes of it, where the lesson says so.
    pub comes: Option<Pattern>,
}

impl LessonStart {
    /// A start on practice that is otherwise left to the app.
    pub(super) fn on_practice() -> LessonStart {
        let practice = Provider::find(PRACTICE).expect("a test finds every provider");
        let target = Target {
            provider: PRACTICE.into(),
            base_url: None,
            dialect: practice.dialects.first().map(|it| it.id().into()),
            model: practice.first_model.into(),
        };
        LessonStart {
            target,
            system: String::new(),
            message: String::new(),
            parameters: Parameters::default(),
        }
    }

    /// This with what `sending` says otherwise.
    pub fn with(&self, sending: &Sending) -> LessonStart {
        let mut start = self.clone();
        let Sending { message, system, model, format, provider, .. } = sending.clone();
        start.message = message.unwrap_or(start.message);
        start.system = system.unwrap_or(start.system);
        start.target.model = model.unwrap_or(start.target.model);
        start.target.dialect = format.or(start.target.dialect);
        start.target.provider = provider.unwrap_or(start.target.provider);
        start.parameters = over(&start.parameters, &sending.parameters);
        sending.unset.iter().for_each(|control| start.parameters.unset(*control));
        start
    }

    /// The chat that this sends, after what was said before.
    pub fn chat(&self, before: &[Message]) -> Chat {
        let message = |role, text: &str| Message { role, text: text.into() };
        let mut messages = Vec::new();
        if !self.system.is_empty() {
            messages.push(message(Role::System, &self.system));
        }
        messages.extend(before.iter().filter(|it| it.role != Role::System).cloned());
        messages.push(message(Role::User, &self.message));
        Chat { messages, parameters: self.parameters.clone() }
    }
}

/// Parameters where those that are set in `upper` hold before those in `lower`.
fn over(lower: &Parameters, upper: &Parameters) -> Parameters {
    let fields = |parameters| match serde_json::to_value(parameters) {
        Ok(Value::Object(fields)) => fields,
        _ => unreachable!("parameters are an object"),
    };
    let mut both = fields(lower);
    both.extend(fields(upper).into_iter().filter(|(_, value)| !value.is_null()));
    serde_json::from_value(Value::Object(both)).expect("these are parameters")
}

//! What made which part of a request: a control, a message, or nobody, for what a format
//! needs or we send unasked.
//!
//! No dialect says so itself. Each is a pure function, so it is simply asked: once with every
//! message replaced by its number, to see where the numbers come to stand; and once without each
//! control, to see what is missing then. So a dialect cannot forget it, or tell it wrong.

use crate::{
    Chat, Control, Message, Parameters, Role,
    chat::{CacheLifetime, Effort, ResponseFormat},
    dialect::Dialect,
    json::pointer::{children, is_index, leaves},
    provider::Endpoint,
};
use serde::Serialize;
use serde_json::Value;
use std::{borrow::Cow, collections::BTreeSet};
use ts_rs::TS;

/// A part of a request, and what made it. A part may have several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct Origin {
    /// The part of the body, as a JSON pointer; all that lies in it is of the same origin. Null is
    /// the address, where some formats have the model and whether to stream.
    pub pointer: Option<String>,
    /// What made it.
    pub from: Maker,
}

/// What makes a part of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum Maker {
    /// The choice of a model.
    Model,
    /// A message of the chat.
    Message {
        /// Which, counted from 0.
        index: u32,
    },
    /// A control that is set.
    Control {
        /// Which.
        control: Control,
    },
    /// Nobody asked for it: the format needs it, or it is better sent.
    Unasked {
        /// The control that would change it, if there is one.
        control: Option<Control>,
    },
}

/// The origins of the request that `dialect` writes for `chat`.
pub fn origins(
    dialect: &dyn Dialect,
    chat: &Chat,
    model: &str,
    endpoint: &Endpoint,
) -> Vec<Origin> {
    let asked = Asked { dialect, messages: numbered(&chat.messages), model, endpoint };
    let draft = asked.draft(&chat.parameters);
    let mut found = asked.words(&draft);
    for control in dialect.controls().iter().copied().filter(|it| chat.parameters.is_set(*it)) {
        let origin = |pointer| Origin { pointer, from: Maker::Control { control } };
        found.extend(asked.made_by(control, &chat.parameters, &draft).into_iter().map(origin));
    }
    let anything = vec![Message { role: Role::User, text: String::new() }];
    let asked = Asked { messages: numbered(&anything), ..asked };
    found.extend(asked.unasked(&chat.parameters, &draft));
    found
}

/// What a dialect is asked to write a request for.
struct Asked<'a> {
    dialect: &'a dyn Dialect,
    messages: Vec<Message>,
    model: &'a str,
    endpoint: &'a Endpoint,
}

/// What it wrote.
struct Draft {
    url: String,
    body: Value,
}

impl Draft {
    /// What stands at a pointer, or the address.
    fn part(&self, pointer: Option<&str>) -> Option<Cow<'_, Value>> {
        match pointer {
            Some(pointer) => self.body.pointer(pointer).map(Cow::Borrowed),
            None => Some(Cow::Owned(self.url.as_str().into())),
        }
    }

    /// The values that lie in a part of the body.
    fn below(&self, pointer: Option<&str>) -> Vec<Option<String>> {
        let part = pointer.and_then(|it| Some((it, self.body.pointer(it)?)));
        let leaves = part.into_iter().flat_map(|(at, value)| {
            leaves(value).into_iter().map(move |(rest, _)| Some(format!("{at}{rest}")))
        });
        leaves.collect()
    }

    /// The parts that are not in `other`, or are otherwise there.
    fn differences(&self, other: &Draft) -> Vec<Option<String>> {
        let address = (self.url != other.url).then_some(None);
        let parts = differences(&self.body, &other.body).into_iter().map(Some);
        address.into_iter().chain(parts).collect()
    }
}

impl Asked<'_> {
    fn draft(&self, parameters: &Parameters) -> Draft {
        self.draft_for(&marked(self.model), parameters)
    }

    fn draft_for(&self, model: &str, parameters: &Parameters) -> Draft {
        let chat = Chat { messages: self.messages.clone(), parameters: parameters.clone() };
        let request = self.dialect.request(&chat, model, self.endpoint);
        let body = serde_json::from_str(&request.body).unwrap_or_default();
        Draft { url: request.url, body }
    }

    /// Where messages and model stand in `draft`.
    fn words(&self, draft: &Draft) -> Vec<Origin> {
        let leaves = leaves(&draft.body).into_iter();
        let told = |(pointer, leaf): (String, &Value)| (pointer, self.makers(leaf));
        let leaves: Vec<(String, Vec<Maker>)> = leaves.map(told).collect();
        let in_body = leaves.iter().enumerate().flat_map(|(at, (_, makers))| {
            let part = outermost(at, &leaves);
            makers.iter().map(move |from| Origin { pointer: Some(part.to_owned()), from: *from })
        });
        let other = self.draft_for(&format!("{}x", self.model), &Parameters::default());
        let unset = self.draft(&Parameters::default());
        let in_address =
            (other.url != unset.url).then_some(Origin { pointer: None, from: Maker::Model });
        in_address.into_iter().chain(in_body).collect()
    }

    /// The messages whose numbers stand in a text, or the model.
    fn makers(&self, leaf: &Value) -> Vec<Maker> {
        let text = leaf.as_str().unwrap_or_default();
        if text == marked(self.model) {
            return vec![Maker::Model];
        }
        let numbers = text.split(OPEN).skip(1);
        let numbers = numbers.filter_map(|it| it.split_once(CLOSE)?.0.parse().ok());
        numbers.map(|index| Maker::Message { index }).collect()
    }

    /// What is missing without a control, and what it would make alone: two may ask for the same.
    fn made_by(
        &self,
        control: Control,
        parameters: &Parameters,
        draft: &Draft,
    ) -> BTreeSet<Option<String>> {
        let (mut without, mut alone) = (parameters.clone(), parameters.clone());
        without.unset(control);
        for other in Control::ALL.into_iter().filter(|other| *other != control) {
            alone.unset(other);
        }
        let alone = self.draft(&alone);
        let of_its_own = alone.differences(&self.draft(&Parameters::default())).into_iter();
        let is_there = |it: &Option<String>| alone.part(it.as_deref()) == draft.part(it.as_deref());
        // An object that it has made alone may hold more with the others.
        let of_its_own = of_its_own.flat_map(|it| match is_there(&it) {
            true => vec![it],
            false => alone.below(it.as_deref()).into_iter().filter(is_there).collect(),
        });
        let missing = draft.differences(&self.draft(&without));
        of_its_own.chain(missing).collect()
    }

    /// What is written though no control is set, and stands in `draft` too.
    fn unasked(&self, parameters: &Parameters, draft: &Draft) -> Vec<Origin> {
        let unset = self.draft(&Parameters::default());
        let is_nobodys = |(pointer, leaf): &(String, &Value)| {
            let is_in_list = pointer.split('/').any(is_index);
            self.makers(leaf).is_empty() && !is_in_list
        };
        let fields = leaves(&unset.body).into_iter().filter(is_nobodys).map(|(it, _)| Some(it));
        let parts = fields.filter(|it| draft.part(it.as_deref()).is_some()).chain([None]);
        let origin = |pointer: Option<String>| {
            let changes = |control: &Control| {
                let turned = self.draft(&turned(*control));
                turned.part(pointer.as_deref()) != unset.part(pointer.as_deref())
            };
            let control = self.dialect.controls().iter().copied().find(changes);
            let from = match control {
                Some(control) if parameters.is_set(control) => Maker::Control { control },
                // An address is asked for by sending at all.
                None if pointer.is_none() => return None,
                control => Maker::Unasked { control },
            };
            Some(Origin { pointer, from })
        };
        parts.filter_map(origin).collect()
    }
}

/// Characters for private use, which no dialect has a meaning for.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

fn numbered(messages: &[Message]) -> Vec<Message> {
    let numbered = messages.iter().enumerate().map(|(index, message)| Message {
        role: message.role,
        text: format!("{OPEN}{index}{CLOSE}"),
    });
    numbered.collect()
}

/// A model's name may decide the shape of a request by how it begins.
fn marked(model: &str) -> String {
    format!("{model}{OPEN}")
}

/// The item of a list around a leaf that holds nothing of other messages; the leaf itself, where
/// there is none. What lies in an item stands together.
fn outermost(at: usize, leaves: &[(String, Vec<Maker>)]) -> &str {
    let (pointer, own) = &leaves[at];
    let ends = pointer.match_indices('/').map(|(end, _)| end).chain([pointer.len()]).skip(1);
    let mut parts = ends.map(|end| &pointer[..end]);
    let is_own = |part: &str| {
        let lies_in = |leaf: &&(String, Vec<Maker>)| {
            leaf.0.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let before = leaves[..at].iter().rev().take_while(lies_in);
        let mut around = before.chain(leaves[at + 1..].iter().take_while(lies_in));
        around.all(|(_, makers)| makers.iter().all(|maker| own.contains(maker)))
    };
    let is_item = |part: &str| part.rsplit('/').next().is_some_and(is_index);
    parts.find(|part| is_item(part) && is_own(part)).unwrap_or(pointer)
}

/// The parts of `with` that are not in `without`, or are otherwise there.
fn differences(with: &Value, without: &Value) -> Vec<String> {
    let of_a_kind =
        with.is_object() && without.is_object() || with.is_array() && without.is_array();
    if !of_a_kind {
        return if with == without { Vec::new() } else { vec![String::new()] };
    }
    let below = children(with).into_iter().flat_map(|(name, child)| {
        let step = format!("/{name}");
        let parts = match without.pointer(&step) {
            Some(other) => differences(child, other),
            None => vec![String::new()],
        };
        parts.into_iter().map(move |rest| format!("{step}{rest}"))
    });
    below.collect()
}

/// Parameters with one control turned to what no dialect writes by itself.
fn turned(control: Control) -> Parameters {
    let mut it = Parameters::default();
    match control {
        Control::MaxTokens => it.max_tokens = Some(77),
        Control::Temperature => it.temperature = Some(0.25),
        Control::TopP => it.top_p = Some(0.25),
        Control::TopK => it.top_k = Some(7),
        Control::Stop => it.stop = Some(vec!["77".to_owned()]),
        Control::FrequencyPenalty => it.frequency_penalty = Some(0.25),
        Control::PresencePenalty => it.presence_penalty = Some(0.25),
        Control::N => it.n = Some(7),
        Control::Seed => it.seed = Some(77),
        Control::ResponseFormat => it.response_format = Some(ResponseFormat::JsonObject),
        Control::Logprobs => it.logprobs = Some(7),
        Control::Effort => it.effort = Some(Effort::Low),
        Control::ThinkingBudget => it.thinking_budget = Some(7777),
        Control::ShowReasoning => it.show_reasoning = Some(true),
        Control::Cache => it.cache = Some(CacheLifetime::Short),
        Control::Prefill => it.prefill = Some("77".to_owned()),
        Control::Stream => it.stream = Some(false),
    }
    it
}

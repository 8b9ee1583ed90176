//! What a reply came to: the fold of its deltas, for everything that needs the whole of it.

use crate::{ApiError, Delta, FinishReason, Usage};

/// A reply, or as much of it as came.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reply {
    /// The replies to the one prompt, by their numbers; mostly there is one.
    pub choices: Vec<Choice>,
    /// The calls that the model wants made, in the order in which they began.
    pub tool_calls: Vec<ToolCall>,
    /// Why each choice ended; of several reasons the last.
    pub finish: Vec<Finish>,
    /// The provider's last counts.
    pub usage: Option<Usage>,
    /// The model that answered.
    pub model: Option<String>,
    /// The failure that the provider reported.
    pub error: Option<ApiError>,
}

/// One of several replies to the same prompt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Its visible text.
    pub text: String,
    /// The reasoning that was shown.
    pub reasoning: String,
    /// The words with which the model declined.
    pub refusal: String,
}

/// A call that the model wants made. It is shown and never made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ToolCall {
    /// The choice that asks for it.
    pub choice: u32,
    /// Its number; 0 for the first that began.
    pub index: u32,
    /// The tool.
    pub name: String,
    /// What it is called with: JSON, if the model wrote it well.
    pub arguments: String,
}

/// How one choice ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finish {
    /// The choice.
    pub choice: u32,
    /// Why, in shared terms.
    pub reason: FinishReason,
    /// Why, in the provider's own word.
    pub raw: String,
}

/// More choices than any provider writes; a server's number may be anything.
pub(crate) const MOST_CHOICES: u32 = 128;

impl Reply {
    /// The text of the first choice.
    pub fn text(&self) -> &str {
        self.choices.first().map_or("", |it| &it.text)
    }

    /// The reasoning of the first choice.
    pub fn reasoning(&self) -> &str {
        self.choices.first().map_or("", |it| &it.reasoning)
    }

    /// The words with which the first choice declines.
    pub fn refusal(&self) -> &str {
        self.choices.first().map_or("", |it| &it.refusal)
    }

    /// Takes in what a frame told.
    pub fn apply(&mut self, delta: &Delta) {
        match delta {
            Delta::Text { choice, text, .. } => self.choice(*choice).text.push_str(text),
            Delta::Reasoning { choice, text } => self.choice(*choice).reasoning.push_str(text),
            Delta::Refusal { choice, text } => self.choice(*choice).refusal.push_str(text),
            Delta::ToolCall { choice, index, name, arguments } => {
                let call = self.call(*choice, *index);
                if let Some(name) = name {
                    call.name.clone_from(name);
                }
                call.arguments.push_str(arguments);
            }
            Delta::Usage(usage) => self.usage = Some(*usage),
            Delta::Finish { choice, reason, raw } => {
                self.finish.retain(|it| it.choice != *choice);
                self.finish.push(Finish { choice: *choice, reason: *reason, raw: raw.clone() });
            }
            Delta::Model { id } => self.model = Some(id.clone()),
            Delta::Error(error) => self.error = Some(error.clone()),
            Delta::Unreadable { .. } | Delta::Done => {}
        }
    }

    fn choice(&mut self, number: u32) -> &mut Choice {
        let at = number.min(MOST_CHOICES) as usize;
        if self.choices.len() <= at {
            self.choices.resize(at + 1, Choice::default());
        }
        &mut self.choices[at]
    }

    fn call(&mut self, choice: u32, index: u32) -> &mut ToolCall {
        let is_it = |call: &ToolCall| (call.choice, call.index) == (choice, index);
        let known = self.tool_calls.iter().position(is_it);
        let at = known.unwrap_or(self.tool_calls.len());
        if known.is_none() {
            self.tool_calls.push(ToolCall { choice, index, ..ToolCall::default() });
        }
        &mut self.tool_calls[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_kept_apart_however_they_interleave() {
        let call = |choice, name: Option<&str>, arguments: &str| {
            let (name, arguments) = (name.map(str::to_owned), arguments.to_owned());
            Delta::ToolCall { choice, index: 0, name, arguments }
        };
        let thought = |choice, text: &str| Delta::Reasoning { choice, text: text.into() };
        let refusal = |choice, text: &str| Delta::Refusal { choice, text: text.into() };
        let text =
            |choice, text: &str| Delta::Text { choice, text: text.into(), logprobs: Vec::new() };
        let mut reply = Reply::default();
        for delta in [
            thought(1, "w"),
            thought(0, "h"),
            text(1, "b"),
            thought(1, "hy"),
            call(1, Some("g"), ""),
            call(0, Some("f"), "{"),
            thought(0, "m"),
            refusal(1, "no"),
            call(1, None, "[]"),
            call(0, None, "}"),
            text(0, "a"),
        ] {
            reply.apply(&delta);
        }
        assert_eq!((reply.text(), reply.reasoning(), reply.refusal()), ("a", "hm", ""));
        let [_, other] = &reply.choices[..] else { panic!("two: {:?}", reply.choices) };
        assert_eq!((&*other.text, &*other.reasoning, &*other.refusal), ("b", "why", "no"));
        let calls = reply.tool_calls.iter().map(|it| (it.choice, &*it.name, &*it.arguments));
        assert_eq!(calls.collect::<Vec<_>>(), [(1, "g", "[]"), (0, "f", "{}")]);
    }
}

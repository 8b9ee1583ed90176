//! Limits in tokens.

use super::{Finding, Level, Lint, Recipient, Repair, Rule};
use crate::{
    Chat, Control, Role,
    chat::Effort,
    models::{self, usual_limit},
    tokens,
};

/// A model that reasons may well spend fewer tokens than this before it says a word.
const FEW: u32 = 1000;

/// How much a model reads and writes at once, in tokens. `None` means not known, never without
/// limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Room {
    /// What it reads at most, the reply included where that counts.
    pub window: Option<u32>,
    /// The largest prompt, where it is smaller than the window.
    pub max_input: Option<u32>,
    /// What is kept free in the window for the reply: the limit on it that is written, where prompt
    /// and limit have to fit together.
    pub reply: Option<u32>,
    /// Whether the server leaves out the oldest messages itself, without a word.
    pub forgets: bool,
}

/// The room that `chat` has at `recipient` on `day` (YYYY-MM-DD).
pub fn room(chat: &Chat, recipient: Recipient<'_>, day: &str) -> Room {
    Lint::new(chat, recipient, day, None).map(|lint| lint.room()).unwrap_or_default()
}

impl Lint<'_> {
    fn room(&self) -> Room {
        let window = self.model.and_then(|model| model.context_window);
        let read = self.format.forgets_above.filter(|_| !self.forgets_at_window());
        Room {
            window: window.into_iter().chain(read).min(),
            max_input: self.model.and_then(|model| model.max_input),
            reply: self.limit().filter(|_| self.format.reply_counts),
            forgets: self.format.forgets_above.is_some(),
        }
    }

    pub(super) fn size(&mut self) {
        self.reply();
        self.thinking_room();
        match self.format.forgets_above {
            Some(most) if !self.forgets_at_window() => self.forgotten(most),
            Some(_) => self.past_window(),
            None => self.prompt(),
        }
    }

    fn reply(&mut self) {
        let control = Control::MaxTokens;
        if self.format.zero_tokens && self.parameters.max_tokens == Some(0) {
            let why = "With 0 no reply is written: the prompt is only kept for later.".to_owned();
            let some = self.format.max_tokens_unset.unwrap_or(1).min(self.longest_reply());
            let clamp = Repair::Clamp { control, value: some.into() };
            let repairs = (some > 0).then_some(clamp).into_iter().collect();
            self.notice(Rule::NoReply, Some(control), why, repairs);
        }
        let longest = self.max_output();
        let is_open = self.sends(control) && !self.refuses(control);
        let asked = self.parameters.max_tokens.filter(|_| is_open);
        let (Some(longest), Some(_)) = (longest, asked.filter(|it| Some(*it) > longest)) else {
            return;
        };
        let why = format!("{} writes {longest} tokens at most.", self.name());
        let repairs =
            vec![Repair::Clamp { control, value: longest.into() }, Repair::Drop { control }];
        match self.format.max_output_refused {
            true => {
                let values = [("max", longest.to_string())];
                self.refused(Rule::MaxTokensOver, control, &values, why, repairs);
            }
            false => self.notice(Rule::MaxTokensOver, Some(control), why, repairs),
        }
    }

    /// Reasoning counts as part of the reply, and can use up all of it.
    fn thinking_room(&mut self) {
        let control = Control::MaxTokens;
        let reasons = self.family.is_some_and(|family| family.reasons == Some(true));
        let is_on = self.parameters.effort != Some(Effort::None);
        let is_little = self.parameters.max_tokens.is_some_and(|it| (1..FEW).contains(&it));
        if !(reasons && is_on && is_little) || self.refuses(control) {
            return;
        }
        let why = format!(
            "{} reasons before it answers, and that counts as well: with so few tokens the reply \
             may be empty.",
            self.name()
        );
        let none = Effort::None;
        let can_be_off = self.own_efforts().is_some_and(|efforts| efforts.contains(&none));
        let off = can_be_off.then_some(Repair::SetEffort { effort: none });
        let repairs = off.into_iter().chain([Repair::Drop { control }]).collect();
        self.notice(Rule::MayBeEmpty, Some(control), why, repairs);
    }

    /// The limit on the reply that is written.
    pub(super) fn limit(&self) -> Option<u32> {
        let budget = self.parameters.thinking_budget.unwrap_or(0);
        let unset = self.format.max_tokens_unset.map(|unset| usual_limit(unset, self.model));
        let unset = unset.map(|unset| unset.saturating_add(budget));
        self.parameters.max_tokens.or(unset)
    }

    /// What a reply may have at most: what the model can write, and what the prompt leaves.
    pub(super) fn longest_reply(&self) -> u32 {
        let window = self.model.and_then(|it| it.context_window);
        let room = window.filter(|_| self.format.reply_counts).zip(self.prompt);
        let room = room.map(|(window, prompt)| window.saturating_sub(prompt.tokens));
        self.max_output().unwrap_or(u32::MAX).min(room.unwrap_or(u32::MAX))
    }

    fn forgets_at_window(&self) -> bool {
        self.family.is_some_and(|family| family.forgets_at_window)
    }

    /// A model of which it is known how much it reads.
    fn past_window(&mut self) {
        let Some(most) = self.model.and_then(|model| model.context_window) else { return };
        let Some(prompt) = self.prompt.filter(|prompt| prompt.tokens > most) else { return };
        let (tokens, name) = (prompt.tokens, self.name());
        let about = if prompt.exact { "" } else { "about " };
        let why = format!("The messages are {about}{tokens} tokens, {name} reads {most}.");
        if prompt.exact && self.never_forgotten() > most {
            let says = self.says(Rule::PromptTooLong, None, &[]);
            let (rule, control, level) = (Rule::PromptTooLong, None, Level::Refused);
            let (why, repairs) = (format!("{why} Shorten them."), Vec::new());
            self.add(Finding { rule, control, level, says, why, repairs });
        } else {
            let why = format!("{why} It leaves out the oldest without a word.");
            self.notice(Rule::MayForget, None, why, Vec::new());
        }
    }

    /// How many tokens the messages are that stay where the oldest are left out: the system's and
    /// the last.
    fn never_forgotten(&self) -> u32 {
        let mut kept = self.recipient.dialect.prompt(self.chat).into_owned();
        let last = kept.len().saturating_sub(1);
        let mut place = 0..;
        kept.retain(|message| place.next() == Some(last) || message.role == Role::System);
        let choice = models::encoding_for(self.recipient.model);
        let kept = tokens::prompt(choice.encoding, &kept, choice.overhead, 0);
        kept.map_or(0, |kept| kept.total)
    }

    /// Servers that cut a long conversation short without a word.
    fn forgotten(&mut self, most: u32) {
        let Some(prompt) = self.prompt.filter(|prompt| prompt.tokens > most) else { return };
        let why = format!(
            "The messages are about {} tokens. Unless the server is set up for more, it reads \
             {most} and leaves out the oldest messages without a word.",
            prompt.tokens
        );
        self.notice(Rule::MayForget, None, why, Vec::new());
    }

    fn prompt(&mut self) {
        let (Some(model), Some(prompt)) = (self.model, self.prompt) else { return };
        let Some(window) = model.context_window else { return };
        let most = model.max_input.unwrap_or(window).min(window);
        // A count that may be wrong refuses nothing.
        let (level, about) =
            if prompt.exact { (Level::Refused, "") } else { (Level::Notice, "about ") };
        let tokens = prompt.tokens;
        if tokens > most {
            let values = [("tokens", tokens.to_string()), ("window", most.to_string())];
            let says = self.says(Rule::PromptTooLong, None, &values).filter(|_| prompt.exact);
            let why = format!(
                "The messages are {about}{tokens} tokens, {} reads {most}. Shorten them.",
                self.name()
            );
            let (rule, control, repairs) = (Rule::PromptTooLong, None, Vec::new());
            self.add(Finding { rule, control, level, says, why, repairs });
            return;
        }
        let Some(limit) = self.limit().filter(|_| self.format.reply_counts) else { return };
        let total = tokens.saturating_add(limit);
        // A limit that is more than the model ever writes is judged before.
        if self.max_output().is_some_and(|most| limit > most) {
            return;
        }
        if total > window && !self.refuses(Control::MaxTokens) {
            let values = [
                ("tokens", tokens.to_string()),
                ("window", window.to_string()),
                ("total", total.to_string()),
                ("value", limit.to_string()),
            ];
            let control = Some(Control::MaxTokens);
            let says = self.says(Rule::ReplyTooLong, control, &values).filter(|_| prompt.exact);
            let why = format!(
                "The messages ({about}{tokens} tokens) and max tokens ({limit}) do not fit into the \
                 window of {window} together."
            );
            let room = window.saturating_sub(tokens);
            let clamp = Repair::Clamp { control: Control::MaxTokens, value: room.into() };
            let repairs = (room > 0).then_some(clamp).into_iter().collect();
            let rule = Rule::ReplyTooLong;
            self.add(Finding { rule, control, level, says, why, repairs });
        }
    }
}

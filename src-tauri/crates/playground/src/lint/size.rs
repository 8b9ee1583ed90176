//! Limits in tokens.

use super::{Finding, Level, Lint, Repair, Rule};
use crate::Control;

impl Lint<'_> {
    pub(super) fn size(&mut self) {
        self.reply();
        self.prompt();
    }

    fn reply(&mut self) {
        let control = Control::MaxTokens;
        let longest = self.model.and_then(|model| model.max_output);
        let asked = self.parameters.max_tokens.filter(|_| self.sends(control));
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
        let limit = self.parameters.max_tokens.or(self.format.max_tokens_unset);
        let Some(limit) = limit.filter(|_| self.format.reply_counts) else { return };
        let total = tokens.saturating_add(limit);
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

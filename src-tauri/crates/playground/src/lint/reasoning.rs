//! Efforts, budgets, and whether a model reasons at all.

use super::{
    Lint, Repair, Rule,
    words::{quoted, sorted},
};
use crate::{Control, chat::Effort, models::usual_limit};

impl Lint<'_> {
    pub(super) fn reasoning(&mut self) {
        self.effort();
        self.budget();
        self.adaptive();
        self.pointless();
    }

    fn effort(&mut self) {
        let control = Control::Effort;
        let Some(effort) = self.parameters.effort.filter(|_| self.sends(control)) else { return };
        if self.refuses(control) {
            return;
        }
        if effort == Effort::None && self.family.is_some_and(|family| family.always_reasons) {
            let why = format!("{} always reasons: this changes nothing.", self.name());
            self.ignored(Rule::Ignored, control, why);
            return;
        }
        let own = self.own_efforts();
        let words = self.format.efforts.as_deref();
        if [own, words].into_iter().flatten().all(|efforts| efforts.contains(&effort)) {
            return;
        }
        let known = own.or(words).unwrap_or_default();
        let taken: Vec<_> =
            known.iter().copied().filter(|it| words.is_none_or(|all| all.contains(it))).collect();
        let distance = |it: &Effort| (*it as i8).abs_diff(effort as i8);
        let nearest = taken.iter().copied().min_by_key(distance);
        let set = nearest.map(|effort| Repair::SetEffort { effort });
        let mut repairs: Vec<_> = set.into_iter().chain([Repair::Drop { control }]).collect();
        if taken == [Effort::None] {
            // Who wants some reasoning does not want none.
            repairs.reverse();
        }
        let who = if own.is_some() { self.name() } else { &self.format.name };
        let why = match &taken[..] {
            [] => format!("{who} takes no effort."),
            [Effort::None] => format!("{who} takes no effort but none."),
            taken => format!("{who} takes {}.", quoted(taken).replace('\'', "")),
        };
        let values = [("quoted", quoted(&taken)), ("sorted", sorted(&taken))];
        self.refused(Rule::EffortUnknown, control, &values, why, repairs);
    }

    fn budget(&mut self) {
        let control = Control::ThinkingBudget;
        let Some(budget) = self.parameters.thinking_budget.filter(|_| self.sends(control)) else {
            return;
        };
        let has_level = self.parameters.effort.is_some_and(|effort| effort != Effort::None);
        if self.format.effort_or_budget && has_level {
            let why = "An effort and a budget exclude each other.".to_owned();
            let drops = [Control::Effort, control].map(|control| Repair::Drop { control });
            self.refused(Rule::EffortAndBudget, control, &[], why, drops.into());
        }
        if self.refuses(control) || !self.format.budget_below_max_tokens {
            return;
        }
        let longest = self.max_output().unwrap_or(u32::MAX);
        match self.parameters.max_tokens.map(|asked| asked.min(longest)) {
            Some(limit) if budget >= limit => {
                let why = format!(
                    "The budget is part of max tokens ({limit}), so it has to be smaller than that."
                );
                let repairs = self.make_room(budget, limit);
                self.refused(Rule::BudgetOverLimit, control, &[], why, repairs);
            }
            None if self.limit() > Some(longest) => self.budget_over_model(longest),
            _ => {}
        }
    }

    /// Where no limit is set, one is written that has room for the budget and a reply.
    fn budget_over_model(&mut self, longest: u32) {
        let control = Control::ThinkingBudget;
        let usual = usual_limit(self.format.max_tokens_unset.unwrap_or(0), self.model);
        let why = format!(
            "The budget and {usual} tokens for the reply are more than {} writes: {longest}.",
            self.name()
        );
        let asked = self.limit().unwrap_or_default().to_string();
        let values = [("value", asked), ("max", longest.to_string())];
        let value = f64::from(self.longest_reply().saturating_sub(usual));
        let clamp = (value >= self.least_budget()).then_some(Repair::Clamp { control, value });
        let repairs = clamp.into_iter().chain([Repair::Drop { control }]).collect();
        self.refused(Rule::MaxTokensOver, control, &values, why, repairs);
    }

    fn least_budget(&self) -> f64 {
        self.format.ranges.get(&Control::ThinkingBudget).map_or(0.0, |[least, _]| *least)
    }

    fn make_room(&self, budget: u32, limit: u32) -> Vec<Repair> {
        let most = self.longest_reply();
        let (raised, lowered) = (budget.saturating_add(1024).min(most), limit.saturating_sub(1));
        let clamp = |control, value: u32| Repair::Clamp { control, value: f64::from(value) };
        let raise = (raised > budget).then(|| clamp(Control::MaxTokens, raised));
        let lower = (f64::from(lowered) >= self.least_budget())
            .then(|| clamp(Control::ThinkingBudget, lowered));
        let drop = Repair::Drop { control: Control::ThinkingBudget };
        raise.into_iter().chain(lower).chain([drop]).collect()
    }

    /// Models that think by a budget only, asked to show what they think without one.
    fn adaptive(&mut self) {
        let control = Control::ShowReasoning;
        let asks = self.sends(control)
            && self.parameters.show_reasoning == Some(true)
            && !self.sends(Control::ThinkingBudget)
            && self.parameters.effort != Some(Effort::None);
        if asks && self.format.shows_by_adaptive && self.family.is_some_and(|it| !it.adaptive) {
            let why = format!("{} thinks only with a thinking budget.", self.name());
            let budget = Repair::Clamp { control: Control::ThinkingBudget, value: 1024.0 };
            let repairs = vec![budget, Repair::Drop { control }];
            self.refused(Rule::AdaptiveRefused, control, &[], why, repairs);
        }
    }

    fn pointless(&mut self) {
        if self.family.and_then(|family| family.reasons) != Some(false) {
            return;
        }
        let asks = [
            (Control::Effort, self.parameters.effort != Some(Effort::None)),
            (Control::ThinkingBudget, true),
            (Control::ShowReasoning, self.parameters.show_reasoning == Some(true)),
        ];
        for (control, _) in asks.into_iter().filter(|(_, asks)| *asks) {
            if self.sends(control) && !self.refuses(control) {
                let why = format!("{} does not reason before it answers.", self.name());
                self.notice(
                    Rule::DoesNotReason,
                    Some(control),
                    why,
                    vec![Repair::Drop { control }],
                );
            }
        }
    }
}

//! Temperature and its kin, which depend on each other and on reasoning.

use super::{Lint, Repair, Rule, repair::number};
use crate::{
    Control,
    chat::Effort,
    models::{Family, Sampling},
};

const CONTROLS: [Control; 4] =
    [Control::Temperature, Control::TopP, Control::TopK, Control::Logprobs];

impl Lint<'_> {
    pub(super) fn sampling(&mut self) {
        let Some(family) = self.family else { return };
        for control in CONTROLS {
            if is_sampling(family, control) && self.sends(control) && !self.refuses(control) {
                self.sampled(family, control);
            }
        }
        let both = [Control::Temperature, Control::TopP];
        if family.temperature_or_top_p && both.iter().all(|it| self.sends(*it)) {
            let why = format!("{} takes temperature or top_p, not both.", self.name());
            let repairs = both.iter().rev().map(|it| Repair::Drop { control: *it }).collect();
            self.refused(Rule::BothSampling, Control::TopP, &[], why, repairs);
        }
    }

    /// Whether the model refuses this whatever its value.
    pub(super) fn chooses_itself(&self, control: Control) -> bool {
        let family = self.family.filter(|family| is_sampling(family, control));
        match family.map(|family| family.sampling(&self.format.id)) {
            Some(Sampling::Refused) => true,
            Some(Sampling::EffortNone) => self.parameters.effort != Some(Effort::None),
            _ => false,
        }
    }

    fn sampled(&mut self, family: &Family, control: Control) {
        match family.sampling(&self.format.id) {
            Sampling::Accepted | Sampling::Unknown => {}
            Sampling::Ignored => {
                let why = format!("{} takes it, but it changes nothing there.", self.name());
                self.ignored(Rule::SamplingIgnored, control, why);
            }
            Sampling::IgnoredThinking if self.thinks() && control != Control::Logprobs => {
                let why = format!("{} thinks here: it changes nothing.", self.name());
                self.ignored(Rule::SamplingIgnored, control, why);
            }
            Sampling::EffortNone if self.parameters.effort == Some(Effort::None) => {}
            Sampling::EffortNone | Sampling::Refused if self.is_default(control) => {
                let why = format!("1 is its default, the only value that {} takes.", self.name());
                self.ignored(Rule::SamplingDefault, control, why);
            }
            Sampling::EffortNone => {
                let why = format!("{} takes it only with effort none.", self.name());
                let repairs =
                    vec![Repair::SetEffort { effort: Effort::None }, Repair::Drop { control }];
                self.refused(Rule::SamplingNeedsNoEffort, control, &[], why, repairs);
            }
            Sampling::Refused => {
                let why = format!("{} chooses its words itself: the call would fail.", self.name());
                let repairs = vec![Repair::Drop { control }];
                self.refused(Rule::SamplingRefused, control, &[], why, repairs);
            }
            Sampling::ThinkingOff if self.thinks() && !passes_with_thinking(self, control) => {
                let why = format!("{} takes it only while thinking is off.", self.name());
                // One that thinks unasked can be told not to.
                let is_unasked =
                    !self.sends(Control::ThinkingBudget) && family.reasons == Some(true);
                let off = is_unasked.then_some(Repair::SetEffort { effort: Effort::None });
                let repairs = off.into_iter().chain([Repair::Drop { control }]).collect();
                self.refused(Rule::SamplingWithThinking, control, &[], why, repairs);
            }
            Sampling::ThinkingOff | Sampling::IgnoredThinking => {}
        }
    }

    fn is_default(&self, control: Control) -> bool {
        let passes = self.format.default_passes.contains(&control);
        passes && number(self.parameters, control) == Some(1.0)
    }

    /// Whether the model will think: it is asked to, or does so unless it is told not to.
    fn thinks(&self) -> bool {
        let budget =
            self.parameters.thinking_budget.filter(|_| self.sends(Control::ThinkingBudget));
        let is_off = self.parameters.effort == Some(Effort::None);
        let shows = self.parameters.show_reasoning == Some(true);
        let is_asked = shows && self.sends(Control::ShowReasoning);
        let is_usual = self.family.and_then(|family| family.reasons) == Some(true);
        // A budget of 0 is none, where that may be asked for.
        let ranges = &self.format.ranges;
        let least = ranges.get(&Control::ThinkingBudget).map_or(0.0, |[least, _]| *least);
        match budget {
            Some(budget) => budget > 0 || least > 0.0,
            None => !is_off && (is_asked || is_usual),
        }
    }
}

/// Whether this is one of those that a family treats alike.
fn is_sampling(family: &Family, control: Control) -> bool {
    CONTROLS.contains(&control) && (control != Control::Logprobs || family.logprobs_as_sampling)
}

/// What may be set while a model thinks, that otherwise takes sampling.
fn passes_with_thinking(lint: &Lint<'_>, control: Control) -> bool {
    let value = number(lint.parameters, control);
    match control {
        Control::Temperature => value == Some(1.0),
        Control::TopP => value.is_some_and(|value| (0.95..=1.0).contains(&value)),
        _ => false,
    }
}

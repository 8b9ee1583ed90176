//! Temperature and its kin, which depend on each other and on reasoning.

use super::{Lint, Repair, Rule, repair::number};
use crate::{
    Control,
    chat::Effort,
    models::{Family, Sampling},
};

impl Lint<'_> {
    pub(super) fn sampling(&mut self) {
        let Some(family) = self.family else { return };
        for control in [Control::Temperature, Control::TopP, Control::TopK, Control::Logprobs] {
            let counts = control != Control::Logprobs || family.logprobs_as_sampling;
            if counts && self.sends(control) && !self.refuses(control) {
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

    fn sampled(&mut self, family: &Family, control: Control) {
        match family.sampling {
            Sampling::Accepted | Sampling::Unknown => {}
            Sampling::Ignored => {
                let why = format!("{} takes it, but it changes nothing there.", self.name());
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
                let repairs = vec![Repair::Drop { control }];
                self.refused(Rule::SamplingWithThinking, control, &[], why, repairs);
            }
            Sampling::ThinkingOff => {}
        }
    }

    fn is_default(&self, control: Control) -> bool {
        let passes = self.format.default_passes.contains(&control);
        passes && number(self.parameters, control) == Some(1.0)
    }

    /// Whether the request asks for thinking.
    pub(super) fn thinks(&self) -> bool {
        let shows = self.parameters.show_reasoning == Some(true);
        let asks = shows && self.parameters.effort != Some(Effort::None);
        self.sends(Control::ThinkingBudget) || (self.sends(Control::ShowReasoning) && asks)
    }
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

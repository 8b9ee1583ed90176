//! How much a model is to think, where a format says it in words or in tokens.

use crate::cards::Effort;

/// A budget of up to so many tokens leaves room for one thought, a larger one for several.
const LOW_BUDGET: i64 = 2048;

/// The effort that is nearest to a level; `None` for a word that is no level. There are two
/// efforts and up to six levels, so all up to the medium one are low and all above it high.
pub fn of_level(level: &str) -> Option<Effort> {
    match level {
        "minimal" | "low" | "medium" => Some(Effort::Low),
        "high" | "xhigh" | "max" => Some(Effort::High),
        _ => None,
    }
}

/// The effort that is nearest to a budget of so many tokens of thought. Below 0 the model
/// decides for itself, as it does where nobody says anything.
pub fn of_budget(tokens: i64) -> Effort {
    match tokens {
        ..0 => Effort::default(),
        0 => Effort::None,
        1..=LOW_BUDGET => Effort::Low,
        _ => Effort::High,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_budgets_become_the_nearest_effort() {
        let levels = ["minimal", "low", "medium", "high", "xhigh", "max", "none", ""];
        let [low, high] = [Some(Effort::Low), Some(Effort::High)];
        assert_eq!(levels.map(of_level), [low, low, low, high, high, high, None, None]);
        let budgets = [-1, 0, 1, 2048, 2049, i64::MAX];
        let [none, low, high] = [Effort::None, Effort::Low, Effort::High];
        assert_eq!(budgets.map(of_budget), [Effort::default(), none, low, low, high, high]);
    }
}

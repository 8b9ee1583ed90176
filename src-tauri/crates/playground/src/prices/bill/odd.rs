//! Counts that cannot be true. Servers send them; a bill says so rather than hide it.

use crate::Usage;

/// More tokens than any call can have: the largest windows hold some millions.
const MOST: u64 = 1_000_000_000;

/// A sentence for everything that is odd.
pub fn odd(usage: &Usage) -> Vec<String> {
    let mut odd = Vec::new();
    if usage.malformed {
        odd.push("A count was negative or no whole number; it is left out here.".into());
    }
    let Usage { cache_read_tokens: read, cache_write_tokens: written, .. } = usage;
    let cached: u128 = [read, written].into_iter().flatten().map(|it| u128::from(*it)).sum();
    if let Some(input) = usage.input_tokens.filter(|input| cached > u128::from(*input)) {
        odd.push(format!(
            "The provider counts {cached} cached tokens in a prompt of {input}; the cached ones are billed."
        ));
    }
    if let (Some(long), Some(all)) = (usage.cache_write_long_tokens, written)
        && long > *all
    {
        odd.push(format!(
            "The provider counts {long} tokens kept for long among {all} written to its cache; {all} are billed."
        ));
    }
    if let (Some(reasoning), Some(output)) = (usage.reasoning_tokens, usage.output_tokens)
        && reasoning > output
    {
        odd.push(format!(
            "The provider counts {reasoning} tokens of reasoning in an output of {output}; the output is billed."
        ));
    }
    let counts = [usage.input_tokens, usage.output_tokens, *read, *written];
    if let Some(most) = counts.into_iter().flatten().max().filter(|most| *most > MOST) {
        odd.push(format!("No call has {most} tokens; the bill is what they would cost."));
    }
    odd
}

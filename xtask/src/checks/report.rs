//! What the person reads while the checks run and when they have ended.

use super::count::Count;

/// How a step ended.
pub struct Outcome {
    /// The step's name.
    pub name: &'static str,
    /// How long it took.
    pub seconds: f64,
    /// Its single tests, if it has any.
    pub count: Count,
    /// Why it failed, if it did.
    pub error: Option<String>,
    /// Where its output is.
    pub log: String,
}

impl Outcome {
    /// Whether the step failed.
    pub fn has_failed(&self) -> bool {
        self.error.is_some()
    }

    /// What the step adds to the last line: its single tests, and itself where these do not say
    /// how it ended.
    fn totals(&self) -> (u32, u32) {
        let Count { passed, failed, .. } = self.count;
        match (self.has_failed(), passed, failed) {
            (false, 0, _) => (1, 0),
            (true, passed, 0) => (passed, 1),
            (_, passed, failed) => (passed, failed),
        }
    }
}

/// One line: `ok      clippy         12.3 s`.
pub fn line(outcome: &Outcome) -> String {
    let word = if outcome.has_failed() { "FAILED" } else { "ok" };
    let line = format!("{word:<7} {:<12} {:>7.1} s", outcome.name, outcome.seconds);
    let Count { passed, failed, skipped } = outcome.count;
    let counts: Vec<String> = [(passed, "passed"), (failed, "failed"), (skipped, "skipped")]
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    format!("{line}   {}", counts.join(", ")).trim_end().to_owned() + "\n"
}

/// Every step, why each failure failed and where its log is, and the line that CI reads.
pub fn summary(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        text.push_str(&line(outcome));
        if let Some(error) = &outcome.error {
            text.push_str(&format!("        {}\n", error.replace('\n', "\n        ")));
            text.push_str(&format!("        log: {}\n", outcome.log));
        }
        if outcome.has_failed() && outcome.name == "window" {
            text.push_str("        screenshots: target/test-artifacts\n");
        }
    }
    let (passed, failed) = outcomes
        .iter()
        .map(Outcome::totals)
        .fold((0, 0), |sum, totals| (sum.0 + totals.0, sum.1 + totals.1));
    text.push_str(&format!("\n{passed} passed, {failed} failed"));
    text
}

/// The end of a log, indented and without what went well: enough to see what went wrong without
/// opening it.
pub fn tail(log: &str) -> String {
    const LINES: usize = 80;
    let lines: Vec<&str> = log.lines().filter(|line| !is_noise(line)).collect();
    let from = lines.len().saturating_sub(LINES);
    lines[from..].iter().map(|line| format!("    {line}\n")).collect()
}

/// Lines that a long log has by the hundred, and that no failure was ever found in.
fn is_noise(line: &str) -> bool {
    let line = line.trim();
    let beginnings = ["Compiling ", "Checking ", "Running ", "running ", "test result: ok"];
    line.is_empty() || line.ends_with("... ok") || beginnings.iter().any(|b| line.starts_with(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(name: &'static str, passed: u32, failed: u32, error: Option<&str>) -> Outcome {
        let count = Count { passed, failed, skipped: 0 };
        let log = format!("target/test-logs/{name}.log");
        Outcome { name, seconds: 1.25, count, error: error.map(str::to_owned), log }
    }

    #[test]
    fn the_summary_ends_with_the_line_that_ci_reads() {
        let outcomes = [
            outcome("format", 0, 0, None),
            outcome("rust", 41, 1, Some("`cargo test` failed (exit status: 101)")),
            outcome("window", 0, 0, Some("not one test ran")),
        ];
        assert_eq!(
            summary(&outcomes),
            "ok      format           1.2 s\n\
             FAILED  rust             1.2 s   41 passed, 1 failed\n\
            \x20       `cargo test` failed (exit status: 101)\n\
            \x20       log: target/test-logs/rust.log\n\
             FAILED  window           1.2 s\n\
            \x20       not one test ran\n\
            \x20       log: target/test-logs/window.log\n\
            \x20       screenshots: target/test-artifacts\n\
             \n42 passed, 2 failed"
        );
    }

    #[test]
    fn a_step_that_failed_counts_even_when_all_of_its_tests_passed() {
        let failed = outcome("rust", 7, 0, Some("a doc test did not compile"));
        assert_eq!(failed.totals(), (7, 1));
    }

    #[test]
    fn a_tail_is_the_end_of_the_log() {
        let log: String = (0..100).map(|line| format!("line {line}\n")).collect();
        let text = tail(&log);
        assert!(text.starts_with("    line 20\n"), "{text}");
        assert!(text.ends_with("    line 99\n"), "{text}");
    }

    #[test]
    fn a_tail_leaves_out_what_went_well() {
        let log = "running 2 tests\ntest a ... ok\ntest b ... FAILED\n\n\
            ---- b stdout ----\nboom\ntest result: FAILED. 1 passed; 1 failed\n   Compiling c\n";
        assert_eq!(
            tail(log),
            "    test b ... FAILED\n    ---- b stdout ----\n    boom\n    \
             test result: FAILED. 1 passed; 1 failed\n"
        );
    }
}

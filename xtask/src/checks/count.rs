//! How many tests a step ran, read from what libtest and Vitest print.

/// Single tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Tests that held.
    pub passed: u32,
    /// Tests that did not.
    pub failed: u32,
    /// Tests that were ignored, skipped or left to do.
    pub skipped: u32,
}

impl Count {
    /// Adds up every closing line in a log.
    pub fn read(log: &str) -> Self {
        log.lines().filter_map(closing_line).flat_map(entries).fold(Self::default(), Self::plus)
    }

    fn plus(mut self, (number, word): (u32, &str)) -> Self {
        match word {
            "passed" => self.passed += number,
            "failed" => self.failed += number,
            "ignored" | "skipped" | "todo" => self.skipped += number,
            _ => {}
        }
        self
    }
}

/// The part of a closing line that counts:
/// `test result: ok. 3 passed; 0 failed; 1 ignored; …` or `Tests  2 passed | 1 skipped (3)`.
fn closing_line(line: &str) -> Option<&str> {
    let line = line.trim_start();
    match line.strip_prefix("test result: ") {
        Some(rest) => rest.split_once(". ").map(|(_, counts)| counts),
        None => line.strip_prefix("Tests  "),
    }
}

/// `3 passed; 0 failed` as numbers and words.
fn entries(counts: &str) -> impl Iterator<Item = (u32, &str)> {
    counts.split([';', '|']).filter_map(|entry| {
        let mut words = entry.split_whitespace();
        Some((words.next()?.parse().ok()?, words.next()?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_several_rust_binaries_add_up() {
        let log = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; \
            finished in 0.00s\n\
            test result: FAILED. 5 passed; 1 failed; 3 ignored; 0 measured; 7 filtered out; \
            finished in 1.20s\n";
        assert_eq!(Count::read(log), Count { passed: 7, failed: 1, skipped: 3 });
    }

    #[test]
    fn vitest_is_counted_by_tests_and_not_by_files() {
        let log = " Test Files  1 failed | 3 passed (4)\n      \
            Tests  2 failed | 12 passed | 1 skipped | 1 todo (16)\n";
        assert_eq!(Count::read(log), Count { passed: 12, failed: 2, skipped: 2 });
    }

    #[test]
    fn a_log_without_a_closing_line_counts_nothing() {
        assert_eq!(Count::read("error: could not compile\n3 passed\n"), Count::default());
    }
}

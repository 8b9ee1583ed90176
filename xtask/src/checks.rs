//! `cargo xtask test`: every check, one after the other, each with a log of its own.
//!
//! [`steps::STEPS`] is the list. A failed step does not stop the others, and the last line,
//! `N passed, M failed`, counts single tests where a step has them and the step itself where it
//! has not.

mod count;
mod log;
pub mod metadata;
mod recorded;
mod report;
mod steps;

use std::time::Instant;

use crate::error::Error;
use crate::project::{self, Project, on_ci};
use crate::setup::{self, Need, Node};

use count::Count;
use log::Log;
use report::Outcome;
use steps::{STEPS, Step};

/// What a step works with.
pub struct Bench<'a> {
    project: &'a Project,
    node: Node,
}

/// Runs the named steps, or all.
pub fn run(project: &Project, names: &[String]) -> Result<(), Error> {
    let steps = select(names)?;
    let node = match setup::ensure(project, Need::Checks) {
        Ok(node) => node,
        Err(error) => {
            println!("error: {error}\n\n0 passed, 1 failed");
            return Err(Error::ChecksFailed);
        }
    };
    let logs = project.scratch("test-logs");
    project::create_dir(&logs)?;
    // The shell embeds the page when it compiles: without the folder clippy would not even start.
    project::create_dir(&project.ui().join("dist"))?;
    let bench = Bench { project, node };
    let mut outcomes = Vec::new();
    for step in steps {
        outcomes.push(run_step(&bench, step)?);
    }
    println!("\n{}", report::summary(&outcomes));
    if outcomes.iter().any(Outcome::has_failed) { Err(Error::ChecksFailed) } else { Ok(()) }
}

/// One line per step, for the help text.
pub fn help() -> String {
    STEPS.iter().map(|step| format!("  {:<26} {}\n", step.name, step.summary)).collect()
}

/// `ui` selects every step whose name begins with `ui-`; the page's packages come with any.
fn select(names: &[String]) -> Result<Vec<&'static Step>, Error> {
    let matches = |step: &Step, name: &str| {
        step.name.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    for name in names {
        if !STEPS.iter().any(|step| matches(step, name)) {
            return Err(Error::UnknownStep { name: name.clone() });
        }
    }
    let is_named = |step: &Step| names.iter().any(|name| matches(step, name));
    let needs_packages = STEPS.iter().any(|step| step.name.starts_with("ui-") && is_named(step));
    let is_wanted = |step: &&Step| {
        names.is_empty() || is_named(step) || (needs_packages && step.name == "ui-packages")
    };
    Ok(STEPS.iter().filter(is_wanted).filter(|step| steps::can_run(step)).collect())
}

fn run_step(bench: &Bench<'_>, step: &Step) -> Result<Outcome, Error> {
    let path = bench.project.scratch("test-logs").join(step.name).with_extension("log");
    let mut log = Log::create(step.name, &path)?;
    let started = Instant::now();
    let result = (step.run)(bench, &mut log);
    let seconds = started.elapsed().as_secs_f64();
    let count = if step.has_tests { Count::read(&log.text()?) } else { Count::default() };
    let result = result.and_then(|()| judge(step, count));
    let error = result.err().map(|error| error.to_string());
    if let Some(error) = &error {
        log.note(error)?;
    }
    let log = bench.project.relative(&path).display().to_string();
    let outcome = Outcome { name: step.name, seconds, count, error, log };
    print!("{}", report::line(&outcome));
    if outcome.has_failed() {
        print!("{}", report::tail(&std::fs::read_to_string(&path).unwrap_or_default()));
    }
    Ok(outcome)
}

/// A green run that tested nothing, or in CI not everything, is not a green run.
fn judge(step: &Step, count: Count) -> Result<(), Error> {
    if step.has_tests && count.passed == 0 {
        return Err(Error::NothingTested);
    }
    if on_ci() && count.skipped > 0 {
        return Err(Error::Skipped { count: count.skipped });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(arguments: &[&str]) -> Vec<&'static str> {
        let arguments: Vec<String> = arguments.iter().map(|&name| name.to_owned()).collect();
        select(&arguments).unwrap().iter().map(|step| step.name).collect()
    }

    #[test]
    fn no_name_selects_every_step() {
        assert_eq!(names(&[]).len(), STEPS.iter().filter(|step| steps::can_run(step)).count());
    }

    #[test]
    fn a_name_selects_its_step_alone() {
        assert_eq!(names(&["clippy"]), ["clippy"]);
    }

    #[test]
    fn a_step_of_the_page_brings_the_packages_of_the_page() {
        assert_eq!(names(&["ui-lint"]), ["ui-packages", "ui-lint"]);
        assert!(names(&["ui"]).iter().all(|name| name.starts_with("ui-")));
        assert!(names(&["ui"]).len() > 3);
    }

    #[test]
    fn a_name_that_is_no_step_is_refused() {
        let error = select(&["clipy".to_owned()]).err().map(|error| error.to_string());
        assert!(error.is_some_and(|text| text.contains("clipy")));
    }

    #[test]
    fn a_run_without_a_test_is_a_failure() {
        let step = STEPS.iter().find(|step| step.has_tests).unwrap();
        assert!(judge(step, Count::default()).is_err());
    }
}

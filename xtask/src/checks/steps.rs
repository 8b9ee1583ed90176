//! The steps of `cargo xtask test`, in the order in which a mistake is cheapest to find.

use std::process::Command;

use super::log::Log;
use super::{Bench, metadata, recorded};
use crate::bindings;
use crate::error::Error;
use crate::interop;
use crate::process;
use crate::project::{self, on_ci};
use crate::session;
use crate::ui;

/// One check.
pub struct Step {
    /// What is typed to run it alone, and the name of its log.
    pub name: &'static str,
    /// What it checks, in a line.
    pub summary: &'static str,
    /// Whether its output counts single tests.
    pub has_tests: bool,
    /// The check itself.
    pub run: fn(&Bench<'_>, &mut Log) -> Result<(), Error>,
}

/// Integration tests that need a window or a keyring: they run in the step of that name.
const WINDOW_TESTS: &[&str] = &["app", "keyring"];

/// The list.
pub const STEPS: &[Step] = &[
    Step { name: "format", summary: "rustfmt", has_tests: false, run: format },
    Step { name: "ui-packages", summary: "npm ci", has_tests: false, run: ui_packages },
    Step { name: "ui-build", summary: "vite", has_tests: false, run: ui_build },
    Step { name: "ui-lint", summary: "eslint", has_tests: false, run: ui_lint },
    Step { name: "ui-format", summary: "prettier", has_tests: false, run: ui_format },
    Step { name: "ui-types", summary: "svelte-check", has_tests: false, run: ui_types },
    Step { name: "ui-tests", summary: "vitest", has_tests: true, run: ui_tests },
    Step { name: "clippy", summary: "clippy, warnings are errors", has_tests: false, run: clippy },
    Step { name: "rust", summary: "Rust tests without a window", has_tests: true, run: rust },
    Step {
        name: "bindings",
        summary: "ui/src/bindings is what Rust exports",
        has_tests: false,
        run: drift,
    },
    Step {
        name: "recorded",
        summary: "recorded replies, read as the official SDKs read them",
        has_tests: false,
        run: recorded,
    },
    Step {
        name: "interop",
        summary: "the official SDKs and every snippet against a practice server",
        has_tests: true,
        run: sdks,
    },
    Step {
        name: "window",
        summary: "the real window, with a private screen, bus and keyring",
        has_tests: true,
        run: window,
    },
];

/// The window can be driven on Linux alone. In CI nothing is left out: there it fails instead.
pub fn can_run(step: &Step) -> bool {
    cfg!(target_os = "linux") || on_ci() || step.name != "window"
}

fn format(bench: &Bench<'_>, log: &mut Log) -> Result<(), Error> {
    log.run(cargo(bench).args(["fmt", "--all", "--check"]))
}

fn ui_packages(bench: &Bench<'_>, log: &mut Log) -> Result<(), Error> {
    match ui::stale_packages(bench.project, &bench.node) {
        Some(mut command) => {
            log.run(&mut command)?;
            ui::mark_installed(bench.project)
        }
        None => Ok(()),
    }
}

fn ui_build(bench: &Bench<'_>, log: &mut Log) -> Result<(), Error> {
    npm_run(bench, log, "build")
}

fn ui_lint(bench: &Bench<'_>, log: &mut Log) -> Result<(), Error> {
    npm_run(bench, log, "lint")
}

fn ui_format(bench: &Bench<'_>, log: &mut Log) -> Result<(), Error> {
    npm_run(bench, log, "format:check")
}

fn ui_types(bench: &Bench<'_>, log: &mut Log) -> Result<(), Error> {
    npm_run(bench, log, "check")
}

fn ui_tests(bench: &Bench<'_>, log: &mut Log) -> Result<(), Error> {
    npm_run(bench, log, "test")
}

fn npm_run(bench: &Bench<'_>, log: &mut Log, script: &str) -> Result<(), Error> {
    log.run(&mut ui::npm(bench.project, &bench.node, &["run", script]))
}

fn clippy(bench: &Bench<'_>, log: &mut Log) -> Result<(), Error> {
    log.run(cargo(bench).args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// Cargo cannot leave out one integration test, so the others are named. Tests start examples as
/// programs of their own, and naming targets would leave those unbuilt.
fn rust(bench: &Bench<'_>, log: &mut Log) -> Result<(), Error> {
    log.run(cargo(bench).args(["build", "--workspace", "--examples"]))?;
    let mut tests = cargo(bench);
    tests.args(["test", "--workspace", "--no-fail-fast", "--lib", "--bins"]);
    for name in metadata::integration_tests(bench.project)? {
        if !WINDOW_TESTS.contains(&name.as_str()) {
            tests.args(["--test", &name]);
        }
    }
    let tests = log.run(&mut tests);
    let documentation = log.run(cargo(bench).args(["test", "--workspace", "--doc"]));
    tests.and(documentation)
}

fn drift(bench: &Bench<'_>, log: &mut Log) -> Result<(), Error> {
    let folder = bench.project.scratch("bindings");
    project::empty_dir(&folder)?;
    log.run(&mut bindings::export(bench.project, &folder))?;
    bindings::compare(bench.project, &folder)
}

fn recorded(bench: &Bench<'_>, log: &mut Log) -> Result<(), Error> {
    recorded::check(bench.project, log)
}

fn sdks(bench: &Bench<'_>, log: &mut Log) -> Result<(), Error> {
    interop::check(bench.project, &bench.node, &mut |command| log.run(command))
}

fn window(bench: &Bench<'_>, log: &mut Log) -> Result<(), Error> {
    if !cfg!(target_os = "linux") {
        return Err(Error::Missing {
            what: "a web driver for this system's web view".to_owned(),
            how: "run the step `window` on Linux".to_owned(),
        });
    }
    let artifacts = session::artifacts(bench.project);
    project::empty_dir(&artifacts)?;
    let mut tests = cargo(bench);
    tests.args(["test", "--package", "tokenscope", "--no-fail-fast", "--test", WINDOW_TESTS[0]]);
    let known = metadata::integration_tests(bench.project)?;
    for name in &WINDOW_TESTS[1..] {
        if known.iter().any(|test| test == name) {
            tests.args(["--test", name]);
        }
    }
    tests.env("TOKENSCOPE_TEST_ARTIFACTS", artifacts).env("RUST_BACKTRACE", "1");
    log.run(&mut session::private(bench.project, tests)?)
}

/// Cargo, with the types that tests export kept away from the committed ones.
fn cargo(bench: &Bench<'_>) -> Command {
    let mut command = process::cargo(bench.project);
    command.env("TS_RS_EXPORT_DIR", bench.project.scratch("bindings"));
    command
}

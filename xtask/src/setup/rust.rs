//! The parts of the Rust toolchain that a minimal installation lacks.

use std::process::Command;

use crate::error::Error;
use crate::process;

/// Adds rustfmt and clippy where rustup can; where it cannot, the checks will name them.
pub fn ensure_components() -> Result<(), Error> {
    let programs = [("rustfmt", "cargo-fmt"), ("clippy", "cargo-clippy")];
    let absent = |program: &str| process::output(Command::new(program).arg("--version")).is_none();
    let missing: Vec<&str> = programs
        .iter()
        .filter(|(_, program)| absent(program))
        .map(|(component, _)| *component)
        .collect();
    if missing.is_empty() || absent("rustup") {
        return Ok(());
    }
    eprintln!("Installing Rust components with rustup: {}", missing.join(" "));
    process::run(Command::new("rustup").args(["component", "add"]).args(missing))
}

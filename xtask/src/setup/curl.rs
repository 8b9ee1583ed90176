//! curl, as people have it: one language of the snippets is its command line.

use std::process::Command;

use super::apt;
use crate::error::Error;
use crate::process;

/// Succeeds where it is there; installed first where it is missing and we know how.
pub fn ensure() -> Result<(), Error> {
    if !is_here() && apt::is_here() {
        apt::install(apt::CURL)?;
    }
    let missing = || Error::Missing {
        what: "curl".to_owned(),
        how: "install it with your package manager, or from curl.se".to_owned(),
    };
    is_here().then_some(()).ok_or_else(missing)
}

fn is_here() -> bool {
    process::output(Command::new("curl").arg("--version")).is_some()
}

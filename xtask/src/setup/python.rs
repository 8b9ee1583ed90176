//! A Python that packages can be installed for, in a folder of their own.

use std::process::Command;

use super::apt;
use crate::error::Error;
use crate::process;

/// Succeeds where the version will do for what we install, and where a virtual environment can
/// be made: Debian keeps that apart.
const SUITABLE: &str = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";

/// The names it goes by, in the order in which they are tried: somebody's own in PATH may be
/// newer than the system's, or lack a part of it.
const NAMES: &[&str] = &["python3", "/usr/bin/python3", "python"];

/// Its program; installed first where it is missing and we know how.
pub fn ensure() -> Result<&'static str, Error> {
    if find().is_none() && apt::is_here() {
        apt::install(apt::PYTHON)?;
    }
    find().ok_or_else(|| Error::Missing {
        what: "Python 3.11 or newer, with venv".to_owned(),
        how: "install it with your package manager, or from python.org".to_owned(),
    })
}

fn find() -> Option<&'static str> {
    let suits = |name: &&&str| process::output(Command::new(name).args(["-c", SUITABLE])).is_some();
    NAMES.iter().find(suits).copied()
}

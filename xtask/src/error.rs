//! Everything that can stop a command, in words for the person at the terminal.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why a command stopped.
#[derive(Debug)]
pub enum Error {
    /// No command has this name.
    UnknownCommand { name: String },
    /// No step of `test` has this name.
    UnknownStep { name: String },
    /// The app was asked to open where nothing can show a window.
    NoDisplay,
    /// Something has to be installed by hand: `what` is missing and `how` gets it.
    Missing { what: String, how: String },
    /// A program could not be started at all.
    NotStarted { command: String, source: io::Error },
    /// A program ran and said no.
    Failed { command: String, status: String },
    /// A file or folder could not be read or written.
    File { action: &'static str, path: PathBuf, source: io::Error },
    /// A development server did not answer in time.
    NotListening { what: &'static str, address: String },
    /// The committed bindings are not what Rust exports; one line per file.
    Drift { files: Vec<String> },
    /// A run of tests ended well without testing anything.
    NothingTested,
    /// Tests were left out where all of them must run.
    Skipped { count: u32 },
    /// One or more checks failed, and the summary has said which.
    ChecksFailed,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownCommand { name } => {
                write!(f, "there is no command `{name}`; `cargo xtask help` lists them")
            }
            Self::UnknownStep { name } => {
                write!(f, "`test` has no step `{name}`; `cargo xtask help` lists them")
            }
            Self::NoDisplay => f.write_str(
                "There is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is \
                 set). Start it from a desktop session, or try `xvfb-run -a cargo xtask run`.",
            ),
            Self::Missing { what, how } => write!(f, "missing: {what}\n{how}"),
            Self::NotStarted { command, source } => write!(f, "cannot start `{command}`: {source}"),
            Self::Failed { command, status } => write!(f, "`{command}` failed ({status})"),
            Self::File { action, path, source } => {
                write!(f, "cannot {action} {}: {source}", path.display())
            }
            Self::NotListening { what, address } => {
                write!(f, "{what} does not answer on {address}")
            }
            Self::Drift { files } => write!(
                f,
                "ui/src/bindings is not what Rust exports:\n  {}\nrun `cargo xtask bindings` and \
                 commit the result",
                files.join("\n  ")
            ),
            Self::NothingTested => f.write_str("not one test ran"),
            Self::Skipped { count } => write!(f, "{count} skipped, and CI may skip nothing"),
            Self::ChecksFailed => f.write_str("checks failed"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotStarted { source, .. } | Self::File { source, .. } => Some(source),
            _ => None,
        }
    }
}

//! Starting the tools that do the work.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitStatus, Stdio};

use crate::error::Error;
use crate::project::Project;

/// The cargo that started us, in the root of the checkout.
///
/// Our own package's variables go, so that a build script which watches one of them does not
/// see a change between `cargo build` by hand and through us.
pub fn cargo(project: &Project) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(project.root());
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs a command to its end, with its output on the terminal.
pub fn run(command: &mut Command) -> Result<(), Error> {
    eprintln!("$ {}", describe(command));
    let status = command.status().map_err(|source| not_started(command, source))?;
    check(command, status)
}

/// Runs a command quietly and returns what it printed, or nothing if it is absent or failed.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Turns an unhappy end into an [`Error::Failed`].
pub fn check(command: &Command, status: ExitStatus) -> Result<(), Error> {
    if status.success() {
        return Ok(());
    }
    Err(Error::Failed { command: describe(command), status: status.to_string() })
}

/// An [`Error::NotStarted`] for `command`.
pub fn not_started(command: &Command, source: std::io::Error) -> Error {
    Error::NotStarted { command: describe(command), source }
}

/// The command as a person would type it, without the folder of the program; of an argument that
/// is a whole script, the first line.
pub fn describe(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program()).to_string_lossy();
    let mut text = name.into_owned();
    for argument in command.get_args() {
        text.push(' ');
        let argument = argument.to_string_lossy();
        match argument.split_once('\n') {
            Some((first, _)) => text.push_str(&format!("'{first} …'")),
            None => text.push_str(&argument),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_described_without_the_folder_of_its_program() {
        let mut command = Command::new("/opt/rust/bin/cargo");
        command.args(["test", "--workspace"]);
        assert_eq!(describe(&command), "cargo test --workspace");
    }

    #[test]
    fn a_script_is_described_by_its_first_line() {
        let mut command = Command::new("sh");
        command.args(["-c", "set -e\nexec true", "sh"]);
        assert_eq!(describe(&command), "sh -c 'set -e …' sh");
    }

    #[test]
    fn a_program_that_is_absent_prints_nothing() {
        assert_eq!(output(&mut Command::new("tokenscope-no-such-program")), None);
    }
}

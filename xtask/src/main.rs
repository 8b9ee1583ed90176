//! The project's own commands, so that a newcomer needs to know `cargo xtask` and nothing else.
//!
//! [`COMMANDS`] is the list of them; the help text prints from it. Each command first makes sure
//! that what it needs is there ([`setup`]), then calls the ordinary tools (cargo, npm, Vite).

mod bindings;
mod checks;
mod commands;
mod error;
mod interop;
mod process;
mod project;
mod session;
mod setup;
mod ui;

use std::process::ExitCode;

use error::Error;
use project::Project;

/// One command: what is typed, what it does in a line, and the code behind it.
struct Command {
    name: &'static str,
    arguments: &'static str,
    summary: &'static str,
    run: fn(&Project, &[String]) -> Result<(), Error>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "run",
        arguments: "[app arguments]",
        summary: "build the page and open the app",
        run: commands::run,
    },
    Command {
        name: "test",
        arguments: "[steps]",
        summary: "run every check, or only the steps that are named",
        run: checks::run,
    },
    Command {
        name: "dev",
        arguments: "[app arguments]",
        summary: "open the app on a page that reloads as ui/ changes",
        run: commands::dev,
    },
    Command {
        name: "bindings",
        arguments: "",
        summary: "write the page's types, ui/src/bindings, anew from Rust",
        run: bindings::regenerate,
    },
    Command {
        name: "interop",
        arguments: "",
        summary: "call a practice server with the official SDKs and every snippet",
        run: interop::run,
    },
    Command {
        name: "bench",
        arguments: "[bench arguments]",
        summary: "measure start, memory and streaming speed of a release build",
        run: commands::bench,
    },
    Command {
        name: "package",
        arguments: "[tauri arguments]",
        summary: "make the installable bundles for this system",
        run: commands::package,
    },
    Command {
        name: "icons",
        arguments: "",
        summary: "draw icons/ anew from icons/icon.svg",
        run: commands::icons,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        // The summary of the checks has said it all, and its last line must stay the last.
        Err(Error::ChecksFailed) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<(), Error> {
    let Some((name, rest)) = arguments.split_first() else {
        print!("{}", help());
        return Ok(());
    };
    if matches!(name.as_str(), "help" | "-h" | "--help") {
        print!("{}", help());
        return Ok(());
    }
    let command = COMMANDS
        .iter()
        .find(|command| command.name == name)
        .ok_or_else(|| Error::UnknownCommand { name: name.clone() })?;
    (command.run)(&Project::find(), rest)
}

fn help() -> String {
    let mut text = String::from("Usage: cargo xtask <command>\n\n");
    for Command { name, arguments, summary, .. } in COMMANDS {
        let usage = format!("{name} {arguments}");
        text.push_str(&format!("  {usage:<26} {summary}\n"));
    }
    text.push_str("\nSteps of `test`:\n\n");
    text.push_str(&checks::help());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_names_every_command_and_every_step() {
        let text = help();
        for command in COMMANDS {
            assert!(text.contains(command.summary), "help is silent about {}", command.name);
        }
        assert!(text.contains("clippy"), "help is silent about the steps:\n{text}");
    }

    #[test]
    fn an_unknown_command_is_refused_by_its_name() {
        let error = dispatch(&["rnu".to_owned()]).unwrap_err();
        assert!(error.to_string().contains("rnu"), "{error}");
    }
}

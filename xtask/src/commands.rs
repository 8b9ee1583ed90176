//! The commands that open, measure and bundle the app.

use std::fs;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::process;
use crate::project::{self, Project};
use crate::session;
use crate::setup::{self, Need, Node};
use crate::ui;

/// The address that `src-tauri/tauri.dev.conf.json` names as `devUrl`.
const DEV_SERVER: (&str, u16) = ("localhost", 5173);

/// The version of the bundler. It is fetched for the commands that need it, and not with the
/// page's packages: it is large, and comes as one package per system, not all of which a lock
/// file names that was written where a registry has only some of them. `npm ci` then refuses.
const TAURI_CLI: &str = "2.12.5";

/// `cargo xtask run`: the page is built, then the app opens.
pub fn run(project: &Project, arguments: &[String]) -> Result<(), Error> {
    require_display()?;
    let node = setup::ensure(project, Need::App)?;
    ui::build(project, &node)?;
    let mut command = process::cargo(project);
    command.args(["run", "--package", "tokenscope", "--"]).args(arguments);
    process::run(&mut command)
}

/// `cargo xtask dev`: the app opens on Vite's server, which reloads the page as it changes.
pub fn dev(project: &Project, arguments: &[String]) -> Result<(), Error> {
    require_display()?;
    let node = setup::ensure(project, Need::App)?;
    ui::install(project, &node)?;
    let settings = project.root().join("src-tauri/tauri.dev.conf.json");
    let settings = fs::read_to_string(&settings)
        .map_err(|source| project::file_error("read", &settings, source))?;
    let mut server = start_vite(project, &node)?;
    let mut command = process::cargo(project);
    command.args(["run", "--package", "tokenscope", "--no-default-features", "--"]);
    command.args(arguments).env("TAURI_CONFIG", settings);
    let ended = wait_until_listening(&mut server).and_then(|()| process::run(&mut command));
    // The server may have ended by itself; either way it is not running after this.
    let _ = server.kill();
    let _ = server.wait();
    ended
}

/// `cargo xtask bench`: measures a release build on a private desktop.
pub fn bench(project: &Project, arguments: &[String]) -> Result<(), Error> {
    let node = setup::ensure(project, Need::Checks)?;
    ui::build(project, &node)?;
    let mut build = process::cargo(project);
    build.args(["build", "--release", "--package", "tokenscope", "--bins", "--examples"]);
    process::run(&mut build)?;
    let mut bench = process::cargo(project);
    bench.args(["bench", "--package", "tokenscope", "--package", "recordings"]);
    // Only real benches: the unit tests of the crates have nothing to measure.
    bench.args(["--bench", "*", "--"]).args(arguments);
    process::run(&mut session::private(project, bench)?)
}

/// `cargo xtask package`: bundles for this system.
///
/// On Linux only those that need no download of foreign tools.
pub fn package(project: &Project, arguments: &[String]) -> Result<(), Error> {
    let node = setup::ensure(project, Need::App)?;
    ui::build(project, &node)?;
    let mut command = tauri(project, &node)?;
    command.arg("build");
    if cfg!(target_os = "linux") {
        command.args(["--bundles", "deb,rpm"]);
    }
    process::run(command.args(arguments))
}

/// `cargo xtask icons`: every size and format from the one drawing.
pub fn icons(project: &Project, _arguments: &[String]) -> Result<(), Error> {
    let node = setup::ensure(project, Need::Page)?;
    let mut command = tauri(project, &node)?;
    process::run(command.args(["icon", "icons/icon.svg", "-o", "icons"]))?;
    // The tool also draws for telephones, which the app does not run on.
    for folder in ["icons/android", "icons/ios"] {
        project::remove_dir(&project.root().join(folder))?;
    }
    Ok(())
}

fn require_display() -> Result<(), Error> {
    if session::has_display() { Ok(()) } else { Err(Error::NoDisplay) }
}

/// The Tauri command line, fetched into `target/tools` where it is absent.
fn tauri(project: &Project, node: &Node) -> Result<Command, Error> {
    let folder = project.scratch("tools").join(format!("tauri-cli-{TAURI_CLI}"));
    let script = folder.join("node_modules/@tauri-apps/cli/tauri.js");
    if !script.exists() {
        let package = format!("@tauri-apps/cli@{TAURI_CLI}");
        eprintln!("Installing {package} in {}", project.relative(&folder).display());
        project::create_dir(&folder)?;
        let mut install = node.command("npm");
        install.args(["install", "--no-save", "--no-package-lock", "--prefix"]).arg(&folder);
        process::run(install.current_dir(&folder).arg(package))?;
    }
    let mut command = node.command("node");
    command.arg(script).current_dir(project.root());
    Ok(command)
}

/// Starts Vite itself rather than through npm, so that ending it leaves no child behind. Vite
/// also ends when its input does, which covers the ends of ours that we cannot see coming.
fn start_vite(project: &Project, node: &Node) -> Result<Child, Error> {
    let mut command = node.command("node");
    command.current_dir(project.ui()).arg("node_modules/vite/bin/vite.js");
    command.args(["--port", &DEV_SERVER.1.to_string(), "--strictPort"]);
    command.env_remove("CI").stdin(Stdio::piped());
    command.spawn().map_err(|source| process::not_started(&command, source))
}

fn wait_until_listening(server: &mut Child) -> Result<(), Error> {
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline && matches!(server.try_wait(), Ok(None)) {
        if TcpStream::connect(DEV_SERVER).is_ok() {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(100));
    }
    let address = format!("{}:{}", DEV_SERVER.0, DEV_SERVER.1);
    Err(Error::NotListening { what: "the Vite server", address })
}

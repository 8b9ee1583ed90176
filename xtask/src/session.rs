//! A private desktop for tests and measurements: a virtual screen, a D-Bus session, a keyring
//! and a home folder that nobody else uses and that leave nothing behind in the person's own.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;
use crate::project::{self, Project};

/// Unlocks a fresh keyring, then becomes the command on a virtual screen.
///
/// The daemon's password is worth nothing: the keyring lives as long as the session.
const SCRIPT: &str = r#"printf tokenscope | gnome-keyring-daemon --unlock --components=secrets \
  >/dev/null && exec xvfb-run -a -s "-screen 0 1400x900x24" "$@""#;

/// A bus that starts no service by itself. With the system's own configuration a portal or an
/// accessibility service is started on demand, and where it cannot start, the window waits for
/// it for 25 seconds.
const BUS: &str = r#"<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// What a window needs to be the same on every machine.
const ENVIRONMENT: &[(&str, &str)] = &[
    ("GDK_BACKEND", "x11"),
    ("GSETTINGS_BACKEND", "memory"),
    ("LC_ALL", "C.UTF-8"),
    ("NO_AT_BRIDGE", "1"),
    // Two windows at once would compete for the keyboard focus and for the processor.
    ("RUST_TEST_THREADS", "1"),
    ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
];

/// Wraps `command` so that it runs on a private desktop, which is emptied first.
///
/// Elsewhere than on Linux there is no such thing, and the command is returned as it is.
pub fn private(project: &Project, command: Command) -> Result<Command, Error> {
    if !cfg!(target_os = "linux") {
        return Ok(command);
    }
    let home = project.scratch("test-home");
    project::empty_dir(&home)?;
    let bus = home.join("bus.conf");
    project::write(&bus, BUS)?;

    let mut wrapped = Command::new("dbus-run-session");
    wrapped.arg("--config-file").arg(bus).args(["--", "sh", "-c", SCRIPT, "sh"]);
    wrapped.arg(command.get_program()).args(command.get_args());
    wrapped.current_dir(command.get_current_dir().unwrap_or(project.root()));
    // First what must be kept of the home folder that is about to be hidden.
    keep_toolchain(&mut wrapped);
    hide_secrets(&mut wrapped);
    move_home(&mut wrapped, &home)?;
    wrapped.envs(ENVIRONMENT.iter().copied());
    wrapped.env_remove("WAYLAND_DISPLAY");
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    Ok(wrapped)
}

/// Cargo and rustup find themselves through the home folder unless they are told.
fn keep_toolchain(command: &mut Command) {
    for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
        let path = env::var_os(name).or_else(|| Some(env::home_dir()?.join(folder).into()));
        if let Some(path) = path {
            command.env(name, path);
        }
    }
}

/// A test never sees, and so can never send, a key of the person who runs it.
fn hide_secrets(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().ends_with("_API_KEY") {
            command.env_remove(name);
        }
    }
}

fn move_home(command: &mut Command, home: &Path) -> Result<(), Error> {
    command.env("HOME", home);
    let folders = [
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_RUNTIME_DIR", "runtime"),
    ];
    for (name, folder) in folders {
        let path = home.join(folder);
        project::create_dir(&path)?;
        restrict(&path)?;
        command.env(name, path);
    }
    Ok(())
}

/// The keyring refuses a runtime folder that others can read.
#[cfg(unix)]
fn restrict(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700))
        .map_err(|source| project::file_error("restrict", path, source))
}

#[cfg(not(unix))]
fn restrict(_path: &Path) -> Result<(), Error> {
    Ok(())
}

/// Whether a window can be opened from here.
pub fn has_display() -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value: OsString| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Where window tests leave their logs and screenshots.
pub fn artifacts(project: &Project) -> PathBuf {
    project.scratch("test-artifacts")
}

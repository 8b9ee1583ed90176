//! System packages on Debian, Ubuntu and what derives from them.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use super::Need;
use crate::error::Error;
use crate::process;

/// To compile and link the app, and to open its window.
const APP: &[&str] = &[
    "build-essential",
    "ca-certificates",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "libssl-dev",
    "libwebkit2gtk-4.1-dev",
    "pkg-config",
];

/// To drive the window on a screen, a bus and a keyring of its own. Fonts, because a screenshot
/// without glyphs shows nothing.
const CHECKS: &[&str] = &[
    "dbus",
    "dbus-x11",
    "fonts-dejavu-core",
    "fonts-noto-color-emoji",
    "fonts-noto-core",
    "gnome-keyring",
    "webkit2gtk-driver",
    "xauth",
    "xvfb",
];

/// To install packages of Python in a folder of their own.
pub const PYTHON: &[&str] = &["python3", "python3-venv"];

/// To run snippets that are a command of it.
pub const CURL: &[&str] = &["curl"];

/// A failed update is not yet a failure: one dead source among many must not stop a package
/// that the others have. Whether it is there, `install` will say.
const SCRIPT: &str = r#"export DEBIAN_FRONTEND=noninteractive
apt-get update || echo "apt-get update failed; trying with the lists that are here" >&2
exec apt-get install -y --no-install-recommends "$@""#;

/// Whether this system is one whose packages we know by name.
pub fn is_here() -> bool {
    cfg!(target_os = "linux")
        && process::output(Command::new("apt-get").arg("--version")).is_some()
        && process::output(Command::new("dpkg-query").arg("--version")).is_some()
}

/// The packages behind a need.
pub fn packages(need: Need) -> Vec<&'static str> {
    let mut packages = Vec::new();
    if need >= Need::App {
        packages.extend(APP);
    }
    if need >= Need::Checks {
        packages.extend(CHECKS);
        packages.extend(PYTHON);
        packages.extend(CURL);
    }
    packages
}

/// Installs those of `wanted` that are missing.
pub fn install(wanted: &[&str]) -> Result<(), Error> {
    let missing = missing(wanted, &installed(wanted));
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!("Installing system packages with apt-get: {}", missing.join(" "));
    let mut command = as_root()?;
    process::run(command.args(["sh", "-c", SCRIPT, "sh"]).args(missing))
}

/// One question for all packages. It fails when one of them is unknown, and still answers for
/// the others, so its exit status says nothing.
fn installed(wanted: &[&str]) -> String {
    if wanted.is_empty() {
        return String::new();
    }
    let mut command = Command::new("dpkg-query");
    command.args(["-W", "-f", "${Package}\t${Status}\n"]).args(wanted).stderr(Stdio::null());
    command.output().map_or_else(
        |_| String::new(),
        |output| String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

/// Those of `wanted` that `dpkg-query` does not call installed, in their order.
fn missing<'a>(wanted: &[&'a str], answer: &str) -> Vec<&'a str> {
    let installed: BTreeSet<&str> = answer
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter(|(_, status)| status.ends_with("ok installed"))
        .map(|(package, _)| package)
        .collect();
    wanted.iter().copied().filter(|package| !installed.contains(package)).collect()
}

/// `env` as root; through sudo for anybody else.
fn as_root() -> Result<Command, Error> {
    let user = process::output(Command::new("id").arg("-u")).unwrap_or_default();
    if user.trim() == "0" {
        return Ok(Command::new("env"));
    }
    if process::output(Command::new("sudo").arg("--version")).is_none() {
        return Err(Error::Missing {
            what: "sudo, to install the packages named above".to_owned(),
            how: "install those packages as root, then run this command again".to_owned(),
        });
    }
    let mut command = Command::new("sudo");
    command.arg("env");
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_package_that_is_fully_installed_counts() {
        let answer = "xvfb\tinstall ok installed\n\
                      xauth\tdeinstall ok config-files\n\
                      dbus\tinstall ok half-configured\n\
                      held\thold ok installed\n";
        assert_eq!(
            missing(&["xvfb", "xauth", "dbus", "held", "gnome-keyring"], answer),
            ["xauth", "dbus", "gnome-keyring"]
        );
    }

    #[test]
    fn a_package_installed_for_two_architectures_is_installed() {
        let answer = "libc6\tinstall ok installed\nlibc6\tinstall ok installed\n";
        assert!(missing(&["libc6"], answer).is_empty());
    }

    #[test]
    fn each_need_includes_the_one_before() {
        let (page, app, checks) =
            (packages(Need::Page), packages(Need::App), packages(Need::Checks));
        assert!(page.is_empty());
        assert!(app.iter().all(|package| checks.contains(package)));
        assert!(checks.len() > app.len());
    }
}

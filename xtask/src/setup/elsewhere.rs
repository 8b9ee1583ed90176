//! Systems whose packages we do not install: what is missing is named, with how to get it.

use std::process::Command;

use super::{Need, Node};
use crate::error::Error;
use crate::process;

/// A package manager, how it is recognised, and the command that gets the app's libraries.
struct Manager {
    program: &'static str,
    app: &'static str,
    checks: &'static str,
}

const MANAGERS: &[Manager] = &[
    Manager {
        program: "dnf",
        app: "sudo dnf install webkit2gtk4.1-devel openssl-devel libappindicator-gtk3-devel \
              librsvg2-devel gcc gcc-c++ make pkgconf-pkg-config",
        checks: "sudo dnf install webkit2gtk-driver xorg-x11-server-Xvfb xorg-x11-xauth \
                 dbus-daemon gnome-keyring google-noto-sans-fonts google-noto-color-emoji-fonts \
                 dejavu-sans-fonts",
    },
    Manager {
        program: "pacman",
        app: "sudo pacman -S --needed webkit2gtk-4.1 base-devel openssl libappindicator-gtk3 \
              librsvg",
        checks: "sudo pacman -S --needed xorg-server-xvfb xorg-xauth dbus gnome-keyring \
                 noto-fonts noto-fonts-emoji ttf-dejavu",
    },
    Manager {
        program: "zypper",
        app: "sudo zypper install webkit2gtk3-devel libopenssl-devel libappindicator3-1 \
              librsvg-devel gcc gcc-c++ make pkg-config",
        checks: "sudo zypper install xorg-x11-server-Xvfb xauth dbus-1 gnome-keyring \
                 google-noto-sans-fonts noto-coloremoji-fonts dejavu-fonts",
    },
    Manager {
        program: "apk",
        app: "sudo apk add webkit2gtk-4.1-dev build-base openssl-dev \
              libayatana-appindicator-dev librsvg-dev",
        checks: "sudo apk add xvfb-run xauth dbus gnome-keyring font-noto font-noto-emoji \
                 font-dejavu",
    },
];

/// The programs of a private desktop.
const CHECK_PROGRAMS: &[&str] =
    &["WebKitWebDriver", "xvfb-run", "xauth", "dbus-run-session", "gnome-keyring-daemon"];

/// Something that is not here, and what gets it.
struct Gap {
    what: String,
    how: &'static str,
}

/// Names everything that is missing at once, so that nobody has to try again for each.
pub fn check(need: Need, node: Option<Node>) -> Result<Node, Error> {
    let mut gaps = Vec::new();
    if need >= Need::App {
        gaps.extend(system_gaps(need));
    }
    match node {
        Some(node) if gaps.is_empty() => Ok(node),
        Some(_) => Err(missing(&gaps)),
        None => {
            gaps.push(Gap {
                what: "Node 20.19, 22.12 or newer, with npm".to_owned(),
                how: node_advice(),
            });
            Err(missing(&gaps))
        }
    }
}

fn missing(gaps: &[Gap]) -> Error {
    let what: Vec<&str> = gaps.iter().map(|gap| gap.what.as_str()).collect();
    let how: Vec<&str> = gaps.iter().map(|gap| gap.how).collect();
    Error::Missing { what: what.join(", "), how: how.join("\n") }
}

fn node_advice() -> &'static str {
    if cfg!(target_os = "macos") {
        "brew install node"
    } else if cfg!(windows) {
        "winget install OpenJS.NodeJS.LTS"
    } else {
        "install Node with your package manager, or a current binary from nodejs.org"
    }
}

fn system_gaps(need: Need) -> Vec<Gap> {
    if cfg!(target_os = "macos") {
        macos_gaps()
    } else if cfg!(windows) {
        windows_gaps()
    } else {
        linux_gaps(need)
    }
}

fn macos_gaps() -> Vec<Gap> {
    let found = process::output(Command::new("xcode-select").arg("-p")).is_some();
    let gap =
        Gap { what: "the Xcode command line tools".to_owned(), how: "xcode-select --install" };
    if found { Vec::new() } else { vec![gap] }
}

/// The MSVC tools are here, or this program could not have been linked; the web view may not be.
fn windows_gaps() -> Vec<Gap> {
    let found =
        ["HKLM\\SOFTWARE\\WOW6432Node", "HKLM\\SOFTWARE", "HKCU\\Software"].iter().any(|hive| {
            let key = format!(
                "{hive}\\Microsoft\\EdgeUpdate\\Clients\\{{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}}"
            );
            process::output(Command::new("reg").args(["query", &key, "/v", "pv"])).is_some()
        });
    let gap = Gap {
        what: "the WebView2 runtime".to_owned(),
        how: "winget install Microsoft.EdgeWebView2Runtime",
    };
    if found { Vec::new() } else { vec![gap] }
}

fn linux_gaps(need: Need) -> Vec<Gap> {
    let manager = MANAGERS.iter().find(|manager| in_path(manager.program));
    let unknown = "install them with your package manager";
    let mut gaps = Vec::new();
    for library in ["webkit2gtk-4.1", "librsvg-2.0"] {
        let question = ["--exists", library];
        if process::output(Command::new("pkg-config").args(question)).is_none() {
            let how = manager.map_or(unknown, |manager| manager.app);
            gaps.push(Gap { what: format!("{library} (development files)"), how });
        }
    }
    if need >= Need::Checks {
        let how = manager.map_or(unknown, |manager| manager.checks);
        let absent = CHECK_PROGRAMS.iter().filter(|program| !in_path(program));
        gaps.extend(absent.map(|program| Gap { what: (*program).to_owned(), how }));
    }
    gaps
}

fn in_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_missing_is_named_with_how_to_get_it() {
        let gaps = [
            Gap { what: "a library".to_owned(), how: "get library" },
            Gap { what: "Node".to_owned(), how: "get node" },
        ];
        let text = missing(&gaps).to_string();
        assert_eq!(text, "missing: a library, Node\nget library\nget node");
    }
}

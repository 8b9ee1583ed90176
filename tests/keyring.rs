//! Keys in the real keyring of a private session bus, and what happens when there is none.
//!
//! The tests need `dbus-run-session` and an unlocked keyring, which `cargo xtask test` gives
//! them; the last ones start buses of their own. By hand:
//! `HOME=$(mktemp -d) dbus-run-session -- sh -c 'printf pw | gnome-keyring-daemon --unlock
//! --components=secrets && cargo test -p tokenscope --test keyring'`
#![cfg(target_os = "linux")]

use secrecy::ExposeSecret;
use std::{env, fs, process::Command};
use tempfile::TempDir;
use tokenscope::keys::{KeyPlace, Keys, PastedKey};

const HERE: &str = "https://keys.example";
const THERE: &str = "https://keys.example:8443";
const KEPT: &str = "https://kept.example";
const KEY: &str = "sk-canary-0123456789-abcd";

fn keys() -> Keys {
    Keys::new(tokenscope::os_keyring())
}

fn pasted(key: &str) -> PastedKey {
    key.to_owned().into()
}

async fn found(keys: &Keys, origin: &str) -> Option<String> {
    let found = keys.find(origin).await.expect("the keyring answers");
    found.map(|key| key.expose_secret().to_owned())
}

/// Whether there is a keyring to test with. In CI there must be.
fn has_bus() -> bool {
    let has_bus = env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some();
    assert!(has_bus || env::var_os("CI").is_none(), "CI must run this inside dbus-run-session");
    if !has_bus {
        eprintln!("skipped: there is no session bus; `cargo xtask test` provides one");
    }
    has_bus
}

#[tokio::test]
async fn a_key_is_kept_replaced_and_forgotten() {
    if !has_bus() {
        return;
    }
    keys().keep(HERE, pasted(KEY)).await.expect("kept");
    let keys = keys();
    assert_eq!(found(&keys, HERE).await.as_deref(), Some(KEY), "a new start finds it");
    assert_eq!(keys.state(HERE).await, Some((KeyPlace::Keyring, Some("…abcd".into()))));
    assert_eq!(keys.notice(), None);
    assert_eq!(found(&keys, THERE).await, None, "another port is another origin");

    keys.keep(HERE, pasted("sk-another-0123456789")).await.expect("replaced");
    assert_eq!(found(&self::keys(), HERE).await.as_deref(), Some("sk-another-0123456789"));
    keys.forget(HERE).await.expect("forgotten");
    assert_eq!(found(&keys, HERE).await, None);
    assert_eq!(found(&self::keys(), HERE).await, None, "it is gone from the keyring too");
    keys.forget(HERE).await.expect("forgetting what is not there is no error");
}

#[tokio::test]
async fn without_a_bus_a_key_lives_for_the_session() {
    if is_child().await {
        return;
    }
    let folder = TempDir::new().expect("a temporary folder");
    let nowhere = format!("unix:path={}/no-bus", folder.path().display());
    let told = elsewhere(
        "without_a_bus_a_key_lives_for_the_session",
        &folder,
        Command::new(this()).env("DBUS_SESSION_BUS_ADDRESS", nowhere),
    );
    assert!(told.contains("this computer offers no keyring"), "{told}");
}

#[tokio::test]
async fn without_a_collection_a_key_lives_for_the_session() {
    if is_child().await {
        return;
    }
    if !has_bus() {
        return;
    }
    let folder = TempDir::new().expect("a temporary folder");
    let told = elsewhere(
        "without_a_collection_a_key_lives_for_the_session",
        &folder,
        &mut on_a_bus_of_its_own("exec \"$0\" \"$@\""),
    );
    assert!(told.contains("the keyring could not be used"), "{told}");
}

#[tokio::test]
async fn with_a_locked_keyring_and_no_display_a_key_lives_for_the_session() {
    if is_child().await {
        return;
    }
    if !has_bus() {
        return;
    }
    let folder = TempDir::new().expect("a temporary folder");
    let daemon = "gnome-keyring-daemon --components=secrets";
    // The first daemon takes a key, the second one finds it behind a password.
    let unlocked = format!("printf pw | {daemon} --unlock >&2 && exec \"$0\" \"$@\"");
    again(
        "with_a_locked_keyring_and_no_display_a_key_lives_for_the_session",
        "keep",
        &folder,
        &mut on_a_bus_of_its_own(&unlocked),
    );
    let locked = format!("{daemon} --start >&2; exec \"$0\" \"$@\"");
    let told = elsewhere(
        "with_a_locked_keyring_and_no_display_a_key_lives_for_the_session",
        &folder,
        on_a_bus_of_its_own(&locked).env_remove("DISPLAY"),
    );
    assert!(told.contains("the keyring could not be used"), "{told}");
    assert!(told.contains("locked: true"), "the kept key was there, behind the lock: {told}");
}

fn this() -> std::path::PathBuf {
    env::current_exe().expect("a test knows its file")
}

/// Runs `script` with this test binary as `$0`, under a new session bus.
fn on_a_bus_of_its_own(script: &str) -> Command {
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", script]).arg(this());
    command
}

/// Runs `test` again in a process whose home is `folder`, to play [`use_a_key`], and returns
/// what it printed.
fn elsewhere(test: &str, folder: &TempDir, command: &mut Command) -> String {
    let said = again(test, "use", folder, command);
    for file in files(folder.path()) {
        let bytes = fs::read(&file).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&bytes).contains("canary"), "a key is in {file:?}");
    }
    said
}

fn again(test: &str, part: &str, folder: &TempDir, command: &mut Command) -> String {
    let output = command
        .args(["--exact", test, "--nocapture"])
        .env(PART, part)
        .env("HOME", folder.path())
        .env_remove("XDG_DATA_HOME")
        .output()
        .expect("the test runs again");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder").flatten();
    let (folders, mut found): (Vec<_>, Vec<_>) =
        entries.map(|entry| entry.path()).partition(|path| path.is_dir());
    found.extend(folders.iter().flat_map(|folder| files(folder)));
    found
}

/// Names the part that this process plays, when a test has started it. The store is set up
/// once in a process, so each situation needs a new one.
const PART: &str = "TOKENSCOPE_KEYRING_PART";

/// Plays the part that a test gave to this process, if one did.
async fn is_child() -> bool {
    match env::var(PART).as_deref() {
        Ok("keep") => keep_a_key().await,
        Ok(_) => use_a_key().await,
        Err(_) => return false,
    }
    true
}

async fn use_a_key() {
    let keys = keys();
    println!("locked: {}", keys.find(KEPT).await.is_err());
    keys.keep(HERE, pasted(KEY)).await.expect("kept in memory");
    assert_eq!(keys.state(HERE).await, Some((KeyPlace::Session, Some("…abcd".into()))));
    assert_eq!(found(&keys, HERE).await.as_deref(), Some(KEY), "it can be used");
    let fresh = self::keys();
    assert!(!matches!(fresh.find(HERE).await, Ok(Some(_))), "and is nowhere else");
    println!("{}", keys.notice().expect("the person is told"));
}

async fn keep_a_key() {
    let keys = keys();
    keys.keep(KEPT, pasted(KEY)).await.expect("kept");
    assert_eq!(keys.notice(), None);
}

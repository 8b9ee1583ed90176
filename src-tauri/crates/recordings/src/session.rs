//! Which process still writes which run.
//!
//! A run whose process was killed has no last event, nor has one that another window writes right
//! now. The difference is a lock: each process holds one on a file of its own, and the system
//! lets go of it however the process ends.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    process,
    time::{SystemTime, UNIX_EPOCH},
};

/// This process, for as long as it lives.
pub struct Session {
    name: String,
    path: PathBuf,
    // Held, not read: closing it lets go of the lock.
    _lock: File,
}

impl Session {
    /// Takes a lock in `folder`.
    pub fn begin(folder: &Path) -> io::Result<Session> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let name = format!("{}-{}", now.as_nanos(), process::id());
        let path = path(folder, &name);
        let lock = File::create(&path)?;
        lock.lock()?;
        Ok(Session { name, path, _lock: lock })
    }

    /// What its runs are marked with.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // What is left behind is swept up by the next to look.
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether the process that marked runs with `name` is gone.
pub fn has_ended(folder: &Path, name: &str) -> bool {
    let path = path(folder, name);
    let Ok(file) = File::open(&path) else { return true };
    match file.try_lock() {
        Ok(()) => {
            let _ = fs::remove_file(path);
            true
        }
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(_)) => false,
    }
}

/// Names come out of a database, which may be anybody's.
fn path(folder: &Path, name: &str) -> PathBuf {
    let plain: String = name.chars().filter(|it| it.is_ascii_digit() || *it == '-').collect();
    folder.join(format!("session-{plain}.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    #[test]
    fn a_session_lasts_as_long_as_it_is_held() {
        let folder = TempDir::new().expect("a temporary folder");
        let session = Session::begin(folder.path()).expect("begun");
        let name = session.name().to_owned();
        assert!(!has_ended(folder.path(), &name));
        drop(session);
        assert!(has_ended(folder.path(), &name));
        assert!(has_ended(folder.path(), "../../etc/passwd"));
    }

    #[test]
    fn a_lock_that_nobody_holds_is_swept_up() {
        let folder = TempDir::new().expect("a temporary folder");
        let left = path(folder.path(), "1-2");
        fs::write(&left, "").expect("written");
        assert!(has_ended(folder.path(), "1-2"));
        assert!(!left.exists());
    }
}

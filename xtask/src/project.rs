//! Where things are in the checkout, and the few file operations the commands share.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// The checkout this `xtask` was built in.
pub struct Project {
    root: PathBuf,
}

impl Project {
    /// Finds the checkout: cargo says where when it starts us, and a moved checkout stays right.
    pub fn find() -> Self {
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        Self { root: manifest.parent().map_or_else(|| manifest.clone(), Path::to_path_buf) }
    }

    /// The folder of the workspace's `Cargo.toml`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The page: a Vite project.
    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// The page's types, written by ts-rs and committed.
    pub fn bindings(&self) -> PathBuf {
        self.ui().join("src/bindings")
    }

    /// A folder of ours under `target/`, which is ignored by git and removed by `cargo clean`.
    /// It does not follow CARGO_TARGET_DIR: people look for logs and screenshots here.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.root.join("target").join(name)
    }

    /// A path as people like to read it: from the root of the checkout.
    pub fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}

/// Whether this is a continuous-integration run, where nothing may be skipped.
pub fn on_ci() -> bool {
    env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}

/// Makes `path` an existing folder.
pub fn create_dir(path: &Path) -> Result<(), Error> {
    fs::create_dir_all(path).map_err(|source| file_error("create", path, source))
}

/// Makes `path` an existing folder with nothing in it.
pub fn empty_dir(path: &Path) -> Result<(), Error> {
    remove_dir(path)?;
    create_dir(path)
}

/// Removes a folder and all in it, if it is there.
pub fn remove_dir(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => {
            Err(file_error("empty", path, source))
        }
        _ => Ok(()),
    }
}

/// Writes a whole file.
pub fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result<(), Error> {
    fs::write(path, contents).map_err(|source| file_error("write", path, source))
}

/// An [`Error::File`] for `path`.
pub fn file_error(action: &'static str, path: &Path, source: io::Error) -> Error {
    Error::File { action, path: path.to_owned(), source }
}

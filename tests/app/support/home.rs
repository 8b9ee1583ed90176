//! A home folder that belongs to one test.

use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

const IDENTIFIER: &str = "dev.tokenscope.Tokenscope";

/// Where an app keeps its data; several starts may share one.
pub struct Home(TempDir);

impl Home {
    /// A fresh one: the first start.
    pub fn new() -> Home {
        let home = Home(TempDir::new().expect("a temporary folder"));
        for folder in ["data", "config", "cache"] {
            fs::create_dir(home.0.path().join(folder)).expect("a folder in it");
        }
        home
    }

    /// One with settings from before. What they leave out has its default.
    pub fn with(settings: &Value) -> Home {
        let home = Home::new();
        let path = home.settings_path();
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("the data folder");
        fs::write(path, settings.to_string()).expect("the settings are written");
        home
    }

    /// The folder around everything.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// A folder or file in it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// What the settings file says now; null while there is none.
    pub fn settings(&self) -> Value {
        let text = fs::read_to_string(self.settings_path()).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// Every file in it.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder can be read").flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                    Ok(kind) if kind.is_file() => files.push(entry.path()),
                    _ => {}
                }
            }
        }
        files
    }

    /// Where the app keeps its settings.
    pub fn settings_path(&self) -> PathBuf {
        self.join("data").join(IDENTIFIER).join("settings.json")
    }
}

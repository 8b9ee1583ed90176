//! The settings in memory and in the store.

use super::{Settings, SettingsError, file};
use serde_json::{Map, Value};
use std::sync::{Mutex, MutexGuard};
use tauri::{AppHandle, Runtime};
use tauri_plugin_store::{StoreBuilder, resolve_store_path};
use time::OffsetDateTime;

/// The file's name in the app's data folder.
const FILE: &str = "settings.json";

type Save = Box<dyn Fn(Map<String, Value>) -> Result<(), SettingsError> + Send + Sync>;

/// The settings as they are now, and the way to keep them.
pub struct Preferences {
    now: Mutex<Settings>,
    notices: Vec<String>,
    save: Save,
}

impl Preferences {
    /// Reads the settings, mending the file first where it needs that.
    pub fn open<R: Runtime>(app: &AppHandle<R>) -> tauri_plugin_store::Result<Preferences> {
        let path = resolve_store_path(app, FILE)?;
        let mut notices = file::mend(&path, OffsetDateTime::now_utc());
        let store = StoreBuilder::new(app, FILE).disable_auto_save().build()?;
        let (settings, unusable) = Settings::read(store.entries().into_iter().collect());
        notices.extend(unusable.iter().map(|name| {
            format!("The setting {name} could not be used and is back to its default.")
        }));
        let save = move |entries: Map<String, Value>| {
            for (name, value) in entries {
                store.set(name, value);
            }
            store.save().map_err(|error| SettingsError::NotSaved(error.to_string()))?;
            file::back_up(&path).map_err(|error| SettingsError::NotSaved(error.to_string()))
        };
        Ok(Preferences { now: Mutex::new(settings), notices, save: Box::new(save) })
    }

    /// The settings as they are now.
    pub fn get(&self) -> Settings {
        self.now().clone()
    }

    /// What to tell the person about the settings that were found.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// Checks `settings` and keeps them, in memory at once and then on disk. It blocks.
    pub fn set(&self, settings: Settings) -> Result<(), SettingsError> {
        settings.check()?;
        let settings = Settings { schema_version: super::SCHEMA_VERSION, ..settings };
        // The lock is held while writing, so that two saves do not mix.
        let mut now = self.now();
        *now = settings;
        (self.save)(now.entries())
    }

    fn now(&self) -> MutexGuard<'_, Settings> {
        self.now.lock().expect("nothing panics while it holds this lock")
    }
}

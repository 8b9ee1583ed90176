//! The lists of models that servers gave, kept with their day so that nobody has to ask again.
//!
//! They are a cache: a file that cannot be read is as good as none.

use crate::settings::file;
use playground::dialect::ListedModel;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs, io,
    path::PathBuf,
    sync::{Mutex, MutexGuard},
};

/// The file's name in the app's data folder.
pub const FILE: &str = "lists.json";

/// What a server listed, and on which day (UTC).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptList {
    /// The day, such as `2026-11-20`.
    pub listed: String,
    /// The models that answer chats, in the server's order.
    pub models: Vec<ListedModel>,
}

/// Every list, by the place that gave it. The file is read when the first one is wanted.
pub struct Lists {
    path: PathBuf,
    known: Mutex<Option<BTreeMap<String, KeptList>>>,
}

impl Lists {
    /// Those in the file at `path`, if it is there.
    pub fn at(path: PathBuf) -> Lists {
        Lists { path, known: Mutex::default() }
    }

    /// What `place` listed last.
    pub fn get(&self, place: &str) -> Option<KeptList> {
        self.with(|known| known.get(place).cloned())
    }

    /// Keeps a list, in memory at once and then on disk. It blocks.
    pub fn keep(&self, place: &str, list: KeptList) -> io::Result<()> {
        self.with(|known| {
            known.insert(place.to_owned(), list);
            file::replace(&self.path, &serde_json::to_vec(known)?)
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut BTreeMap<String, KeptList>) -> T) -> T {
        let mut known: MutexGuard<'_, _> =
            self.known.lock().expect("nothing panics while it holds this lock");
        work(known.get_or_insert_with(|| {
            let bytes = fs::read(&self.path).unwrap_or_default();
            serde_json::from_slice(&bytes).unwrap_or_default()
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    fn list(ids: &[&str]) -> KeptList {
        let models = ids.iter().map(|id| ListedModel::new(*id)).collect();
        KeptList { listed: "2026-11-20".into(), models }
    }

    #[test]
    fn a_list_is_there_again_after_a_restart() {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join(FILE);
        let lists = Lists::at(path.clone());
        assert_eq!(lists.get("here"), None);
        lists.keep("here", list(&["a"])).expect("written");
        lists.keep("there", list(&["b"])).expect("written");
        lists.keep("here", list(&["a", "c"])).expect("written");
        let again = Lists::at(path);
        assert_eq!(again.get("here"), Some(list(&["a", "c"])));
        assert_eq!(again.get("there"), Some(list(&["b"])));
    }

    #[test]
    fn a_damaged_file_is_as_good_as_none() {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join(FILE);
        Lists::at(path.clone()).keep("here", list(&["a"])).expect("written");
        let whole = fs::read(&path).expect("it is there");
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).expect("written");
            let lists = Lists::at(path.clone());
            assert_eq!(lists.get("here"), None, "{length} bytes");
            lists.keep("here", list(&["b"])).expect("it can be written again");
            assert_eq!(Lists::at(path.clone()).get("here"), Some(list(&["b"])));
        }
    }
}

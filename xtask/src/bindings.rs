//! The page's types are exported from Rust by ts-rs, as tests that write files. They are
//! committed, so that the page builds without Rust; here they are renewed and compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;
use crate::process;
use crate::project::{self, Project};
use crate::setup::{self, Need};

/// Relative path to contents.
type Files = BTreeMap<PathBuf, Vec<u8>>;

/// `cargo xtask bindings`: what is no longer exported goes, the rest is written anew.
pub fn regenerate(project: &Project, _arguments: &[String]) -> Result<(), Error> {
    setup::ensure(project, Need::App)?;
    // The shell embeds the page when it compiles, and the page needs its types when it builds:
    // an empty page lets us begin with the types.
    project::create_dir(&project.ui().join("dist"))?;
    // Elsewhere first: while Rust does not compile, the types of yesterday stay.
    let exported = project.scratch("bindings");
    project::empty_dir(&exported)?;
    process::run(&mut export(project, &exported))?;
    project::empty_dir(&project.bindings())?;
    for (path, contents) in read(&exported)? {
        let path = project.bindings().join(path);
        fs::write(&path, contents).map_err(|source| project::file_error("write", &path, source))?;
    }
    Ok(())
}

/// The command that exports every type into `folder`.
pub fn export(project: &Project, folder: &Path) -> Command {
    let mut command = process::cargo(project);
    command.args(["test", "--workspace", "--lib", "export_bindings"]);
    command.env("TS_RS_EXPORT_DIR", folder);
    command
}

/// Compares what was exported into `folder` with what is committed.
pub fn compare(project: &Project, folder: &Path) -> Result<(), Error> {
    let exported = read(folder)?;
    if exported.is_empty() {
        return Err(Error::NothingTested);
    }
    let files = differences(&exported, &read(&project.bindings())?);
    if files.is_empty() { Ok(()) } else { Err(Error::Drift { files }) }
}

/// One line for each file that is not the same on both sides.
fn differences(exported: &Files, committed: &Files) -> Vec<String> {
    let paths: BTreeSet<&PathBuf> = exported.keys().chain(committed.keys()).collect();
    let describe = |path: &PathBuf| {
        let what = match (exported.get(path), committed.get(path)) {
            (Some(left), Some(right)) if left == right => return None,
            (Some(_), Some(_)) => "differs",
            (Some(_), None) => "is missing",
            (None, _) => "is no longer exported",
        };
        Some(format!("{} {what}", path.display()))
    };
    paths.into_iter().filter_map(describe).collect()
}

/// Reads a folder and all below it; a folder that is absent is empty.
fn read(folder: &Path) -> Result<Files, Error> {
    let mut files = Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        if !current.exists() {
            continue;
        }
        let unreadable = |source| project::file_error("read", &current, source);
        for entry in fs::read_dir(&current).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let contents =
                fs::read(&path).map_err(|source| project::file_error("read", &path, source))?;
            let relative = path.strip_prefix(folder).unwrap_or(&path).to_owned();
            files.insert(relative, contents);
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(entries: &[(&str, &str)]) -> Files {
        entries.iter().map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn equal_folders_have_no_differences() {
        let both = files(&[("Chat.ts", "a"), ("serde_json/JsonValue.ts", "b")]);
        assert_eq!(differences(&both, &both), Vec::<String>::new());
    }

    #[test]
    fn each_kind_of_difference_is_named_with_its_file() {
        let exported = files(&[("Chat.ts", "new"), ("Run.ts", "r")]);
        let committed = files(&[("Chat.ts", "old"), ("Gone.ts", "g")]);
        assert_eq!(
            differences(&exported, &committed),
            ["Chat.ts differs", "Gone.ts is no longer exported", "Run.ts is missing"]
        );
    }

    #[test]
    fn a_folder_is_read_with_its_subfolders() {
        let folder = std::env::temp_dir().join(format!("xtask-bindings-{}", std::process::id()));
        fs::create_dir_all(folder.join("deep")).unwrap();
        fs::write(folder.join("A.ts"), "a").unwrap();
        fs::write(folder.join("deep/B.ts"), "b").unwrap();
        let found = read(&folder).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(found, files(&[("A.ts", "a"), ("deep/B.ts", "b")]));
    }

    #[test]
    fn a_folder_that_is_absent_is_empty() {
        assert!(read(Path::new("/tokenscope/no/such/folder")).unwrap().is_empty());
    }
}

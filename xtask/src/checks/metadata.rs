//! What cargo knows of the workspace: its integration tests, and where it builds.

use std::path::PathBuf;

use crate::error::Error;
use crate::process;
use crate::project::Project;

/// Every integration test of every package, by name.
pub fn integration_tests(project: &Project) -> Result<Vec<String>, Error> {
    Ok(names(&metadata(project)?))
}

/// The folder that holds `debug`; it need not be in the checkout.
pub fn target_folder(project: &Project) -> Result<PathBuf, Error> {
    let metadata = metadata(project)?;
    let folder = text_after(&metadata, r#""target_directory":""#);
    Ok(folder.map_or_else(|| project.scratch(""), |text| PathBuf::from(text.replace(r"\\", r"\"))))
}

fn metadata(project: &Project) -> Result<String, Error> {
    let mut command = process::cargo(project);
    command.args(["metadata", "--no-deps", "--format-version", "1"]);
    let output = command.output().map_err(|source| process::not_started(&command, source))?;
    process::check(&command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The rest of a JSON text that begins with `start`.
fn text_after(metadata: &str, start: &str) -> Option<String> {
    Some(metadata.split_once(start)?.1.split_once('"')?.0.to_owned())
}

/// Finds the names without a JSON parser: cargo writes `kind` first and `name` soon after, and
/// a target's name holds no quotes.
fn names(metadata: &str) -> Vec<String> {
    let name = |target: &str| text_after(target, r#""name":""#);
    let mut names: Vec<String> =
        metadata.split(r#"{"kind":["test"],"#).skip(1).filter_map(name).collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_integration_tests_are_named_and_each_once() {
        let metadata = r#"{"packages":[{"name":"a","targets":[
            {"kind":["lib"],"crate_types":["lib"],"name":"a","src_path":"/a/src/lib.rs"},
            {"kind":["test"],"crate_types":["bin"],"name":"wire","src_path":"/tests/wire.rs"},
            {"kind":["bench"],"crate_types":["bin"],"name":"speed","src_path":"/b.rs"},
            {"kind":["test"],"crate_types":["bin"],"name":"app","src_path":"/tests/app.rs"},
            {"kind":["test"],"crate_types":["bin"],"name":"wire","src_path":"/b/wire.rs"}]}]}"#;
        assert_eq!(names(metadata), ["app", "wire"]);
    }

    #[test]
    fn this_workspace_has_metadata_that_can_be_read() {
        assert!(integration_tests(&Project::find()).is_ok());
        let folder = target_folder(&Project::find()).unwrap();
        assert!(folder.join("debug").is_dir(), "{} holds this test", folder.display());
    }
}

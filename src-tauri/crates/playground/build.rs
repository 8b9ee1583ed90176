//! Finds the lessons: every file in `data/lessons` is one, so that adding one touches no code.

use std::{env, error::Error, fmt::Write, fs, path::Path};

const LESSONS: &str = "data/lessons";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={LESSONS}");
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join(LESSONS);
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder)? {
        names.push(entry?.file_name().into_string().map_err(|name| format!("{name:?}"))?);
    }
    names.sort();
    let mut list = String::from("&[\n");
    for name in names.iter().filter(|name| name.ends_with(".md")) {
        writeln!(list, "    ({name:?}, include_str!({:?})),", folder.join(name))?;
    }
    list.push(']');
    fs::write(Path::new(&env::var("OUT_DIR")?).join("lessons.rs"), list)?;
    Ok(())
}

//! A damaged file: kept under another name, and what can be read copied into a new one.

use super::{Opened, Store, StoreError, Unusable};
use rusqlite::Connection;
use std::{
    fs,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

/// Sets the file at `path` aside, and opens a new one with what is left of its runs.
pub fn rescue(path: &Path) -> Result<Opened, StoreError> {
    let aside = aside(path);
    // The log beside the file may hold the newest runs, so it goes where the file goes.
    for ending in ["", "-wal", "-shm"] {
        let (from, to) = (with(path, ending), with(&aside, ending));
        if from.exists() {
            fs::rename(from, to)?;
        }
    }
    let store = Store::at(path).map_err(Unusable::into_error)?;
    let (saved, lost) = copy(&aside, &store).unwrap_or_default();
    let name = aside.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let runs = match (saved, lost) {
        (0, _) => "Nothing in it could be read.".to_owned(),
        (saved, 0) => format!("All {saved} runs in it could be read, and are here."),
        (saved, lost) => format!("{saved} runs could be read and are here; {lost} could not."),
    };
    let notice = format!("The file of the recordings is damaged. {runs} It is kept as {name}.");
    Ok(Opened { store, notice: Some(notice) })
}

fn aside(path: &Path) -> PathBuf {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    path.with_file_name(format!("recordings-damaged-{now}.sqlite"))
}

fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// More runs than a file holds; a damaged one may claim any number.
const MOST_RUNS: i64 = 1_000_000;

/// Copies run by run, since a damaged page spoils only those that lie on it. Returns how many
/// were read and how many were not.
fn copy(from: &Path, to: &Store) -> Result<(usize, usize), rusqlite::Error> {
    let damaged = Connection::open(from)?;
    let newest: i64 =
        damaged.query_row("SELECT coalesce(max(number), 0) FROM runs", [], |row| row.get(0))?;
    drop(damaged);
    to.connection.execute("ATTACH ? AS damaged", [from.to_string_lossy()])?;
    let columns = shared_columns(&to.connection, "runs")?;
    copy_versions(&to.connection)?;
    copy_comparisons(&to.connection)?;
    let (mut saved, mut lost) = (0, 0);
    for number in 1..=newest.min(MOST_RUNS) {
        match copy_run(&to.connection, &columns, number) {
            Ok(0) => {}
            Ok(_) => saved += 1,
            Err(_) => lost += 1,
        }
    }
    to.connection.execute("DETACH damaged", [])?;
    Ok((saved, lost))
}

/// A file of an older version has fewer. To which comparison a run belongs is known from its place
/// there.
fn shared_columns(connection: &Connection, table: &str) -> Result<String, rusqlite::Error> {
    let mut query = connection.prepare(
        "SELECT name FROM pragma_table_info(?1, 'damaged')
         INTERSECT SELECT name FROM pragma_table_info(?1, 'main')
         EXCEPT SELECT 'comparison'",
    )?;
    let names = query.query_map([table], |row| row.get::<_, String>(0))?;
    let names = names.map(|name| Ok(format!("\"{}\"", name?)));
    Ok(names.collect::<Result<Vec<String>, rusqlite::Error>>()?.join(", "))
}

/// Copies what can be read of the versions of system messages, which have few pages.
fn copy_versions(connection: &Connection) -> Result<(), rusqlite::Error> {
    let columns = shared_columns(connection, "versions")?;
    if !columns.is_empty() {
        let copy =
            format!("INSERT INTO main.versions ({columns}) SELECT {columns} FROM damaged.versions");
        let _ = connection.execute(&copy, []);
    }
    Ok(())
}

/// Copies what can be read of comparisons. They go before the runs, which name them.
fn copy_comparisons(connection: &Connection) -> Result<(), rusqlite::Error> {
    let columns = shared_columns(connection, "comparisons")?;
    if columns.is_empty() {
        return Ok(());
    }
    let newest = "SELECT coalesce(max(number), 0) FROM damaged.comparisons";
    let newest: i64 = connection.query_row(newest, [], |row| row.get(0)).unwrap_or_default();
    for number in 1..=newest.min(MOST_RUNS) {
        let copy = format!(
            "INSERT INTO main.comparisons ({columns})
             SELECT {columns} FROM damaged.comparisons WHERE number = ?"
        );
        // One that cannot be read leaves its runs, which then stand alone.
        if connection.prepare_cached(&copy)?.execute([number]).is_ok_and(|rows| rows > 0) {
            let cells = "INSERT INTO main.cells SELECT * FROM damaged.cells WHERE comparison = ?";
            let _ = connection.prepare_cached(cells)?.execute([number]);
        }
    }
    Ok(())
}

fn copy_run(connection: &Connection, columns: &str, number: i64) -> Result<usize, rusqlite::Error> {
    let is_there = connection
        .prepare_cached("SELECT 1 FROM damaged.runs WHERE number = ?")?
        .exists([number])?;
    if !is_there {
        return Ok(0);
    }
    let transaction = connection.unchecked_transaction()?;
    let copy = format!(
        "INSERT INTO main.runs ({columns}) SELECT {columns} FROM damaged.runs WHERE number = ?"
    );
    let runs = transaction.prepare_cached(&copy)?.execute([number])?;
    let place =
        "UPDATE main.runs SET comparison = (SELECT comparison FROM main.cells WHERE run = id)
        WHERE number = ?";
    transaction.prepare_cached(place)?.execute([number])?;
    transaction
        .prepare_cached("INSERT INTO main.events SELECT * FROM damaged.events WHERE run = ?")?
        .execute([number])?;
    transaction.commit()?;
    Ok(runs)
}

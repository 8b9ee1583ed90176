//! What is typed to find a run, as the index wants it.
//!
//! The index knows pieces of three characters, without accents and in lower case. A longer word
//! is a row of pieces. A shorter one is the beginning of some: the list of all pieces says which.

use rusqlite::Connection;
use std::collections::BTreeMap;

/// How long the pieces of the index are, in characters.
const PIECE: usize = 3;
/// A letter that begins more pieces than these stands in nearly every text: it is quicker looked
/// for in the texts themselves, the newest first.
const MOST_PIECES: usize = 500;

/// How runs are found by their words.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// What the index is asked; none if nothing.
    pub index: Option<String>,
    /// What the texts themselves are searched for.
    pub texts: Vec<String>,
    /// Whether nothing can be found.
    pub nothing: bool,
}

impl Words {
    /// Reads what was typed: each word has to be found.
    pub fn of(typed: &str, connection: &Connection) -> Result<Words, rusqlite::Error> {
        let mut words = Words::default();
        let mut index = Vec::new();
        for word in typed.split_whitespace() {
            let Some(short) = if_short(word, connection)? else {
                index.push(quoted(word));
                continue;
            };
            let pieces = beginning(&short, connection)?;
            match pieces.len() {
                0 => words.nothing = true,
                1..=MOST_PIECES => index.push(format!("({})", pieces.join(" OR "))),
                _ => words.texts.push(word.to_owned()),
            }
        }
        words.index = (!index.is_empty()).then(|| index.join(" AND "));
        Ok(words)
    }
}

/// A word as it stands, none of it an operator.
fn quoted(word: &str) -> String {
    format!("\"{}\"", word.replace('"', "\"\""))
}

/// A word of less than a piece, as the index would write it. Accents that are characters of
/// their own do not count.
fn if_short(word: &str, connection: &Connection) -> Result<Option<String>, rusqlite::Error> {
    let count = word.chars().count();
    if word.is_ascii() {
        return Ok((count < PIECE).then(|| word.to_ascii_lowercase()));
    }
    // More than these are letters, whatever they are.
    if count > 4 * PIECE {
        return Ok(None);
    }
    let short = folded([(0, word)], connection)?.remove(&0).unwrap_or_default();
    Ok((short.chars().count() < PIECE).then_some(short))
}

/// The numbers of the comparisons whose title has all the words that were typed.
pub fn titled(typed: &str, connection: &Connection) -> Result<Vec<String>, rusqlite::Error> {
    let typed = folded((0..).zip(typed.split_whitespace()), connection)?;
    let mut query =
        connection.prepare_cached("SELECT number, title FROM comparisons WHERE title <> ''")?;
    let titles = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let titles: Vec<(i64, String)> = titles.collect::<Result<_, _>>()?;
    let titles = folded(titles.iter().map(|(number, title)| (*number, &title[..])), connection)?;
    let fits = |title: &String| typed.values().all(|word| title.contains(word));
    let fitting = titles.into_iter().filter(|(_, title)| fits(title));
    Ok(fitting.map(|(number, _)| number.to_string()).collect())
}

/// Texts as the index would write them, by their numbers: without accents and in lower case. The
/// index itself makes pieces of the others: only it knows all its rules.
fn folded<'a>(
    texts: impl IntoIterator<Item = (i64, &'a str)>,
    connection: &Connection,
) -> Result<BTreeMap<i64, String>, rusqlite::Error> {
    connection.execute_batch(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.typed
         USING fts5 (word, tokenize = 'trigram remove_diacritics 1');
         CREATE VIRTUAL TABLE IF NOT EXISTS temp.typed_pieces
         USING fts5vocab (temp, typed, instance);
         DELETE FROM temp.typed",
    )?;
    let mut folded = BTreeMap::<i64, String>::new();
    let mut add = connection
        .prepare_cached("INSERT INTO temp.typed (rowid, word) VALUES (?, ? || char(10, 10))")?;
    for (number, text) in texts {
        if text.is_ascii() {
            folded.insert(number, text.to_ascii_lowercase());
        } else {
            add.execute((number, text))?;
        }
    }
    // Each character of a text begins a piece.
    let sql = "SELECT doc, term FROM temp.typed_pieces ORDER BY doc, offset";
    let mut query = connection.prepare_cached(sql)?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let text = folded.entry(row.get(0)?).or_default();
        text.extend(row.get_ref(1)?.as_str()?.chars().next());
    }
    Ok(folded)
}

/// The pieces that begin so, each quoted; one more than [`MOST_PIECES`] if there are too many.
fn beginning(short: &str, connection: &Connection) -> Result<Vec<String>, rusqlite::Error> {
    if short.is_empty() {
        return Ok(Vec::new());
    }
    let sql = "SELECT term FROM pieces WHERE term >= ?1 AND term < ?1 || char(0x10FFFF) LIMIT ?2";
    let mut query = connection.prepare_cached(sql)?;
    let rows = query.query_map((short, MOST_PIECES as i64 + 1), |row| row.get::<_, String>(0))?;
    rows.map(|term| term.map(|it| quoted(&it))).collect()
}

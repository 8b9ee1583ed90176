//! What the program was started with: the path of a token sheet, or a link to one.

use playground::tokens::file::{LONGEST_FILE, SheetFileError, TokenSheet};
use std::{
    ffi::OsString,
    fs::File,
    io::{self, Read},
    path::Path,
    sync::Mutex,
};

/// Why a sheet could not be opened. The message never says where the file lies.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It could not be read.
    #[error("the file could not be read: {0}")]
    Read(#[source] io::Error),
    /// It is a folder, a device or the like.
    #[error("this is not a file")]
    NotAFile,
    /// It is not text.
    #[error("this is not a file of Tokenscope: it is not text in UTF-8")]
    NotText,
    /// What it says is no sheet.
    #[error(transparent)]
    Sheet(#[from] SheetFileError),
}

/// The argument, until it is asked for.
#[derive(Default)]
pub struct Opened(Mutex<Option<OsString>>);

impl Opened {
    /// The first of the program's arguments that is no option.
    pub fn by(mut arguments: impl Iterator<Item = OsString>) -> Opened {
        let is_plain = |it: &OsString| !it.is_empty() && !it.as_encoded_bytes().starts_with(b"-");
        Opened(Mutex::new(arguments.find(is_plain)))
    }

    /// What it names, once.
    pub fn take(&self) -> Option<Result<TokenSheet, OpenError>> {
        let argument = self.0.lock().ok()?.take()?;
        let link = argument.to_str().filter(|it| it.contains("://"));
        Some(match link {
            Some(link) => TokenSheet::from_link(link).map_err(OpenError::Sheet),
            None => read(Path::new(&argument)),
        })
    }
}

/// The sheet in a file.
pub fn read(path: &Path) -> Result<TokenSheet, OpenError> {
    // Opening a pipe would wait for whoever writes to it.
    if !path.metadata().map_err(OpenError::Read)?.is_file() {
        return Err(OpenError::NotAFile);
    }
    let file = File::open(path).map_err(OpenError::Read)?;
    let mut bytes = Vec::new();
    file.take(LONGEST_FILE as u64 + 1).read_to_end(&mut bytes).map_err(OpenError::Read)?;
    let text = String::from_utf8(bytes).map_err(|_| OpenError::NotText)?;
    Ok(TokenSheet::from_file(&text)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use tempfile::TempDir;

    fn opened(arguments: &[&str]) -> Option<Result<TokenSheet, String>> {
        let opened = Opened::by(arguments.iter().map(OsString::from));
        let taken = opened.take().map(|it| it.map_err(|error| error.to_string()));
        assert!(opened.take().is_none(), "it is told once");
        taken
    }

    #[test]
    fn a_path_or_a_link_is_opened() {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join("a.tokenscope.json");
        let sheet = TokenSheet { text: "hello".into(), ..TokenSheet::default() };
        fs::write(&path, sheet.to_file("0.1.0").expect("short")).expect("written");
        let path = path.to_str().expect("a path in UTF-8");
        assert_eq!(opened(&[path]), Some(Ok(sheet.clone())));
        assert_eq!(opened(&["--flag", "", path]), Some(Ok(sheet.clone())));
        let link = sheet.to_link().expect("short");
        assert_eq!(opened(&[&link]), Some(Ok(sheet)));
        assert_eq!(opened(&[]), None);
        assert_eq!(opened(&["--flag"]), None);
    }

    #[test]
    fn what_cannot_be_opened_says_so_and_not_where_it_lies() {
        let folder = TempDir::new().expect("a temporary folder");
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, bytes).expect("written");
            path.to_str().expect("a path in UTF-8").to_owned()
        };
        let gone = folder.path().join("gone").to_str().expect("a path in UTF-8").to_owned();
        for (argument, says) in [
            (gone.as_str(), "the file could not be read"),
            (folder.path().to_str().expect("a path in UTF-8"), "this is not a file"),
            (&file("bytes", b"\xff\xfe"), "it is not text in UTF-8"),
            (&file("empty", b""), "this is not a file of Tokenscope"),
            (&file("long", &vec![b' '; LONGEST_FILE + 2]), "a token sheet has a text"),
            ("tokenscope://nothing", "this is not a link"),
            ("https://example.com/", "this is not a link"),
        ] {
            let why = opened(&[argument]).expect("an argument").expect_err(argument);
            assert!(
                why.contains(says) && !why.contains(&*folder.path().to_string_lossy()),
                "{why}"
            );
        }
    }
}

//! Keys in a `.env` file that the person picked: `NAME=value`, one on each line.

use super::{PastedKey, UnusableKey};
use playground::PROVIDERS;
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};
use thiserror::Error;

/// No file of settings is larger.
const LARGEST: u64 = 1 << 20;

/// Why nothing was taken from a file.
#[derive(Debug, Error)]
pub enum EnvFileError {
    /// It cannot be read at all.
    #[error("the file could not be read: {0}")]
    Unreadable(#[from] io::Error),
    /// It is something else.
    #[error("this file is too large to be a .env file")]
    TooLarge,
    /// It is something else.
    #[error("this is not a text file; a .env file has lines such as OPENAI_API_KEY=sk-…")]
    NotText,
    /// None of the names is one that we look for.
    #[error("there is no key in this file; these names are looked for: {}", names().join(", "))]
    NoKeys,
    /// The name is right, and its value cannot be a key.
    #[error("{0} in this file is not usable: {1}")]
    Unusable(&'static str, UnusableKey),
}

/// A key of one provider, and the name that it had in the file.
pub struct NamedKey {
    /// The name of the variable.
    pub name: &'static str,
    /// Where the provider lives.
    pub base_url: &'static str,
    /// Its key, which was checked.
    pub key: PastedKey,
}

/// The keys in the file at `path`, one for each provider that has any; nothing else is kept of it.
pub fn read(path: &Path) -> Result<Vec<NamedKey>, EnvFileError> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(EnvFileError::TooLarge);
    }
    let text = String::from_utf8(bytes).map_err(|_| EnvFileError::NotText)?;
    if text.contains('\0') {
        return Err(EnvFileError::NotText);
    }
    let keys = keys_in(&text)?;
    if keys.is_empty() { Err(EnvFileError::NoKeys) } else { Ok(keys) }
}

fn names() -> Vec<&'static str> {
    PROVIDERS.iter().flat_map(|provider| provider.key_envs).copied().collect()
}

fn keys_in(text: &str) -> Result<Vec<NamedKey>, EnvFileError> {
    let lines: Vec<_> = text.trim_start_matches('\u{feff}').lines().filter_map(entry).collect();
    let mut keys = Vec::new();
    for provider in PROVIDERS {
        // The last line with a name holds, as in a shell; an empty one is none.
        let value_of = |name: &&str| lines.iter().rev().find(|(it, _)| it == name);
        let found = provider.key_envs.iter().find_map(|name| {
            let (_, value) = value_of(name).filter(|(_, value)| !value.is_empty())?;
            Some((*name, PastedKey::from((*value).to_owned())))
        });
        let (Some((name, key)), Some(base_url)) = (found, provider.base_url) else { continue };
        key.checked().map_err(|why| EnvFileError::Unusable(name, why))?;
        keys.push(NamedKey { name, base_url, key });
    }
    Ok(keys)
}

/// The name and the value on a line, if it has both.
fn entry(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    if name.starts_with('#') {
        return None;
    }
    let quoted =
        ['"', '\''].into_iter().find_map(|quote| value.strip_prefix(quote)?.split(quote).next());
    Some((name, quoted.unwrap_or_else(|| without_comment(value)).trim()))
}

/// A comment begins with a `#` after a space; elsewhere it belongs to the value.
fn without_comment(value: &str) -> &str {
    let is_comment =
        |(at, _): &(usize, &str)| value[..*at].chars().next_back().is_none_or(char::is_whitespace);
    value.match_indices('#').find(is_comment).map_or(value, |(at, _)| &value[..at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use std::fs;
    use tempfile::TempDir;

    fn read_bytes(bytes: &[u8]) -> Result<Vec<(&'static str, String)>, String> {
        let folder = TempDir::new().expect("a temporary folder");
        let path = folder.path().join("some.env");
        fs::write(&path, bytes).expect("written");
        let keys = read(&path).map_err(|error| error.to_string())?;
        let shown = |it: NamedKey| {
            (it.name, it.key.checked().expect("it was checked").expose_secret().to_owned())
        };
        Ok(keys.into_iter().map(shown).collect())
    }

    #[test]
    fn a_key_is_read_however_its_line_is_written() {
        for line in [
            "OPENAI_API_KEY=sk-a#b",
            "  export OPENAI_API_KEY = sk-a#b  ",
            "OPENAI_API_KEY=\"sk-a#b\" # mine",
            "OPENAI_API_KEY='sk-a#b'",
            "OPENAI_API_KEY=sk-a#b # mine",
            "\u{feff}OPENAI_API_KEY=sk-a#b\r\nPATH=/bin\r\n",
            "OPENAI_API_KEY=old\n# OPENAI_API_KEY=no\nOPENAI_API_KEY=sk-a#b",
            "nonsense\n\nOPENAI_API_KEY=sk-a#b\nGROQ_API_KEY=\nMY_OPENAI_API_KEY=x",
        ] {
            let read = read_bytes(line.as_bytes());
            assert_eq!(read, Ok(vec![("OPENAI_API_KEY", "sk-a#b".to_owned())]), "{line}");
        }
    }

    #[test]
    fn each_provider_has_its_key_under_each_of_its_names() {
        for provider in PROVIDERS {
            for name in provider.key_envs {
                let read = read_bytes(format!("{name}=key-0123456789").as_bytes());
                assert_eq!(read, Ok(vec![(*name, "key-0123456789".to_owned())]));
            }
        }
    }

    #[test]
    fn a_file_that_is_of_no_use_is_refused_in_words() {
        let large = vec![b'#'; LARGEST as usize + 1];
        for (bytes, says) in [
            (&b"PATH=/bin\nOPENAI_API_KEY=  # none\n"[..], "OPENAI_API_KEY, ANTHROPIC_API_KEY"),
            (b"", "no key in this file"),
            (b"\xff\xfeO\0P\0", "not a text file"),
            (b"O\0P\0", "not a text file"),
            (b"OPENAI_API_KEY=two sk-canary", "OPENAI_API_KEY in this file is not usable"),
            (&large, "too large"),
        ] {
            let error = read_bytes(bytes).expect_err(says);
            assert!(error.contains(says) && !error.contains("canary"), "{error}");
        }
        let folder = TempDir::new().expect("a temporary folder");
        for path in [folder.path().join("none"), folder.path().to_owned()] {
            assert!(matches!(read(&path), Err(EnvFileError::Unreadable(_))), "{path:?}");
        }
    }
}

//! The log of one step, and a sign of life on the terminal while it grows.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::Error;
use crate::process;
use crate::project::file_error;

/// A file that the output of a step's commands goes to.
pub struct Log {
    name: &'static str,
    path: PathBuf,
    file: File,
}

impl Log {
    /// Starts an empty log.
    pub fn create(name: &'static str, path: &Path) -> Result<Self, Error> {
        let create = || {
            File::create(path)?;
            OpenOptions::new().append(true).open(path)
        };
        let file = create().map_err(|source| file_error("write", path, source))?;
        Ok(Self { name, path: path.to_owned(), file })
    }

    /// Runs a command to its end with its output in the log.
    pub fn run(&mut self, command: &mut Command) -> Result<(), Error> {
        self.note(&format!("$ {}", process::describe(command)))?;
        let output = |file: &File| {
            file.try_clone().map_err(|source| file_error("write", &self.path, source))
        };
        command.stdin(Stdio::null()).stdout(output(&self.file)?).stderr(output(&self.file)?);
        // Colours are for a terminal; here they would hide the numbers from whoever counts them.
        command.env("NO_COLOR", "1").env("CARGO_TERM_COLOR", "never").env_remove("FORCE_COLOR");
        let mut child = command.spawn().map_err(|source| process::not_started(command, source))?;
        let status = self.watch(&mut child).map_err(|source| process::not_started(command, source));
        process::check(command, status?)
    }

    /// Adds a line of our own.
    pub fn note(&mut self, text: &str) -> Result<(), Error> {
        writeln!(self.file, "{text}").map_err(|source| file_error("write", &self.path, source))
    }

    /// All that was written.
    pub fn text(&self) -> Result<String, Error> {
        let bytes =
            fs::read(&self.path).map_err(|source| file_error("read", &self.path, source))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Waits for the child: on a terminal with a line that moves, elsewhere with a line a minute,
    /// because some CI takes silence for death.
    fn watch(&self, child: &mut Child) -> io::Result<ExitStatus> {
        let terminal = io::stdout().is_terminal();
        let pause = Duration::from_secs(if terminal { 1 } else { 60 });
        let started = Instant::now();
        let mut next = started + pause;
        loop {
            if let Some(status) = child.try_wait()? {
                if terminal {
                    print!("\r\x1b[2K");
                    io::stdout().flush()?;
                }
                return Ok(status);
            }
            if Instant::now() >= next {
                next += pause;
                self.show_progress(started.elapsed().as_secs(), terminal)?;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn show_progress(&self, seconds: u64, terminal: bool) -> io::Result<()> {
        let line: String = self.last_line()?.chars().filter(|c| !c.is_control()).take(60).collect();
        let mut stdout = io::stdout();
        if terminal {
            write!(stdout, "\r\x1b[2K… {:<12} {seconds} s  {line}", self.name)?;
        } else {
            writeln!(stdout, "… {:<12} {seconds} s  {line}", self.name)?;
        }
        stdout.flush()
    }

    fn last_line(&self) -> io::Result<String> {
        const ENOUGH: u64 = 400;
        let mut file = File::open(&self.path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(ENOUGH)))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned())
    }
}

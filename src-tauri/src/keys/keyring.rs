//! The OS keyring, behind one thread of its own.
//!
//! A locked keyring asks the person for a password, and the call returns when they have
//! answered: perhaps never. So no task and no pool waits for it; one detached thread does,
//! and callers wait for that thread as long as they care to. It is not joined at exit.

use secrecy::{ExposeSecret, SecretString};
use std::{sync::mpsc, thread, time::Duration};
use thiserror::Error;
use tokio::{
    sync::{Mutex, oneshot},
    time::timeout,
};

/// How long a read may take. Nobody is asked for a password by surprise for longer.
const READ_LIMIT: Duration = Duration::from_secs(5);
/// How long a write may take, the password prompt included.
const WRITE_LIMIT: Duration = Duration::from_secs(60);
/// How long a call may wait for the one before it. An unlocked keyring takes 10 ms.
const TURN_LIMIT: Duration = Duration::from_millis(500);
/// The name under which keyring programs list our keys.
const SERVICE: &str = "tokenscope";

/// A place that keeps one secret for each origin.
pub trait Vault: Send + 'static {
    /// The secret of `origin`, or `None` if there is none.
    fn read(&self, origin: &str) -> Result<Option<SecretString>, KeyringError>;
    /// Keeps `secret` for `origin` in the place of any other.
    fn write(&self, origin: &str, secret: &SecretString) -> Result<(), KeyringError>;
    /// Removes the secret of `origin`; having none is no error.
    fn remove(&self, origin: &str) -> Result<(), KeyringError>;
}

/// Why the keyring did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyringError {
    /// There is none.
    #[error("this computer offers no keyring")]
    Missing,
    /// It shows a prompt that nobody has answered yet.
    #[error("the keyring is still waiting to be unlocked")]
    Waiting,
    /// It did not answer within this many seconds.
    #[error("the keyring did not answer within {0} seconds; it may be waiting to be unlocked")]
    Slow(u64),
    /// It answered with an error.
    #[error("the keyring could not be used ({0})")]
    Refused(String),
}

/// The keyring of Linux (Secret Service), macOS or Windows.
pub struct OsVault;

impl Vault for OsVault {
    fn read(&self, origin: &str) -> Result<Option<SecretString>, KeyringError> {
        match entry(origin)?.get_password() {
            Ok(key) => Ok(Some(key.into())),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn write(&self, origin: &str, secret: &SecretString) -> Result<(), KeyringError> {
        Ok(entry(origin)?.set_password(secret.expose_secret())?)
    }

    fn remove(&self, origin: &str) -> Result<(), KeyringError> {
        match entry(origin)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn entry(origin: &str) -> Result<keyring::v1::Entry, KeyringError> {
    Ok(keyring::v1::Entry::new(SERVICE, origin)?)
}

impl From<keyring::Error> for KeyringError {
    /// Some of the errors carry the secret itself, so only two are quoted.
    fn from(error: keyring::Error) -> KeyringError {
        use keyring::Error;
        match error {
            Error::NoDefaultStore => KeyringError::Missing,
            Error::NoStorageAccess(why) => KeyringError::Refused(format!("no access: {why}")),
            Error::PlatformFailure(why) => KeyringError::Refused(why.to_string()),
            Error::Ambiguous(_) => KeyringError::Refused("it has several keys for this".into()),
            Error::TooLong(..) => KeyringError::Refused("the key is too long for it".into()),
            _ => KeyringError::Refused("it answered with something unexpected".into()),
        }
    }
}

type Answer = Result<Option<SecretString>, KeyringError>;
type Job = Box<dyn FnOnce(&dyn Vault) -> Answer + Send>;

/// A line to the thread that owns the vault. At most one call is under way.
pub struct Keyring {
    jobs: mpsc::Sender<(Job, oneshot::Sender<Answer>)>,
    /// The answer that the last caller gave up on.
    overdue: Mutex<Option<oneshot::Receiver<Answer>>>,
}

impl Keyring {
    /// Starts the thread; the vault is touched when the first job comes.
    pub fn new(vault: Box<dyn Vault>) -> Keyring {
        let (jobs, inbox) = mpsc::channel::<(Job, oneshot::Sender<Answer>)>();
        thread::spawn(move || {
            for (job, answer) in inbox {
                // Whoever asked may have given up.
                let _ = answer.send(job(&*vault));
            }
        });
        Keyring { jobs, overdue: Mutex::default() }
    }

    /// The secret of `origin`.
    pub async fn read(&self, origin: &str) -> Answer {
        let origin = origin.to_owned();
        self.ask(READ_LIMIT, Box::new(move |vault| vault.read(&origin))).await
    }

    /// Keeps `secret` for `origin`.
    pub async fn write(&self, origin: &str, secret: SecretString) -> Result<(), KeyringError> {
        let origin = origin.to_owned();
        let job: Job = Box::new(move |vault| vault.write(&origin, &secret).map(|()| None));
        self.ask(WRITE_LIMIT, job).await.map(drop)
    }

    /// Removes the secret of `origin`.
    pub async fn remove(&self, origin: &str) -> Result<(), KeyringError> {
        let origin = origin.to_owned();
        let job: Job = Box::new(move |vault| vault.remove(&origin).map(|()| None));
        self.ask(WRITE_LIMIT, job).await.map(drop)
    }

    async fn ask(&self, limit: Duration, job: Job) -> Answer {
        let waiting = |_| KeyringError::Waiting;
        let mut overdue = timeout(TURN_LIMIT, self.overdue.lock()).await.map_err(waiting)?;
        if overdue.as_mut().is_some_and(is_pending) {
            return Err(KeyringError::Waiting);
        }
        let (answer, mut answered) = oneshot::channel();
        let gone = || KeyringError::Refused("its thread has ended".into());
        self.jobs.send((job, answer)).map_err(|_| gone())?;
        match timeout(limit, &mut answered).await {
            Ok(answer) => answer.unwrap_or_else(|_| Err(gone())),
            Err(_) => {
                *overdue = Some(answered);
                Err(KeyringError::Slow(limit.as_secs()))
            }
        }
    }
}

fn is_pending(answer: &mut oneshot::Receiver<Answer>) -> bool {
    matches!(answer.try_recv(), Err(oneshot::error::TryRecvError::Empty))
}

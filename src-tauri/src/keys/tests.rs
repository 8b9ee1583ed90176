use super::*;
use std::sync::mpsc;

/// A vault in memory; while its gate has nothing to say, calls do not return.
#[derive(Default)]
struct Fake {
    kept: Mutex<HashMap<String, String>>,
    gate: Option<mpsc::Receiver<()>>,
    trouble: Option<KeyringError>,
}

impl Fake {
    fn pass(&self) -> Result<(), KeyringError> {
        if let Some(gate) = &self.gate {
            let _ = gate.recv();
        }
        self.trouble.clone().map_or(Ok(()), Err)
    }
}

impl Vault for Fake {
    fn read(&self, origin: &str) -> Result<Option<SecretString>, KeyringError> {
        self.pass()?;
        let kept = self.kept.lock().expect("the fake's lock");
        Ok(kept.get(origin).map(|key| key.as_str().into()))
    }

    fn write(&self, origin: &str, secret: &SecretString) -> Result<(), KeyringError> {
        self.pass()?;
        let mut kept = self.kept.lock().expect("the fake's lock");
        kept.insert(origin.into(), secret.expose_secret().into());
        Ok(())
    }

    fn remove(&self, origin: &str) -> Result<(), KeyringError> {
        self.pass()?;
        self.kept.lock().expect("the fake's lock").remove(origin);
        Ok(())
    }
}

const HERE: &str = "https://a.example";
const THERE: &str = "https://a.example:8443";

fn pasted(key: &str) -> PastedKey {
    key.to_owned().into()
}

#[tokio::test]
async fn a_key_is_found_at_its_own_origin_only() {
    let keys = Keys::new(Box::new(Fake::default()));
    keys.keep(HERE, pasted("sk-0123456789abcd")).await.expect("kept");
    let found = keys.find(HERE).await.expect("the fake answers").expect("it was kept");
    assert_eq!(found.expose_secret(), "sk-0123456789abcd");
    assert!(keys.find(THERE).await.expect("the fake answers").is_none());
    assert_eq!(keys.state(HERE).await, Some((KeyPlace::Keyring, Some("…abcd".into()))));
    keys.forget(HERE).await.expect("forgotten");
    assert!(!keys.has(HERE));
    assert_eq!(keys.state(HERE).await, None);
}

#[tokio::test]
async fn a_short_key_shows_nothing_of_itself() {
    let keys = Keys::new(Box::new(Fake::default()));
    keys.keep(HERE, pasted("practice")).await.expect("kept");
    assert_eq!(keys.state(HERE).await, Some((KeyPlace::Keyring, None)));
}

#[tokio::test]
async fn without_a_keyring_a_key_lives_for_the_session_and_says_so() {
    let trouble = Some(KeyringError::Missing);
    let keys = Keys::new(Box::new(Fake { trouble, ..Fake::default() }));
    assert_eq!(keys.state(HERE).await, None);
    keys.keep(HERE, pasted("sk-0123456789abcd")).await.expect("kept in memory");
    let (place, _) = keys.state(HERE).await.expect("it is known");
    assert_eq!(place, KeyPlace::Session);
    let notice = keys.notice().expect("there is something to tell");
    assert!(
        notice.contains("until Tokenscope closes: this computer offers no keyring."),
        "{notice}"
    );
    keys.forget(HERE).await.expect("forgetting needs no keyring");
    assert!(keys.find(HERE).await.expect("nothing to ask").is_none());
}

#[tokio::test]
async fn what_the_keyring_cannot_remove_is_told() {
    let trouble = Some(KeyringError::Refused("no access".into()));
    let keys = Keys::new(Box::new(Fake { trouble, ..Fake::default() }));
    keys.keep(HERE, pasted("sk-0123456789abcd")).await.expect("kept in memory");
    let error = keys.forget(HERE).await.expect_err("it may still be there");
    assert!(error.to_string().contains("still in the keyring"), "{error}");
    assert!(!keys.has(HERE), "it is not used any more");
}

#[tokio::test(start_paused = true)]
async fn a_prompt_that_nobody_answers_blocks_one_call_and_no_other() {
    let (open, gate) = mpsc::channel();
    let keys = Keys::new(Box::new(Fake { gate: Some(gate), ..Fake::default() }));
    let slow = keys.find(HERE).await.expect_err("nobody answers");
    assert_eq!(slow, KeyringError::Slow(5));
    assert_eq!(keys.find(THERE).await.expect_err("the thread is busy"), KeyringError::Waiting);
    keys.keep(HERE, pasted("sk-0123456789abcd")).await.expect("kept in memory");
    assert!(keys.notice().is_some_and(|notice| notice.contains("waiting to be unlocked")));
    assert!(keys.has(HERE));

    drop(open);
    let answered = async {
        while keys.find(THERE).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    answered.await;
}

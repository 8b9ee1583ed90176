//! What lives as long as the window, and what the commands share.

use crate::{
    batch::Batches,
    budget::{Hold, Ledger},
    clock,
    keys::{KeyCheck, Keys, Vault, Verdict, why_not},
    learn::Learner,
    lists::Lists,
    practice_server::{PRACTICE_KEY, PracticeServer},
    prices::Prices,
    runs::{Runs, Sink, Ticket, Watch, broken_off, forward},
    settings::Preferences,
    sheets::Sheets,
    target::{Destination, TargetError},
};
use playground::{
    ApiError, Chat, ErrorKind, RunEvent, Target, WireRequest,
    client::{Call, Client, Limits, SetupError},
    dialect::{ListedModel, ModelPage},
    prices::Price,
    provider::Endpoint,
};
use recordings::{Beginning, Recorder};
use secrecy::SecretString;
use std::{
    error::Error,
    io,
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tauri::async_runtime::spawn_blocking;
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

/// How many events may wait between the socket and the batches.
const QUEUE: usize = 256;
/// The most parts of a list of models that are asked for: a server may never say that it ends.
const MOST_PAGES: usize = 20;
/// How long runs may take to end when the app is closed.
const ENDED_WITHIN: Duration = Duration::from_secs(1);
/// How long writing them down may take after that: another window may hold the file.
const WRITTEN_WITHIN: Duration = Duration::from_secs(6);
/// How long until it is looked again whether all have ended.
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);

/// Everything that commands need, in one place.
pub struct Shell {
    /// API keys.
    pub keys: Keys,
    /// The server inside this process.
    pub practice: PracticeServer,
    /// Settings.
    pub preferences: Preferences,
    /// The lists of models that servers gave.
    pub lists: Lists,
    /// The prices that are not built in.
    pub prices: Prices,
    /// Lessons, and how far somebody is.
    pub learner: Learner,
    /// Runs in progress.
    pub runs: Arc<Runs>,
    /// The texts of the Tokens room.
    pub sheets: Sheets,
    /// What they can cost.
    pub ledger: Arc<Ledger>,
    /// Sweeps and sets that are being sent.
    pub batches: Batches,
    client: OnceLock<Client>,
    recordings: PathBuf,
    recorder: OnceLock<Recorder>,
}

/// What a run is to send.
pub struct Draft {
    /// What was composed.
    pub chat: Chat,
    /// The model's id.
    pub model: String,
    /// A body that was written by hand, to be sent in the place of the chat's own.
    pub body: Option<String>,
}

/// A run that is about to leave.
pub struct Departure {
    destination: Destination,
    ticket: Ticket,
    hold: Option<Hold>,
    /// What is sent; or the end of a run of which nothing is.
    call: Result<(Client, Box<Call>), Box<RunEvent>>,
}

impl Departure {
    /// The id of the run.
    pub fn id(&self) -> &str {
        self.ticket.id()
    }
}

impl Shell {
    /// Gathers the parts. Nothing here waits for a keyring or a network.
    pub fn new(
        preferences: Preferences,
        lists: Lists,
        prices: Prices,
        learner: Learner,
        recordings: PathBuf,
        vault: Box<dyn Vault>,
    ) -> io::Result<Shell> {
        Ok(Shell {
            keys: Keys::new(vault),
            practice: PracticeServer::reserve()?,
            preferences,
            lists,
            prices,
            learner,
            runs: Arc::default(),
            sheets: Sheets::default(),
            ledger: Arc::default(),
            batches: Batches::default(),
            client: OnceLock::new(),
            recordings,
            recorder: OnceLock::new(),
        })
    }

    /// Where `target` is.
    pub fn destination(&self, target: &Target) -> Result<Destination, TargetError> {
        Destination::of(target, self.practice.address())
    }

    /// Whether a key will go to `destination`, as far as is known without asking the keyring.
    pub fn has_key(&self, destination: &Destination) -> bool {
        destination.is_practice() || self.keys.has(&destination.base_url.origin())
    }

    /// Runs `draft` and tells everything to `sink`, up to and including the end.
    pub async fn run(
        self: Arc<Shell>,
        draft: Draft,
        destination: Destination,
        sink: impl Sink,
        ticket: Ticket,
        hold: Option<Hold>,
    ) {
        let departure = Arc::clone(&self).prepare(draft, destination, ticket, hold).await;
        self.depart(departure, sink, || {}).await;
    }

    /// Does all of a run that can be done before its request leaves. It is recorded from here on.
    pub async fn prepare(
        self: Arc<Shell>,
        draft: Draft,
        destination: Destination,
        ticket: Ticket,
        hold: Option<Hold>,
    ) -> Departure {
        self.recorder().begin(self.beginning(ticket.id(), &draft, &destination));
        let (shell, to, hand) = (Arc::clone(&self), destination.clone(), ticket.hand.clone());
        // A task of its own: should it panic, an end is still told.
        let prepared = tauri::async_runtime::spawn(async move {
            hand.cancel.run_until_cancelled(shell.call(draft, &to)).await
        });
        let call = match prepared.await {
            Ok(Some(Ok((client, call)))) => Ok((client, Box::new(call))),
            Ok(Some(Err(error))) => Err(RunEvent::Failed { at_us: 0, error }),
            Ok(None) => Err(RunEvent::Cancelled { at_us: 0 }),
            Err(_) => Err(broken_off()),
        };
        Departure { destination, ticket, hold, call: call.map_err(Box::new) }
    }

    /// Lets a run leave, at once. What is returned tells everything to `sink`, up to and including
    /// the end. `leaves` is called at the instant from which the run counts its time.
    pub fn depart(
        self: Arc<Shell>,
        departure: Departure,
        sink: impl Sink,
        leaves: impl FnOnce() + Send + 'static,
    ) -> impl Future<Output = ()> + Send + 'static {
        let Departure { destination, ticket, hold, call } = departure;
        let (tell, events) = mpsc::channel(QUEUE);
        let hand = ticket.hand.clone();
        // A task of its own: should it panic, the forwarder still tells an end.
        tauri::async_runtime::spawn(async move {
            leaves();
            match call {
                Ok((client, call)) => client.run(*call, tell, hand).await,
                // Nobody listens only when nobody needs to know.
                Err(last) => drop(tell.send(*last).await),
            }
        });
        async move {
            let (recorder, id) = (self.recorder().clone(), Arc::from(ticket.id()));
            let keep = |event: &RunEvent| recorder.append(&id, event);
            let watch = Watch { keep, otherwise: Some(broken_off()) };
            let last = forward(events, &sink, &ticket, watch).await;
            // What it came to is in the queue of the recordings now, and counts from here on.
            drop(hold);
            let limit = i64::from(self.preferences.get().keep_mb) * 1_000_000;
            recorder.limit(limit, self.batches.sending());
            if let Some(last) = last {
                self.learn(&destination, &last);
            }
        }
    }

    /// What is known of a run before it has begun.
    fn beginning(&self, id: &str, draft: &Draft, destination: &Destination) -> Beginning {
        let target = destination.target(&draft.model);
        Beginning {
            id: id.to_owned(),
            started_ms: clock::now_ms(),
            price: self.prices.book().price_at(&target, &clock::today()).cloned(),
            target,
            chat: draft.chat.clone(),
            by_hand: draft.body.is_some(),
        }
    }

    /// The price that holds for a model today; none if it is not known.
    pub fn price_at(&self, destination: &Destination, model: &str) -> Option<Price> {
        self.prices.book().price_at(&destination.target(model), &clock::today()).cloned()
    }

    /// What keeps every run; its file is opened when it is first needed.
    pub fn recorder(&self) -> &Recorder {
        self.recorder.get_or_init(|| Recorder::start(self.recordings.clone()))
    }

    /// Stops every run and batch, and returns when all that was told of them is written; or when
    /// that takes too long, since the window is gone by then.
    pub async fn close(&self) {
        self.runs.close();
        self.batches.pause_all();
        let at_rest = async {
            while self.runs.in_progress() > 0 || !self.batches.sending().is_empty() {
                sleep(BETWEEN_LOOKS).await;
            }
        };
        // A run that does not end by then is marked when the app is opened again.
        let _ = timeout(ENDED_WITHIN, at_rest).await;
        let Some(recorder) = self.recorder.get().cloned() else { return };
        let written = spawn_blocking(move || recorder.all_written());
        let _ = timeout(WRITTEN_WITHIN, written).await;
    }

    /// A call tells more of a key than the free check can: whether there is money behind it.
    fn learn(&self, destination: &Destination, last: &RunEvent) {
        if destination.is_practice() || !self.has_key(destination) {
            return;
        }
        let check = match last {
            RunEvent::Finished { .. } if destination.needs_key() => (Verdict::Works, None),
            RunEvent::Failed { error, .. } => match Verdict::of(error.kind) {
                Verdict::Unknown => return,
                verdict => (verdict, error.said.clone()),
            },
            _ => return,
        };
        self.keys.note_check(&destination.base_url.origin(), KeyCheck::now(check.0, check.1));
    }

    /// Asks for the list of models, which is free. Some servers show it to anybody, and then it
    /// says nothing of the key; so it is asked for without one too.
    pub async fn check_key(&self, destination: &Destination) -> KeyCheck {
        let models = match self.list_models(destination).await {
            Ok(models) => models.len(),
            Err(error) => return KeyCheck::now(Verdict::of(error.kind), Some(why_not(&error))),
        };
        let dialect = destination.dialect;
        let anybody = Endpoint { has_key: false, ..destination.endpoint(false) };
        let request = dialect.models_request(&anybody, None);
        let verdict = match self.deliver(request, None, destination).await {
            Ok(_) => Verdict::Open,
            Err(error) if error.status.is_some_and(|it| it < 500) => Verdict::Works,
            Err(error) => return KeyCheck::now(Verdict::Unknown, Some(why_not(&error))),
        };
        let said = match models {
            1 => "The server lists 1 model.".into(),
            _ => format!("The server lists {models} models."),
        };
        KeyCheck::now(verdict, Some(said))
    }

    /// The models at `destination`.
    pub async fn list_models(
        &self,
        destination: &Destination,
    ) -> Result<Vec<ListedModel>, ApiError> {
        let dialect = destination.dialect;
        let mut models = Vec::new();
        let mut page = None;
        for _ in 0..MOST_PAGES {
            let request = |endpoint: &Endpoint| dialect.models_request(endpoint, page.as_deref());
            let answer = self.ask(destination, request).await?;
            let read = dialect.read_models(&answer);
            let ModelPage { models: more, next } =
                read.ok_or_else(|| ErrorKind::Unreadable.said("no list of models"))?;
            models.extend(more);
            page = next;
            if page.is_none() {
                break;
            }
        }
        Ok(models)
    }

    /// The tokens of the prompt by the server's own count; `None` where it does not count.
    pub async fn count_tokens(
        &self,
        chat: &Chat,
        model: &str,
        destination: &Destination,
    ) -> Result<Option<u64>, ApiError> {
        let dialect = destination.dialect;
        let counted = |endpoint: &Endpoint| dialect.count_request(chat, model, endpoint);
        if counted(&destination.endpoint(false)).is_none() {
            return Ok(None);
        }
        let request = |endpoint: &Endpoint| counted(endpoint).expect("it counts, as just seen");
        let answer = self.ask(destination, request).await?;
        let count = dialect.read_count(&answer);
        count.map(Some).ok_or_else(|| ErrorKind::Unreadable.said("no count of tokens"))
    }

    async fn ask(
        &self,
        destination: &Destination,
        request: impl FnOnce(&Endpoint) -> WireRequest,
    ) -> Result<String, ApiError> {
        let key = self.key(destination).await?;
        let request = request(&destination.endpoint(key.is_some()));
        self.deliver(request, key, destination).await
    }

    async fn deliver(
        &self,
        request: WireRequest,
        key: Option<SecretString>,
        destination: &Destination,
    ) -> Result<String, ApiError> {
        let is_loopback = destination.base_url.is_loopback();
        let call =
            Call { request, key, dialect: destination.dialect, is_loopback, is_by_hand: false };
        self.client().map_err(no_client)?.ask(call).await
    }

    /// The connections, set up when they are first needed.
    pub fn client(&self) -> Result<Client, SetupError> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let client = Client::new(Limits::default())?;
        Ok(self.client.get_or_init(|| client).clone())
    }

    async fn call(
        &self,
        Draft { chat, model, body }: Draft,
        destination: &Destination,
    ) -> Result<(Client, Call), ApiError> {
        let dialect = destination.dialect;
        let key = self.key(destination).await?;
        let mut request = dialect.request(&chat, &model, &destination.endpoint(key.is_some()));
        let is_by_hand = body.is_some();
        if let Some(body) = body {
            request.body = body;
        }
        let is_loopback = destination.base_url.is_loopback();
        let settings = self.preferences.get();
        let limits = Limits {
            first_word: Duration::from_secs(settings.first_word_s.into()),
            idle: Duration::from_secs(settings.idle_s.into()),
            ..Limits::default()
        };
        let client = self.client().map_err(no_client)?.with_limits(limits);
        let client = client.with_retries(settings.retries);
        Ok((client, Call { request, key, dialect, is_loopback, is_by_hand }))
    }

    /// The key for `destination`. A keyring that does not answer is a reason not to send
    /// where a key is needed, and no obstacle where none is.
    async fn key(&self, destination: &Destination) -> Result<Option<SecretString>, ApiError> {
        if destination.is_practice() {
            self.practice.serve();
            return Ok(Some(PRACTICE_KEY.into()));
        }
        match self.keys.find(&destination.base_url.origin()).await {
            Ok(key) => Ok(key),
            Err(_) if !destination.needs_key() => Ok(None),
            Err(why) => Err(ErrorKind::NoKey.said(why.to_string())),
        }
    }
}

fn no_client(error: SetupError) -> ApiError {
    let why = error.source().map_or_else(|| error.to_string(), |source| source.to_string());
    ErrorKind::Connection.said(why)
}

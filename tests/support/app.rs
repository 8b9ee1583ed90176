//! The app on tauri's mock runtime: real commands, permissions, settings and HTTP; no web view.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use playground::{Chat, Message, Role};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tauri::{
    App, Manager, WebviewWindow,
    ipc::{CallbackFn, InvokeBody, InvokeResponseBody},
    test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder},
    utils::config::AppDirectoriesOverride,
    webview::InvokeRequest,
};
use tempfile::TempDir;
use tokenscope::keys::{KeyringError, Vault};

/// How long something that must happen may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A keyring in memory. Clones are the same keyring.
#[derive(Clone, Default)]
pub struct Memory(pub Arc<Mutex<HashMap<String, String>>>);

impl Vault for Memory {
    fn read(&self, origin: &str) -> Result<Option<SecretString>, KeyringError> {
        Ok(self.0.lock().expect("no holder panicked").get(origin).map(|key| key.as_str().into()))
    }

    fn write(&self, origin: &str, secret: &SecretString) -> Result<(), KeyringError> {
        self.0
            .lock()
            .expect("no holder panicked")
            .insert(origin.into(), secret.expose_secret().into());
        Ok(())
    }

    fn remove(&self, origin: &str) -> Result<(), KeyringError> {
        self.0.lock().expect("no holder panicked").remove(origin);
        Ok(())
    }
}

/// A started app, its data folder, and what its channels carried.
pub struct Started {
    pub app: App<MockRuntime>,
    pub window: WebviewWindow<MockRuntime>,
    channels: Arc<Mutex<HashMap<u32, Vec<String>>>>,
    _folder: Option<TempDir>,
}

/// Starts the app in a fresh folder.
pub fn start() -> Started {
    let folder = TempDir::new().expect("a temporary folder");
    let started = start_in(folder.path(), Memory::default());
    Started { _folder: Some(folder), ..started }
}

/// Starts the app with its data in `folder` and its keys in `vault`.
pub fn start_in(folder: &Path, vault: impl Vault) -> Started {
    let channels = Arc::new(Mutex::new(HashMap::<u32, Vec<String>>::new()));
    let heard = channels.clone();
    let builder = mock_builder().channel_interceptor(move |_, channel, _, body| {
        let InvokeResponseBody::Json(json) = body else { panic!("batches are JSON") };
        heard.lock().expect("no holder panicked").entry(channel.0).or_default().push(json.clone());
        true
    });
    let mut context = tokenscope::context();
    context.config_mut().app.app_directories_override =
        Some(AppDirectoriesOverride::Root(folder.into()));
    let builder = tokenscope::configure(builder, Box::new(vault));
    let mut app = builder.build(context).expect("the app builds");
    #[allow(deprecated, reason = "it runs the set-up, which is all that is wanted of it")]
    app.run_iteration(|_, _| {});
    let window = app.get_webview_window("main").expect("the set-up opens the window");
    Started { app, window, channels, _folder: None }
}

impl Started {
    /// Calls a command as the page would.
    pub fn call(&self, command: &str, arguments: Value) -> Result<Value, Value> {
        let url = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };
        let request = InvokeRequest {
            cmd: command.into(),
            callback: CallbackFn(0),
            error: CallbackFn(1),
            url: url.parse().expect("a URL"),
            body: InvokeBody::Json(arguments),
            headers: Default::default(),
            invoke_key: INVOKE_KEY.into(),
        };
        let answer = get_ipc_response(&self.window, request)?;
        Ok(answer.deserialize().expect("answers are JSON"))
    }

    /// Starts a run that reports to `channel`.
    pub fn start_run(&self, id: &str, target: &Value, channel: u32) -> Result<Value, Value> {
        self.start_run_with(id, target, None, channel)
    }

    /// The same, with a body that was written by hand.
    pub fn start_run_with(
        &self,
        id: &str,
        target: &Value,
        body: Option<&str>,
        channel: u32,
    ) -> Result<Value, Value> {
        let on_events = format!("__CHANNEL__:{channel}");
        let chat = chat();
        self.call(
            "start_run",
            json!({ "id": id, "chat": chat, "target": target, "body": body, "on_events": on_events }),
        )
    }

    /// What `channel` carried so far.
    pub fn batches(&self, channel: u32) -> Vec<String> {
        self.channels.lock().expect("no holder panicked").get(&channel).cloned().unwrap_or_default()
    }

    /// The events that `channel` carried so far.
    pub fn events(&self, channel: u32) -> Vec<Value> {
        let read = |batch: &String| serde_json::from_str::<Vec<Value>>(batch).expect("a batch");
        self.batches(channel).iter().flat_map(read).collect()
    }

    /// Reads and acknowledges as a page does, until the run's last event.
    pub fn events_to_the_end(&self, id: &str, channel: u32) -> Vec<Value> {
        let mut read = 0;
        until("the run ends", || {
            let batches = self.batches(channel).len();
            self.call("acknowledge_run", json!({ "id": id, "batches": batches - read }))
                .expect("acknowledged");
            read = batches;
            let events = self.events(channel);
            events.last().is_some_and(is_last).then_some(events)
        })
    }
}

/// Whether nothing may follow `event`.
pub fn is_last(event: &Value) -> bool {
    ["finished", "interrupted", "failed", "cancelled"]
        .contains(&event["type"].as_str().expect("a type"))
}

/// Asks again until there is an answer.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "{what}: not within {PATIENCE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A chat with everything that is easily mangled on its way.
pub fn chat() -> Value {
    let text = "Why is the sky \"blue\"?\r\n\u{0}\u{2028} 👨‍👩‍👧‍👦 é";
    let message = |role, text: &str| Message { role, text: text.into() };
    let messages = vec![message(Role::System, "Be brief."), message(Role::User, text)];
    let mut chat = serde_json::to_value(Chat { messages, ..Chat::default() }).expect("JSON");
    chat["parameters"]["temperature"] = json!(0.7);
    chat["parameters"]["max_tokens"] = json!(20);
    chat
}

/// A custom server as a target.
pub fn custom(base_url: &str) -> Value {
    json!({ "provider": "custom", "base_url": base_url, "model": "some-model" })
}

//! WebKitWebDriver: a process, and the few W3C WebDriver calls that are needed.

use super::{BETWEEN_LOOKS, PATIENCE, http};
use serde_json::{Value, json};
use std::{
    fs::File,
    net::TcpListener,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Instant,
};

/// The one key of an object that stands for an element (W3C WebDriver, section 12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A driver with an open session, and so with an open window.
pub struct Driver {
    process: Child,
    port: u16,
    session: String,
}

/// An element of the page, by the driver's name for it.
pub struct Element(pub String);

impl Driver {
    /// Starts `binary` under a driver; both write what they say into the file at `log`.
    /// `None` where there is no driver.
    pub fn start(binary: &Path, environment: &[(&str, &Path)], log: &Path) -> Option<Driver> {
        let said = File::create(log).expect("a file for what the app says");
        let port = free_port();
        let mut command = Command::new("WebKitWebDriver");
        command.arg(format!("--port={port}")).envs(environment.iter().copied());
        command.env("TAURI_AUTOMATION", "true").env("TAURI_WEBVIEW_AUTOMATION", "true");
        command.stdin(Stdio::null()).stdout(said.try_clone().expect("the same file")).stderr(said);
        // A group of its own, so that the driver, the app and its web processes end together.
        let process = match command.process_group(0).spawn() {
            Ok(process) => process,
            Err(error) => return missing(&error),
        };
        let mut driver = Driver { process, port, session: "/session".to_owned() };
        driver.open(binary);
        Some(driver)
    }

    fn open(&mut self, binary: &Path) {
        let options = json!({ "binary": binary, "args": [] });
        let wanted = json!({ "capabilities": {
            "alwaysMatch": { "webkitgtk:browserOptions": options }
        } });
        let deadline = Instant::now() + PATIENCE;
        let opened = loop {
            match self.post("", &wanted) {
                Ok(opened) => break opened,
                Err(why) => assert!(Instant::now() < deadline, "no session opens: {why}"),
            }
            thread::sleep(BETWEEN_LOOKS);
        };
        let id = opened["sessionId"].as_str().expect("a session has an id");
        self.session = format!("{}/{id}", self.session);
    }

    /// The driver's process id, which is also that of its process group.
    pub fn group(&self) -> u32 {
        self.process.id()
    }

    /// Runs a function body in the page and returns what it returns.
    pub fn run(&self, body: &str, arguments: &Value) -> Result<Value, String> {
        self.post("/execute/sync", &json!({ "script": body, "args": arguments }))
    }

    /// The same for a body that calls its last argument when it is done.
    pub fn run_async(&self, body: &str, arguments: &Value) -> Result<Value, String> {
        self.post("/execute/async", &json!({ "script": body, "args": arguments }))
    }

    /// Presses an element with the pointer; refused where something else covers it.
    pub fn click(&self, element: &Element) -> Result<(), String> {
        self.post(&format!("/element/{}/click", element.0), &json!({})).map(drop)
    }

    /// Empties a field.
    pub fn clear(&self, element: &Element) -> Result<(), String> {
        self.post(&format!("/element/{}/clear", element.0), &json!({})).map(drop)
    }

    /// Types into a field.
    pub fn type_into(&self, element: &Element, text: &str) -> Result<(), String> {
        self.post(&format!("/element/{}/value", element.0), &json!({ "text": text })).map(drop)
    }

    /// Presses keys together, as a person holds Ctrl for the next one.
    pub fn press(&self, keys: &[char]) -> Result<(), String> {
        let step = |kind: &str, key: &char| json!({ "type": kind, "value": key.to_string() });
        let down = keys.iter().map(|key| step("keyDown", key));
        let up = keys.iter().rev().map(|key| step("keyUp", key));
        let steps: Vec<Value> = down.chain(up).collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": steps });
        self.post("/actions", &json!({ "actions": [keyboard] })).map(drop)
    }

    /// Presses keys one after the other.
    pub fn type_keys(&self, keys: &str) -> Result<(), String> {
        let step = |kind: &str, key: char| json!({ "type": kind, "value": key.to_string() });
        let press = |key| [step("keyDown", key), step("keyUp", key)];
        let steps: Vec<Value> = keys.chars().flat_map(press).collect();
        let keyboard = json!({ "type": "key", "id": "keyboard", "actions": steps });
        self.post("/actions", &json!({ "actions": [keyboard] })).map(drop)
    }

    /// Gives the window another size, in pixels.
    pub fn resize(&self, width: u32, height: u32) -> Result<(), String> {
        self.post("/window/rect", &json!({ "width": width, "height": height })).map(drop)
    }

    /// The window's picture, as base64 of a PNG.
    pub fn screenshot(&self) -> Result<String, String> {
        let answer = self.ask("GET", "/screenshot", None)?;
        answer.as_str().map(str::to_owned).ok_or_else(|| answer.to_string())
    }

    /// There is no app any more that could be asked to end.
    pub fn has_lost_its_app(&mut self) {
        self.session.clear();
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, String> {
        self.ask("POST", path, Some(body))
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let answer = http::ask(method, self.port, &format!("{}{path}", self.session), body);
        match answer.map_err(|error| error.to_string())? {
            (200, mut answer) => Ok(answer["value"].take()),
            (_, answer) => Err(answer["value"].to_string()),
        }
    }
}

impl Element {
    /// The element that a script returned.
    pub fn from(value: &Value) -> Option<Element> {
        value.get(ELEMENT)?.as_str().map(|id| Element(id.to_owned()))
    }

    /// The element as a script's argument.
    pub fn argument(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The driver would wait long for an app that is not there.
        if !self.session.is_empty() {
            let _ = self.ask("DELETE", "", None);
        }
        let group = format!("-{}", self.process.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// With CI set no test may pass by being skipped.
fn missing(error: &std::io::Error) -> Option<Driver> {
    assert!(std::env::var_os("CI").is_none(), "WebKitWebDriver does not start: {error}");
    eprintln!("skipped: WebKitWebDriver does not start: {error}");
    None
}

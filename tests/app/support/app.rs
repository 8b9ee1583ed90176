//! A running app, and what is left of it when a test fails.

use super::{Home, driver::Driver, until, x11};
use serde_json::{Value, json};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

/// An open window. It is closed when this is dropped.
pub struct App {
    pub(super) driver: Driver,
    log: PathBuf,
    settings: PathBuf,
}

impl App {
    /// Opens the app, or returns `None` where no web view can be driven.
    pub fn open(home: &Home) -> Option<App> {
        let app = App::open_binary(Path::new(env!("CARGO_BIN_EXE_tokenscope")), home)?;
        app.element("button", "Send");
        Some(app)
    }

    /// Opens any window.
    pub fn open_binary(binary: &Path, home: &Home) -> Option<App> {
        let log = home.join("said.log");
        let [data, config, cache] = ["data", "config", "cache"].map(|name| home.join(name));
        let environment: [(&str, &Path); 3] =
            [("XDG_DATA_HOME", &data), ("XDG_CONFIG_HOME", &config), ("XDG_CACHE_HOME", &cache)];
        let driver = Driver::start(binary, &environment, &log)?;
        Some(App { driver, log, settings: home.settings_path() })
    }

    /// Everything that the app and the driver have written to their standard streams.
    pub fn said(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// What has been written to the settings file.
    pub fn settings(&self) -> String {
        fs::read_to_string(&self.settings).unwrap_or_default()
    }

    /// The process group of the driver and everything that it started.
    pub fn group(&self) -> u32 {
        self.driver.group()
    }

    /// Closes the window as the button on its frame does, and waits until it is gone.
    #[track_caller]
    pub fn shut(&self) {
        let is_there = || x11::close("Tokenscope").expect("the display answers");
        assert!(is_there(), "there is a window to close");
        until("the window is gone", || (!is_there()).then_some(()));
    }

    /// Waits until the app has ended, by itself.
    #[track_caller]
    pub fn ends(mut self) {
        let group = self.group().to_string();
        until("the app ends", || {
            let found = Command::new("pgrep").args(["-g", &group, "tokenscope"]).output();
            found.expect("pgrep is there").stdout.is_empty().then_some(())
        });
        self.driver.has_lost_its_app();
    }

    /// Runs a function body in the page and returns what it returns.
    #[track_caller]
    pub fn js(&self, body: &str, arguments: Value) -> Value {
        self.driver.run(body, &arguments).unwrap_or_else(|why| panic!("{body}: {why}"))
    }

    /// The same where the page may throw.
    pub fn try_js(&self, body: &str, arguments: Value) -> Result<Value, String> {
        self.driver.run(body, &arguments)
    }

    /// The same for a body that calls its last argument when it is done.
    #[track_caller]
    pub fn js_async(&self, body: &str, arguments: Value) -> Value {
        self.driver.run_async(body, &arguments).unwrap_or_else(|why| panic!("{body}: {why}"))
    }

    /// Writes down what the window looked like, where somebody wants to know.
    fn keep_evidence(&self) {
        let Some(folder) = env::var_os("TOKENSCOPE_TEST_ARTIFACTS").map(PathBuf::from) else {
            return;
        };
        let _ = fs::create_dir_all(&folder);
        let test = thread::current().name().unwrap_or("test").replace("::", "-");
        let _ = fs::write(folder.join(format!("{test}.log")), self.said());
        if let Ok(text) = self.driver.run("return document.body.innerText", &json!([])) {
            let _ =
                fs::write(folder.join(format!("{test}.txt")), text.as_str().unwrap_or_default());
        }
        if let Ok(picture) = self.driver.screenshot() {
            write_base64(&folder.join(format!("{test}.png")), &picture);
        }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        if thread::panicking() {
            self.keep_evidence();
        }
    }
}

/// The system's own decoder does for the one picture of a failed test.
fn write_base64(path: &Path, encoded: &str) {
    let encoded_path = path.with_extension("base64");
    let _ = fs::write(&encoded_path, encoded);
    if let Ok(file) = fs::File::create(path) {
        let mut decode = Command::new("base64");
        let _ = decode.arg("--decode").arg(&encoded_path).stdout(Stdio::from(file)).status();
    }
    let _ = fs::remove_file(encoded_path);
}

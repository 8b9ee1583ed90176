//! One start of one window.

use crate::{
    processes,
    support::{App, Home, until},
};
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

/// By then the app has loaded what it leaves for after the first paint.
const AT_REST: Duration = Duration::from_secs(5);

/// When the first words were painted, in milliseconds since 1970.
const FIRST_PAINT: &str = "
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    return paint ? performance.timeOrigin + paint.startTime : null;";

/// What a start costs.
#[derive(Debug)]
pub struct Cost {
    /// From the start of the process to the first paint of words.
    pub first_paint_ms: f64,
    /// Of the app and its web processes, at rest.
    pub pss_mib: f64,
}

/// The app.
pub fn tokenscope() -> PathBuf {
    env!("CARGO_BIN_EXE_tokenscope").into()
}

/// An empty window of the same build.
pub fn bare() -> PathBuf {
    tokenscope().with_file_name("examples").join("bare")
}

/// Opens a window in a fresh home. `None` where no web view can be driven.
pub fn measure(binary: &Path) -> Option<Cost> {
    let home = Home::new();
    let app = App::open_binary(binary, &home)?;
    let painted = until("words are painted", || app.js(FIRST_PAINT, json!([])).as_f64());
    let started = processes::started_at_ms(app.group(), binary);
    thread::sleep(AT_REST);
    let pss_mib = processes::pss_mib(app.group());
    Some(Cost { first_paint_ms: painted - started, pss_mib })
}

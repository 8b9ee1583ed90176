//! An empty window: what any Tauri app costs before it does something. `cargo xtask bench`
//! measures the start and the memory of the app against it.
//!
//! It shows itself when its page is there, as the app does when its first screen is painted.

use std::borrow::Cow;
use tauri::{
    App, Assets, Runtime, WebviewUrl, WebviewWindowBuilder,
    utils::assets::{AssetKey, AssetsIter, CspHash},
    webview::PageLoadEvent,
};

const PAGE: &str = "<!doctype html><title>bare</title><p>An empty window.</p>";

struct Page;

impl<R: Runtime> Assets<R> for Page {
    fn get(&self, _: &AssetKey) -> Option<Cow<'_, [u8]>> {
        Some(PAGE.as_bytes().into())
    }

    fn iter(&self) -> Box<AssetsIter<'_>> {
        Box::new(std::iter::empty())
    }

    fn csp_hashes(&self, _: &AssetKey) -> Box<dyn Iterator<Item = CspHash<'_>> + '_> {
        Box::new(std::iter::empty())
    }
}

fn main() {
    let mut context = tokenscope::context();
    context.set_assets(Box::new(Page));
    tauri::Builder::default()
        .setup(|app| open(app))
        .on_page_load(|webview, load| {
            if load.event() == PageLoadEvent::Finished {
                let _ = webview.window().show();
            }
        })
        .run(context)
        .expect("a display answers");
}

fn open(app: &App) -> Result<(), Box<dyn std::error::Error>> {
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::default());
    window.title("bare").inner_size(1280.0, 800.0).visible(false).build()?;
    Ok(())
}

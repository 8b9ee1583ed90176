//! The one window, and what it may not do.
//!
//! The reply is hostile input. Should anything in it ever reach the page as code, there is
//! still nowhere to go: no other page, no second window, no download.

use std::time::Duration;
use tauri::{
    Manager, Runtime, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    webview::NewWindowResponse,
};

/// The window's label, to which the capability is bound.
pub const MAIN: &str = "main";

/// How long a page may keep its window hidden.
const SHOWN_AT_LATEST: Duration = Duration::from_secs(2);

/// Opens the window, hidden until its first screen is painted.
pub fn open<R: Runtime, M: Manager<R>>(manager: &M) -> tauri::Result<WebviewWindow<R>> {
    let dev_url = manager.config().build.dev_url.clone().filter(|_| tauri::is_dev());
    let window = WebviewWindowBuilder::new(manager, MAIN, WebviewUrl::default())
        .title("Tokenscope")
        .inner_size(1280.0, 800.0)
        .min_inner_size(720.0, 520.0)
        .visible(false)
        .disable_drag_drop_handler()
        .general_autofill_enabled(false)
        .on_navigation(move |url| is_ours(url, dev_url.as_ref()))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .build()?;
    let shown = window.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(SHOWN_AT_LATEST).await;
        // A page that fails to start must not leave an invisible app behind.
        let _ = shown.show();
    });
    Ok(window)
}

fn is_ours(url: &Url, dev_url: Option<&Url>) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" if url.host_str() == Some("tauri.localhost") => url.port().is_none(),
        _ => dev_url.is_some_and(|dev| dev.origin() == url.origin()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_stays_at_home() {
        let dev = Url::parse("http://localhost:5173").expect("a URL");
        for (url, stays, stays_in_dev) in [
            ("tauri://localhost/index.html", true, true),
            ("http://tauri.localhost/", true, true),
            ("https://tauri.localhost/#/play", true, true),
            ("http://localhost:5173/", false, true),
            ("http://localhost:5174/", false, false),
            ("http://tauri.localhost:8080/", false, false),
            ("https://tauri.localhost.example/", false, false),
            ("tauri://elsewhere/", false, false),
            ("https://example.com/", false, false),
            ("file:///etc/passwd", false, false),
            ("data:text/html,hello", false, false),
            ("about:blank", false, false),
        ] {
            let url = Url::parse(url).expect(url);
            assert_eq!(is_ours(&url, None), stays, "{url}");
            assert_eq!(is_ours(&url, Some(&dev)), stays_in_dev, "{url} in development");
        }
    }
}

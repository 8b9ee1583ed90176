//! The shell: a window, the OS keyring, a settings file, and a thin set of commands.
//! Everything the app knows about LLMs is in `playground`.
//!
//! - [`commands`]: what the page may ask for; [`error`]: how it is refused.
//! - `shell`: what the commands share; [`target`]: where a chat goes.
//! - [`runs`]: runs in progress, and the events on their way to the page.
//! - [`files`], `dialogs`: what is written elsewhere, and where.
//! - [`keys`], [`settings`], [`lists`]: what is kept.
//! - `window`, `practice_server`: what is opened at the start.

pub mod commands;
mod dialogs;
pub mod error;
pub mod files;
pub mod keys;
pub mod lists;
mod practice_server;
pub mod runs;
pub mod settings;
pub mod shell;
pub mod target;
mod window;

use keys::{OsVault, Vault};
use lists::Lists;
use settings::Preferences;
use shell::Shell;
use std::sync::Arc;
use tauri::{
    App, Builder, Context, Manager, Runtime, Webview, Window, WindowEvent,
    webview::{PageLoadEvent, PageLoadPayload},
};
use tauri_plugin_store::resolve_store_path;

/// The folder of the recordings, in the app's data folder.
const RECORDINGS: &str = "recordings";

/// Adds everything to `builder`; tests pass a mock one, and a vault of their own.
pub fn configure<R: Runtime>(builder: Builder<R>, vault: Box<dyn Vault>) -> Builder<R> {
    builder
        .plugin(tauri_plugin_store::Builder::new().build())
        .setup(|app| set_up(app, vault))
        .on_page_load(page_loads)
        .on_window_event(window_event)
        .invoke_handler(tauri::generate_handler![
            commands::start::start,
            commands::start::painted,
            commands::start::save_settings,
            commands::text::read_prompt,
            commands::text::cut,
            commands::text::bill,
            commands::text::piece_costs,
            commands::text::lint,
            commands::text::glossary,
            commands::runs::preview,
            commands::runs::snippets,
            commands::runs::start_run,
            commands::runs::acknowledge_run,
            commands::runs::cancel_run,
            commands::runs::skip_wait,
            commands::runs::list_models,
            commands::runs::count_tokens,
            commands::runs::proxy_of,
            commands::recordings::list_runs,
            commands::recordings::run_names,
            commands::recordings::kept_run,
            commands::recordings::replay_run,
            commands::recordings::star_run,
            commands::recordings::rename_run,
            commands::recordings::delete_runs,
            commands::recordings::delete_all_runs,
            commands::recordings::recordings_state,
            commands::recordings::beyond_limit,
            commands::recordings::spent_since,
            commands::files::export_runs,
            commands::files::import_runs,
            commands::keys::keys,
            commands::keys::set_key,
            commands::keys::import_key,
            commands::keys::forget_key,
            commands::keys::check_key,
            commands::keys::import_key_file,
            commands::keys::open_keys_page,
        ])
}

/// The keyring of the operating system.
pub fn os_keyring() -> Box<dyn Vault> {
    Box::new(OsVault)
}

/// The page, the configuration and the permissions, as they were when this was built.
pub fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

fn set_up<R: Runtime>(
    app: &App<R>,
    vault: Box<dyn Vault>,
) -> Result<(), Box<dyn std::error::Error>> {
    let preferences = Preferences::open(app.handle())?;
    let lists = Lists::at(resolve_store_path(app.handle(), lists::FILE)?);
    let recordings = resolve_store_path(app.handle(), RECORDINGS)?;
    app.manage(Arc::new(Shell::new(preferences, lists, recordings, vault)?));
    window::open(app)?;
    Ok(())
}

/// A page that begins to load replaces one whose runs nobody hears any more.
fn page_loads<R: Runtime>(webview: &Webview<R>, load: &PageLoadPayload<'_>) {
    if load.event() == PageLoadEvent::Started {
        webview.state::<Arc<Shell>>().runs.abandon(webview.label());
    }
}

fn window_event<R: Runtime>(window: &Window<R>, event: &WindowEvent) {
    if let WindowEvent::Destroyed = event {
        window.state::<Arc<Shell>>().runs.abandon(window.label());
    }
}

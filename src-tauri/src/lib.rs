//! The shell: a window, the OS keyring, a settings file, and a thin set of commands.
//! Everything the app knows about LLMs is in `playground`.
//!
//! - [`commands`]: what the page may ask for; [`error`]: how it is refused.
//! - `shell`: what the commands share; [`target`]: where a chat goes.
//! - [`runs`]: runs in progress, and the events on their way to the page.
//! - [`batch`]: sweeps and sets, sent call by call.
//! - [`files`], `dialogs`: what is written elsewhere, and where.
//! - [`keys`], [`settings`], [`lists`], [`prices`]: what is kept; [`budget`]: what may be spent;
//!   [`sheets`]: texts that are written in; [`learn`]: lessons, and how far somebody is.
//! - `clock`: what time it is. `window`, `practice_server`, [`opened`]: what is opened at the start.

pub mod batch;
pub mod budget;
mod clock;
pub mod commands;
mod dialogs;
pub mod error;
pub mod files;
pub mod keys;
pub mod learn;
pub mod lists;
pub mod opened;
mod practice_server;
pub mod prices;
pub mod runs;
pub mod settings;
pub mod sheets;
pub mod shell;
pub mod target;
mod window;

use keys::{OsVault, Vault};
use learn::Learner;
use lists::Lists;
use opened::Opened;
use prices::Prices;
use settings::Preferences;
use shell::Shell;
use std::sync::Arc;
use tauri::{
    App, AppHandle, Builder, Context, Manager, RunEvent, Runtime, Webview, Window, WindowEvent,
    async_runtime::{block_on, spawn},
    webview::{PageLoadEvent, PageLoadPayload},
};
use tauri_plugin_store::resolve_store_path;

/// The folder of the recordings, in the app's data folder.
const RECORDINGS: &str = "recordings";

/// Adds everything to `builder`; tests pass a mock one, and a vault of their own.
#[allow(clippy::too_many_lines, reason = "it is the list of commands")]
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
            commands::text::summary_offer,
            commands::text::cut,
            commands::text::bill,
            commands::text::piece_costs,
            commands::text::lint,
            commands::text::glossary,
            commands::sheets::open_sheet,
            commands::sheets::edit_sheet,
            commands::sheets::lay_sheet,
            commands::sheets::read_rows,
            commands::sheets::how_cut,
            commands::sheets::score_guess,
            commands::sheets::estimate_for,
            commands::sheets::read_conversation,
            commands::sheets::language_costs,
            commands::sheets::token_examples,
            commands::sheets::open_sheet_file,
            commands::sheets::save_sheet_file,
            commands::sheets::sheet_link,
            commands::sheets::read_sheet_link,
            commands::sheets::opened_sheet,
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
            commands::recordings::system_versions,
            commands::recordings::name_version,
            commands::recordings::delete_version,
            commands::recordings::restore_version,
            commands::recordings::delete_all_versions,
            commands::recordings::recordings_state,
            commands::recordings::beyond_limit,
            commands::recordings::spent_since,
            commands::costs::catalogue,
            commands::costs::set_own_price,
            commands::costs::remove_own_price,
            commands::costs::read_feed,
            commands::costs::read_feed_file,
            commands::costs::take_feed,
            commands::costs::undo_feed,
            commands::costs::month,
            commands::costs::month_csv,
            commands::costs::elsewhere,
            commands::costs::spending,
            commands::costs::budget_state,
            commands::compare::start_round,
            commands::compare::cancel_runs,
            commands::compare::open_comparison,
            commands::compare::save_comparison,
            commands::compare::star_comparison,
            commands::compare::rename_comparison,
            commands::compare::delete_comparisons,
            commands::compare::blind_tally,
            commands::compare::forget_votes,
            commands::compare::save_picture,
            commands::alike::rosetta,
            commands::alike::rosetta_reply,
            commands::alike::variety,
            commands::batch::read_prompt_set,
            commands::batch::open_prompt_set,
            commands::batch::plan_batch,
            commands::batch::start_batch,
            commands::batch::pause_batch,
            commands::batch::stop_batch,
            commands::batch::resume_batch,
            commands::batch::watch_batch,
            commands::batch::resend_cell,
            commands::batch::skip_batch_wait,
            commands::batch::export_batch,
            commands::learn::course,
            commands::learn::open_lesson,
            commands::learn::look_at_lesson,
            commands::learn::answer,
            commands::learn::reset_lesson,
            commands::learn::reset_course,
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

/// Lets the app end only after what goes on has ended and is written down.
pub fn run_event<R: Runtime>(app: &AppHandle<R>, event: RunEvent) {
    // Where the set-up failed there is nothing to write.
    let Some(shell) = app.try_state::<Arc<Shell>>().map(|it| Arc::clone(&it)) else { return };
    match event {
        // The last window is closed. It goes from the screen at once, while the rest is done.
        RunEvent::ExitRequested { code: None, api, .. } => {
            api.prevent_exit();
            let app = app.clone();
            spawn(async move {
                shell.close().await;
                app.exit(0);
            });
        }
        // A desktop may also end the app without asking.
        RunEvent::Exit => block_on(shell.close()),
        _ => {}
    }
}

fn set_up<R: Runtime>(
    app: &App<R>,
    vault: Box<dyn Vault>,
) -> Result<(), Box<dyn std::error::Error>> {
    let preferences = Preferences::open(app.handle())?;
    let lists = Lists::at(resolve_store_path(app.handle(), lists::FILE)?);
    let prices = Prices::at(resolve_store_path(app.handle(), prices::FILE)?);
    let progress = resolve_store_path(app.handle(), learn::FILE)?;
    let learner = Learner::at(progress, resolve_store_path(app.handle(), learn::LESSONS)?);
    let recordings = resolve_store_path(app.handle(), RECORDINGS)?;
    app.manage(Arc::new(Shell::new(preferences, lists, prices, learner, recordings, vault)?));
    // Unless the program was started with something to open, there is nothing.
    app.manage(Opened::default());
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

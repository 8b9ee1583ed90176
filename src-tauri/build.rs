//! Embeds `ui/dist` and declares the commands that the page may be given.

use std::{fs, path::Path};

/// Every command. Declaring them turns the permission check on for our own commands too,
/// and makes the `allow-…` permissions that `capabilities/main.json` grants.
const COMMANDS: &[&str] = &[
    "start",
    "painted",
    "save_settings",
    "preview",
    "snippets",
    "read_prompt",
    "summary_offer",
    "cut",
    "bill",
    "piece_costs",
    "lint",
    "glossary",
    "open_sheet",
    "edit_sheet",
    "lay_sheet",
    "read_rows",
    "how_cut",
    "score_guess",
    "estimate_for",
    "read_conversation",
    "language_costs",
    "token_examples",
    "open_sheet_file",
    "save_sheet_file",
    "sheet_link",
    "read_sheet_link",
    "opened_sheet",
    "start_run",
    "acknowledge_run",
    "cancel_run",
    "skip_wait",
    "keys",
    "set_key",
    "import_key",
    "forget_key",
    "check_key",
    "import_key_file",
    "open_keys_page",
    "list_models",
    "count_tokens",
    "proxy_of",
    "list_runs",
    "run_names",
    "kept_run",
    "replay_run",
    "star_run",
    "rename_run",
    "delete_runs",
    "delete_all_runs",
    "system_versions",
    "name_version",
    "delete_version",
    "restore_version",
    "delete_all_versions",
    "recordings_state",
    "beyond_limit",
    "start_round",
    "cancel_runs",
    "open_comparison",
    "save_comparison",
    "star_comparison",
    "rename_comparison",
    "delete_comparisons",
    "blind_tally",
    "forget_votes",
    "save_picture",
    "course",
    "open_lesson",
    "look_at_lesson",
    "answer",
    "reset_lesson",
    "reset_course",
    "export_runs",
    "import_runs",
    "spent_since",
    "catalogue",
    "set_own_price",
    "remove_own_price",
    "read_feed",
    "read_feed_file",
    "take_feed",
    "undo_feed",
    "month",
    "month_csv",
    "elsewhere",
    "spending",
    "budget_state",
    "rosetta",
    "rosetta_reply",
    "variety",
    "read_prompt_set",
    "open_prompt_set",
    "plan_batch",
    "start_batch",
    "pause_batch",
    "stop_batch",
    "resume_batch",
    "watch_batch",
    "resend_cell",
    "skip_batch_wait",
    "export_batch",
];

fn main() {
    stand_in_for_the_page();
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    tauri_build::try_build(attributes).expect("tauri.conf.json and capabilities/ are valid");
}

/// `cargo test` and `cargo clippy` need no Node: where the page was never built, a line of
/// text stands in for it.
fn stand_in_for_the_page() {
    let page = Path::new("../ui/dist/index.html");
    if !page.exists() {
        fs::create_dir_all("../ui/dist").expect("ui/dist can be made");
        let words = "<!doctype html><title>Tokenscope</title><p>Run <code>cargo xtask run</code>.";
        fs::write(page, words).expect("ui/dist can be written");
    }
}

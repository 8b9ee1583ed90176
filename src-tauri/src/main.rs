//! Opens the window.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::{env, panic, process::ExitCode};
use tokenscope::opened::Opened;

fn main() -> ExitCode {
    let opened = Opened::by(env::args_os().skip(1));
    let builder = tauri::Builder::default().manage(opened);
    let builder = tokenscope::configure(builder, tokenscope::os_keyring());
    let build = || builder.build(tokenscope::context());
    // GTK's set-up panics where no display answers; a person deserves a sentence.
    let loud = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let built = panic::catch_unwind(panic::AssertUnwindSafe(build));
    panic::set_hook(loud);
    match built {
        Ok(Ok(app)) => {
            app.run(tokenscope::run_event);
            ExitCode::SUCCESS
        }
        Ok(Err(error)) => fail(&format!("the window could not be opened: {error}")),
        Err(_) => fail(
            "the window could not be opened, because no display answers.\n\
             Start Tokenscope inside a desktop session; over SSH, forward one with `ssh -X`.",
        ),
    }
}

fn fail(why: &str) -> ExitCode {
    eprintln!("tokenscope: {why}");
    ExitCode::FAILURE
}

//! A page that is loaded again in the middle of a reply.

use crate::{
    server::Server,
    support::{App, Home, endless::endless, until, within},
};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

#[test]
fn a_reload_ends_the_run_and_sends_nothing_again() {
    let hung_up = Arc::new(AtomicBool::new(false));
    let server = Server::answering(endless(hung_up.clone()));
    let home = Home::new();
    let Some(app) = App::open(&home) else { return };
    app.add_server("Endless", &server.origin);
    until("the settings are written", || home.settings()["servers"][0].is_object().then_some(()));
    app.click("Send");
    until("words come", || app.reply().1.contains("word").then_some(()));

    app.js("window.isOld = true; location.reload()", json!([]));
    until("the page is new", || {
        let script = "return window.isOld === undefined && document.readyState === 'complete'";
        (app.js(script, json!([])) == true).then_some(())
    });
    app.element("button", "Send");
    until("the server is hung up on", || hung_up.load(Ordering::SeqCst).then_some(()));
    let again = within(Duration::from_secs(1), || (server.requests().len() > 1).then_some(()));
    assert_eq!(again, None, "nothing is sent again");
    assert_eq!(server.requests().len(), 1, "one press is one request");
    assert_eq!(app.reply().0, "", "the new page shows no reply that it did not ask for");
}

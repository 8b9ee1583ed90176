//! What a window manager would say to a window; the tests' desktop has none.

use std::error::Error;
use x11rb::{
    connection::Connection,
    protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt, EventMask},
};

/// Asks the window of that title to close, as the button on its frame does. Returns whether there
/// is one.
pub fn close(title: &str) -> Result<bool, Box<dyn Error>> {
    let (display, screen) = x11rb::connect(None)?;
    let atom = |name: &str| display.intern_atom(false, name.as_bytes())?.reply().map(|it| it.atom);
    let (protocols, delete) = (atom("WM_PROTOCOLS")?, atom("WM_DELETE_WINDOW")?);
    let root = display.setup().roots[screen].root;
    for window in display.query_tree(root)?.reply()?.children {
        let name = display.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64)?;
        // A window may be gone by now.
        if name.reply().is_ok_and(|it| it.value == title.as_bytes()) {
            let words = [delete, x11rb::CURRENT_TIME, 0, 0, 0];
            let event = ClientMessageEvent::new(32, window, protocols, words);
            display.send_event(false, window, EventMask::NO_EVENT, event)?.check()?;
            return Ok(true);
        }
    }
    Ok(false)
}

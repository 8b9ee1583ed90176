//! What a person does in the window, by the names that are read out to them.

use super::{App, PATIENCE, driver::Element, until, within};
use serde_json::{Value, json};

/// Finds what a person could see and use: in the open dialog, if there is one.
const FIND: &str = "
    const [selector, name] = arguments;
    const scope = document.querySelector('dialog[open]') ?? document;
    const named = (it) =>
        it.getAttribute('aria-label') ?? it.labels?.[0]?.textContent ?? it.innerText ?? '';
    return [...scope.querySelectorAll(selector)].find(
        (it) => it.checkVisibility() && named(it).trim().startsWith(name)) ?? null;";

/// Whether a thing stands still in view for as long as a press takes: else the press could miss it,
/// as that of a person would whose target moves.
const STANDS_STILL: &str = "
    const [it, done] = arguments;
    it.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const place = () => JSON.stringify(it.getBoundingClientRect());
    const before = place();
    const look = () => done(it.isConnected && place() === before);
    requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(look), 100));";

const FIELDS: &str = "input:not([type=range]), textarea, select";

/// Keys by their WebDriver code.
pub mod key {
    pub const TAB: char = '\u{e004}';
    pub const ENTER: char = '\u{e007}';
    pub const SHIFT: char = '\u{e008}';
    pub const CONTROL: char = '\u{e009}';
    pub const ALT: char = '\u{e00a}';
    pub const ESCAPE: char = '\u{e00c}';
    pub const END: char = '\u{e010}';
    pub const HOME: char = '\u{e011}';
    pub const UP: char = '\u{e013}';
    pub const RIGHT: char = '\u{e014}';
    pub const DOWN: char = '\u{e015}';
    pub const DELETE: char = '\u{e017}';
}

impl App {
    /// Waits for a thing with this name, or with one that begins so.
    #[track_caller]
    pub fn element(&self, selector: &str, name: &str) -> Element {
        until(&format!("{selector} named {name:?}"), || self.find(selector, name))
    }

    /// The thing, if it is there now.
    pub fn find(&self, selector: &str, name: &str) -> Option<Element> {
        let found = self.driver.run(FIND, &json!([selector, name])).ok()?;
        Element::from(&found)
    }

    /// Presses a button.
    #[track_caller]
    pub fn click(&self, name: &str) {
        self.click_on("button, summary", name);
    }

    /// Presses whatever has that name.
    #[track_caller]
    pub fn click_on(&self, selector: &str, name: &str) {
        // A button that is being redrawn is looked for again.
        until(&format!("a press on {name:?}"), || {
            let element = self.find(selector, name)?;
            let still = self.driver.run_async(STANDS_STILL, &json!([element.argument()])).ok()?;
            (still == true).then(|| self.driver.click(&element).ok())?
        });
    }

    /// Presses a button that others share their name with.
    pub fn click_in(&self, region: &str, selector: &str) {
        self.js(
            "document.querySelector(`section[aria-label=\"${arguments[0]}\"]`)
                .querySelector(arguments[1]).click()",
            json!([region, selector]),
        );
    }

    /// Puts `text` into a field by typing it, and leaves the field.
    #[track_caller]
    pub fn fill(&self, label: &str, text: &str) {
        let field = self.element(FIELDS, label);
        self.driver.clear(&field).expect("a field can be emptied");
        self.driver.type_into(&field, text).expect("a field can be typed into");
        self.js("arguments[0].blur()", json!([field.argument()]));
    }

    /// Types into a field and presses Enter there.
    #[track_caller]
    pub fn fill_and_enter(&self, label: &str, text: &str) {
        let field = self.element(FIELDS, label);
        self.driver.type_into(&field, &format!("{text}{}", key::ENTER)).expect("typing works");
    }

    /// Gives the window another size, in pixels.
    #[track_caller]
    pub fn resize(&self, width: u32, height: u32) {
        self.driver.resize(width, height).expect("the window can be resized");
        until("the page has the size", || {
            let size = self.js("return [innerWidth, innerHeight]", json!([]));
            (size == json!([width, height])).then_some(())
        });
    }

    /// Puts `text` into a field at once, as pasting does. It may be anything that JSON can say.
    #[track_caller]
    pub fn paste(&self, label: &str, text: &str) {
        self.js(
            "arguments[0].value = arguments[1];
            arguments[0].dispatchEvent(new Event('input', { bubbles: true }));",
            json!([self.element(FIELDS, label).argument(), text]),
        );
    }

    /// Puts `text` into an editor, in the place of all that it has, as pasting does.
    #[track_caller]
    pub fn replace(&self, label: &str, text: &str) {
        let name = json!([label, text]);
        until(&format!("{label:?} is there"), || {
            let find = "return !!document.querySelector(`[aria-label='${arguments[0]}']`)";
            (self.js(find, json!([label])) == true).then_some(())
        });
        self.js("document.querySelector(`[aria-label='${arguments[0]}']`).focus()", name.clone());
        self.press(&[key::CONTROL, 'a']);
        self.press(&[key::DELETE]);
        self.js(
            "const data = new DataTransfer();
            data.setData('text/plain', arguments[1]);
            const paste = { clipboardData: data, bubbles: true, cancelable: true };
            document.querySelector(`[aria-label='${arguments[0]}']`)
                .dispatchEvent(new ClipboardEvent('paste', paste));",
            name,
        );
    }

    /// Presses keys together.
    #[track_caller]
    pub fn press(&self, keys: &[char]) {
        self.driver.press(keys).expect("keys can be pressed");
    }

    /// Types into whatever has the focus.
    #[track_caller]
    pub fn type_text(&self, text: &str) {
        self.driver.type_keys(text).expect("keys can be pressed");
    }

    /// The name of what has the focus.
    pub fn focused(&self) -> String {
        let name = self.js(
            "const it = document.activeElement;
            return it === document.body ? 'nothing'
                : it.getAttribute('aria-label') ?? it.labels?.[0]?.textContent ?? it.innerText;",
            json!([]),
        );
        name.as_str().unwrap_or_default().trim().to_owned()
    }

    /// Presses a button where a press by place misses: in a page that is enlarged.
    #[track_caller]
    pub fn press_wherever(&self, name: &str) {
        let button = self.element("button", name);
        self.js("arguments[0].click()", json!([button.argument()]));
    }

    /// What is wider than its place. A table may be, where it scrolls by itself.
    #[track_caller]
    pub fn cut_off(&self) -> Value {
        self.js(
            "const main = document.querySelector('main');
            const all = [document.documentElement, main, ...main.querySelectorAll('*')];
            const scrolls = (it) => ['auto', 'scroll'].includes(getComputedStyle(it).overflowX);
            const isPlace = (it) => it === all[0] || it === main || scrolls(it);
            const holds = (it) => it.querySelector(':scope > :is(table, [role=grid], textarea)');
            return all
                .filter((it) => it.checkVisibility() && it.scrollWidth > it.clientWidth + 1)
                .filter((it) => isPlace(it) && !holds(it) && !it.matches('textarea, input'))
                .map((it) => `${it.scrollWidth} in ${it.clientWidth}: ${it.outerHTML.slice(0, 120)}`);",
            json!([]),
        )
    }

    /// Waits until what has the focus has a name that begins so.
    #[track_caller]
    pub fn focus_comes_to(&self, name: &str) {
        let mut last = String::new();
        let came = within(PATIENCE, || {
            last = self.focused();
            last.starts_with(name).then_some(())
        });
        assert!(came.is_some(), "{name:?} has the focus: {last:?} has it");
    }

    /// The text of a region, as it is seen; empty if it is not there.
    #[track_caller]
    pub fn region(&self, label: &str) -> String {
        let text = self.js(
            "return document.querySelector(`[aria-label=\"${arguments[0]}\"]`)?.innerText ?? null",
            json!([label]),
        );
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a region says `text`.
    #[track_caller]
    pub fn wait_for(&self, region: &str, text: &str) {
        until(&format!("{region} says {text:?}"), || {
            self.region(region).contains(text).then_some(())
        });
    }

    /// The body in the Request lens, character by character; as text, which it is shown as.
    pub fn request_body(&self) -> String {
        self.js(
            "const buttons = [...document.querySelectorAll('section[aria-label=Request] button')];
            const text = buttons.find((it) => it.textContent.trim() === 'Text');
            if (text?.ariaPressed === 'false') text.click();",
            json!([]),
        );
        let body = self.js(
            "const lines = document.querySelectorAll('[aria-label=\"Request body\"] .line');
            return [...lines].map((line) => line.textContent.replace(/\\n$/, '')).join('\\n');",
            json!([]),
        );
        body.as_str().unwrap_or_default().to_owned()
    }

    /// The state of the newest reply, and its text.
    pub fn reply(&self) -> (String, String) {
        let pair = self.js(
            "const it = [...document.querySelectorAll('[data-state]')].at(-1);
            const blocks = [...(it?.children ?? [])].map((block) => block.textContent);
            return [it?.dataset.state ?? '', blocks.join('')];",
            json!([]),
        );
        let part = |index: usize| pair[index].as_str().unwrap_or_default().to_owned();
        (part(0), part(1))
    }

    /// Waits until the newest reply has ended so, and returns its text.
    #[track_caller]
    pub fn ends_as(&self, state: &str) -> String {
        let ended = until("the reply ends", || {
            Some(self.reply()).filter(|(now, _)| !["", "running"].contains(&now.as_str()))
        });
        assert_eq!(ended.0, state, "{}", self.region("Conversation"));
        ended.1
    }

    /// Presses Send and waits for a whole reply.
    #[track_caller]
    pub fn send(&self) -> String {
        self.click("Send");
        self.ends_as("finished")
    }

    /// What stands where a reply would, after one that failed.
    #[track_caller]
    pub fn trouble(&self) -> String {
        until("a message where the reply would stand", || {
            let script = "return [...document.querySelectorAll(
                '[aria-label=Conversation] [role=alert]')].map((it) => it.innerText).join('\\n')";
            let said = self.js(script, json!([]));
            said.as_str().map(str::to_owned).filter(|it| !it.trim().is_empty())
        })
    }

    /// Adds a server and chooses a model there, all through the picker.
    #[track_caller]
    pub fn add_server(&self, name: &str, base_url: &str) {
        self.click("Model:");
        self.click("Add a server");
        self.fill("Base URL", base_url);
        self.fill("Name", name);
        self.click("Add the server");
        until("the server is kept", || self.settings().contains(base_url).then_some(()));
        self.type_model("practice-1");
    }

    /// Chooses a server that is already known.
    #[track_caller]
    pub fn choose_server(&self, name: &str) {
        self.choose_model(name, "practice-1");
    }

    /// Chooses a model of a server that is already known.
    #[track_caller]
    pub fn choose_model(&self, server: &str, model: &str) {
        self.click("Model:");
        self.click(server);
        self.type_model(model);
    }

    /// Chooses Practice.
    #[track_caller]
    pub fn choose_practice(&self) {
        self.click("Model:");
        self.click("Practice");
        self.click("practice-1");
        self.dialog_closes();
    }

    /// Saves a key in Settings.
    #[track_caller]
    pub fn save_key(&self, server: &str, secret: &str) {
        self.fill(&format!("Key for {server}"), secret);
        let card = format!("Key for {server}");
        self.click_in(&card, "button[type=submit]");
        self.wait_for(&card, "in the keyring");
        self.wait_for(&card, "Saved.");
    }

    /// Closes the open dialog.
    #[track_caller]
    pub fn close(&self) {
        self.click("Close");
        self.dialog_closes();
    }

    /// Waits until no dialog is open.
    #[track_caller]
    pub fn dialog_closes(&self) {
        until("the dialog closes", || {
            let is_open =
                self.js("return document.querySelector('dialog[open]') !== null", json!([]));
            (is_open == Value::Bool(false)).then_some(())
        });
    }

    #[track_caller]
    fn type_model(&self, model: &str) {
        self.fill_and_enter("Find a model", model);
        self.dialog_closes();
    }
}

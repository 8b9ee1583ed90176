//! A conversation to be read, whatever is in it.

use crate::{beginning, open, record, story};
use playground::{Delta, ErrorKind, Message, Role, RunEvent};
use proptest::prelude::*;
use recordings::files::transcript::{self, Format};
use tempfile::TempDir;

/// Texts that would like to be more than text.
const HOSTILE: &[&str] = &[
    "</pre></article><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "]]><svg onload=alert(1)>",
    "```\n# Not a heading\n<script>alert(1)</script>\n````` ~~~",
    "\u{202e}drawkcab\u{2066} hidden",
    "&lt;script&gt; &#60;script&#62; \" ' \u{0}\u{1b}[31m",
    "[click](javascript:alert(1)) ![x](http://evil.example/x.png) <http://evil.example>",
    "\r\n\r\n---\r\n| a | b |\n- item\n1. item\n    code",
    "<!-- --> <?php ?> <![CDATA[ x ]]>",
];

/// What is written of a run in which every text is `text`.
fn written(text: &str, format: Format) -> String {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    let mut beginning = beginning("a", text);
    beginning.target.model = text.into();
    beginning.target.base_url = Some(text.into());
    beginning.chat.parameters.stop = Some(vec![text.into()]);
    let said = Message { role: Role::System, text: text.into() };
    beginning.chat.messages.insert(0, said);
    let mut told = story(&[text]);
    if let RunEvent::AttemptStarted { request, .. } = &mut told[0] {
        (request.body, request.url) = (text.into(), text.into());
    }
    if let RunEvent::Frame(frame) = &mut told[1] {
        frame.deltas.extend([
            Delta::reasoning(text),
            Delta::refusal(text),
            Delta::ToolCall {
                choice: 0,
                index: 0,
                name: Some(text.into()),
                arguments: text.into(),
            },
        ]);
    }
    let error = ErrorKind::Cut.said(text);
    *told.last_mut().expect("an end") = RunEvent::Interrupted { at_us: 9_000, error };
    record(&recorder, beginning, &told);
    recorder.with(|store| store.amount()).expect("written");
    let mut out = Vec::new();
    let store = recorder.reader().expect("a connection");
    let runs = transcript::export(&store, &["a".into()], format, &mut out, &mut |_| true);
    assert_eq!(runs.expect("written"), 1);
    String::from_utf8(out).expect("text")
}

/// The lines of Markdown that are not inside a fence, as CommonMark sees fences.
fn outside_fences(markdown: &str) -> Vec<String> {
    let (mut fence, mut outside) = (0, Vec::new());
    for line in markdown.split(['\n', '\r']) {
        let ticks = line.len() - line.trim_start_matches('`').len();
        let is_fence = ticks >= 3 && !line[ticks..].contains('`');
        if fence == 0 && is_fence {
            fence = ticks;
        } else if fence == 0 {
            outside.push(line.to_owned());
        } else if ticks >= fence && line[ticks..].trim().is_empty() {
            fence = 0;
        }
    }
    assert_eq!(fence, 0, "every fence is closed: {markdown}");
    outside
}

/// A line without what is escaped in it.
fn unescaped(line: &str) -> String {
    let mut left = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            character => left.push(character),
        }
    }
    left
}

fn is_harmless_markdown(text: &str) {
    let marks = ['<', '>', '`', '[', ']', '!', '|', '&', '\u{202e}', '\u{2066}', '\u{0}'];
    for line in outside_fences(&written(text, Format::Markdown)) {
        let left = unescaped(&line);
        assert!(!left.contains(marks), "{text:?}: {line:?}");
        // What stands at the beginning of a line is ours.
        let ours = ["# ", "## ", "- ", "**", "POST ", "The ", "---"];
        assert!(
            line.is_empty() || ours.iter().any(|it| line.starts_with(it)),
            "{text:?}: {line:?}"
        );
    }
}

fn is_harmless_html(text: &str) {
    let page = written(text, Format::Html);
    let body = page.split_once("</style>").expect("a style").1;
    let known = [
        "article",
        "h1",
        "h2",
        "h3",
        "bdi",
        "dl",
        "dt",
        "dd",
        "pre dir=\"auto\"",
        "pre",
        "pre class=\"code\"",
        "p",
        "p class=\"bad\"",
        "html",
    ];
    for tag in body.split('<').skip(1) {
        let (name, _) = tag.split_once('>').expect("every tag is closed");
        assert!(known.contains(&name.trim_start_matches('/')), "{text:?}: <{name}>");
    }
    let entities = ["amp;", "lt;", "gt;", "quot;", "#39;"];
    for rest in body.split('&').skip(1) {
        assert!(entities.iter().any(|it| rest.starts_with(it)), "{text:?}: &{rest:.9}");
    }
    assert!(!body.contains(['\0', '\u{1b}', '\u{8}']), "{text:?}");
    let inlines = body.split("<bdi>").skip(1).map(|it| it.split("</bdi>").next().unwrap_or(it));
    for inline in inlines {
        assert!(!inline.contains(['\n', '\u{202e}', '\u{2066}']), "{text:?}: {inline:?}");
    }
}

#[test]
fn no_text_breaks_out_of_its_place() {
    for text in HOSTILE {
        is_harmless_markdown(text);
        is_harmless_html(text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn nor_does_any_other(text in "[`<>&\\\\\"'\\[\\]\n\r~#|!a\u{202e}\u{2028}-]{0,40}") {
        is_harmless_markdown(&text);
        is_harmless_html(&text);
    }
}

#[test]
fn a_page_may_load_and_run_nothing() {
    let page = written("x", Format::Html);
    assert!(page.contains("default-src 'none'"));
    for word in ["<script", "http-equiv=\"refresh\"", "<link", "<img", "url(", "@import", "href"] {
        assert!(!page.contains(word), "{word}");
    }
}

#[test]
fn a_transcript_tells_what_was_said_and_what_it_came_to() {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    let mut first = beginning("a", "Why is the sky blue?");
    first.chat.parameters.temperature = Some(0.25);
    record(&recorder, first, &story(&["Air ", "scatters ```blue```."]));
    let error = ErrorKind::NoKey.said("no such file: /home/canary/.keys");
    record(&recorder, beginning("b", "And now?"), &[RunEvent::Failed { at_us: 0, error }]);
    recorder.with(|store| store.rename("b", "Second *try*")).expect("renamed");
    let text = |format| {
        let ids = ["a", "nobody", "b"].map(str::to_owned);
        let (mut out, store) = (Vec::new(), recorder.reader().expect("a connection"));
        let runs = transcript::export(&store, &ids, format, &mut out, &mut |_| true);
        assert_eq!(runs.expect("written"), 2);
        String::from_utf8(out).expect("text")
    };
    let markdown = text(Format::Markdown);
    for part in [
        "# Why is the sky blue\\?\n",
        "- Model: gpt\\-4o\\-mini\n- Provider: OpenAI openai\\-chat\n",
        "- Date: 2026\\-09\\-21 14\\:13 UTC\n- Ended: finished\n",
        "- Input tokens: 10\n- Output tokens: 20\n- First word: 0\\.000 s\n- In all: 0\\.006 s\n",
        "- Cost: \\$0\\.0000135\\, at the price of gpt\\-4o\\-mini as of 20",
        "- temperature: 0\\.25\n",
        "**user**\n\n```text\nWhy is the sky blue?\n```\n",
        "**assistant**\n\n````text\nAir scatters ```blue```.\n````\n",
        "## Request\n\nPOST https\\:\\/\\/api\\.example\\/v1\n\n```json\n{}\n```\n",
        "\n---\n\n# Second \\*try\\*\n",
        "- Times: not recorded\n- Cost: unknown\n",
        "```text\nno such file: …\n```\n",
    ] {
        assert!(markdown.contains(part), "{part:?} is not in\n{markdown}");
    }
    let page = text(Format::Html);
    for part in ["scatters ```blue```.", "$0.0000135, at the price", "Second *try*", "0.25"] {
        assert!(page.contains(part), "{part:?} is not in\n{page}");
    }
}

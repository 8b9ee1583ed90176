//! A conversation to be read, whatever is in it.

use crate::{
    beginning,
    comparing::{at, one_row, plan},
    open, record, story,
};
use playground::{Delta, ErrorKind, Message, Role, RunEvent};
use proptest::prelude::*;
use recordings::{
    Beginning, Recorder, Store,
    compare::ComparisonKind,
    files::transcript::{self, Format},
    search::Fitting,
};
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
    let (beginning, told) = run_of(text);
    record(&recorder, beginning, &told);
    recorder.with(|store| store.amount()).expect("written");
    let what = Fitting { runs: vec!["a".into()], ..Fitting::default() };
    export(&recorder, what, format)
}

/// What is written of a comparison in which every text is `text`.
fn compared(text: &str) -> String {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    let (beginning, told) = run_of(text);
    let mut plan = plan(2, 1, 1);
    let label: String = text.chars().take(200).collect();
    for column in &mut plan.columns {
        (column.label, column.system) = (label.clone(), text.into());
        column.target.model = text.into();
    }
    (plan.rows[0].label, plan.rows[0].prompt) = (label.clone(), text.into());
    plan.varies = Some(text.chars().take(40).collect());
    let claims = [(at(0, 1, 0), "a".to_owned())];
    let round = move |store: &mut Store| store.begin_round("c", &plan, &claims, 1);
    recorder.with(round).expect("begun");
    recorder.with(move |store| store.rename_comparison("c", &label)).expect("renamed");
    record(&recorder, beginning, &told);
    recorder.started(&"a".into(), 300);
    let what = Fitting { comparisons: vec!["c".into()], ..Fitting::default() };
    export(&recorder, what, Format::Html)
}

fn export(recorder: &Recorder, what: Fitting, format: Format) -> String {
    let store = recorder.reader().expect("a connection");
    let mut out = Vec::new();
    let runs = transcript::export(&store, &what, format, &mut out, &mut |_| true);
    assert_eq!(runs.expect("written"), 1);
    String::from_utf8(out).expect("text")
}

/// A run in which every text is `text`.
fn run_of(text: &str) -> (Beginning, Vec<RunEvent>) {
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
    (beginning, told)
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
    is_harmless_page(text, &written(text, Format::Html));
    is_harmless_page(text, &compared(text));
}

fn is_harmless_page(text: &str, page: &str) {
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
        "article class=\"wide\"",
        "section",
        "pre class=\"prompt\" dir=\"auto\"",
        "ul class=\"legend\"",
        "li",
        "i",
        "p class=\"note\"",
        "div",
        "div class=\"scroll\"",
        "div class=\"replies\"",
        "table",
        "tr",
        "th",
        "td",
        "title",
        "svg",
        "text",
    ];
    // Of those that are drawn, numbers and words of ours stand in the attributes.
    let drawn = ["svg ", "line ", "rect ", "text ", "i class"];
    let is_plain = |it: char| it.is_ascii_alphanumeric() || " =\".,-/".contains(it);
    for tag in body.split('<').skip(1) {
        let (name, _) = tag.split_once('>').expect("every tag is closed");
        let is_drawn = || drawn.iter().any(|it| name.starts_with(it)) && name.chars().all(is_plain);
        let is_end = name.starts_with('/') && !name.contains(' ');
        let is_known = is_end || known.contains(&name);
        assert!(is_known || is_drawn(), "{text:?}: <{name}>");
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
    let page = written("x", Format::Html) + &compared("x");
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
        let ids = ["a", "nobody", "b"].map(str::to_owned).to_vec();
        let ids = Fitting { runs: ids, comparisons: vec!["nobody".into()] };
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

/// The page of a comparison of two columns, of which the second began 2 ms after the first.
fn page_of(kind: ComparisonKind) -> String {
    let folder = TempDir::new().expect("a temporary folder");
    let recorder = open(folder.path());
    one_row(&recorder, "c", kind, &["kingfisher", "marzipan"], 1_790_000_000_000);
    recorder.started(&"c-1".into(), 2_000);
    let mut plan = plan(2, 1, 1);
    plan.order = vec![1, 0];
    recorder.with(move |store| store.save_plan("c", &plan)).expect("saved");
    let what = Fitting { comparisons: vec!["c".into()], ..Fitting::default() };
    let store = recorder.reader().expect("a connection");
    let mut out = Vec::new();
    let runs = transcript::export(&store, &what, Format::Html, &mut out, &mut |_| true);
    assert_eq!(runs.expect("written"), 2);
    String::from_utf8(out).expect("text")
}

#[test]
fn a_comparison_is_a_page_with_its_times_its_figures_and_its_replies() {
    let page = page_of(ComparisonKind::Columns);
    for part in [
        "<h1><bdi>prompt 0</bdi></h1>",
        "<dt><bdi>Runs</bdi></dt><dd><bdi>2 (2 finished)</bdi></dd>",
        "<dt><bdi>Cost</bdi></dt><dd><bdi>$0.000027</bdi></dd>",
        // 6 ms and 2 ms later: 8 ms are the width of the lanes.
        "aria-label=\"2 runs in 0.008 s\"",
        "<h3><bdi>column 0</bdi></h3>\n<pre dir=\"auto\">kingfisher</pre>",
        "<td><bdi>0.000 s</bdi></td><td><bdi>0.006 s</bdi></td><td><bdi>10</bdi></td><td><bdi>20</bdi>",
        // The other began 2 ms after the same Send.
        "<td><bdi>0.002 s</bdi></td><td><bdi>0.008 s</bdi></td><td><bdi>10</bdi></td><td><bdi>20</bdi>",
    ] {
        assert!(page.contains(part), "{part:?} is not in\n{page}");
    }
    let places = ["marzipan", "kingfisher"].map(|word| page.find(word).expect("there"));
    assert!(places[0] < places[1], "in the order that is shown");
    let words: Vec<_> = page.split("<rect class=\"words\" x=\"").skip(1).collect();
    // From 190 on, 810 wide: 2.1 of 8 ms, and 0.1 of 8.
    assert!(words[0].starts_with("402.6\" y=\"5\" width=\"597.4\""), "{:.60}", words[0]);
    assert!(words[1].starts_with("200.1\" y=\"31\" width=\"597.4\""), "{:.60}", words[1]);
}

#[test]
fn each_call_of_a_batch_is_timed_from_its_own_send() {
    for kind in [ComparisonKind::Sweep, ComparisonKind::Set] {
        let page = page_of(kind);
        assert!(page.contains("aria-label=\"2 runs in 0.006 s\""), "{page}");
        let times = "<td><bdi>0.000 s</bdi></td><td><bdi>0.006 s</bdi></td>";
        assert_eq!(page.matches(times).count(), 2, "{page}");
    }
}

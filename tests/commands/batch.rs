//! Sweeps and sets: every call once, whatever happens to the app.

mod wishes;

use crate::{
    app::{Memory, Started, custom, start, start_in, until},
    server::Server,
};
use playground::prompts;
use recordings::{Store, summary::Outcome};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    env,
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread::sleep,
    time::Duration,
};
use tempfile::TempDir;
use tokenscope::batch::{TableForm, write_table};

/// Where the process that is killed finds its folder and its server.
const KILLED: &str = "TOKENSCOPE_TEST_KILLED";

/// A whole reply with counts, as one body.
const REPLY: &str = "{\"choices\":[{\"message\":{\"content\":\"Because.\"},\"finish_reason\":\"stop\"}],\
    \"usage\":{\"prompt_tokens\":20,\"completion_tokens\":10}}";

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\n{headers}content-length: {length}\r\n\r\n{body}"
    )
}

/// One prompt, and so many values of max_tokens.
fn sweep(target: &Value, values: u32, repeats: u32) -> Value {
    let values: Vec<u32> = (1..=values).collect();
    json!({ "kind": "sweep", "target": target, "repeats": repeats,
        "base": { "messages": [{ "role": "user", "text": "Why?" }], "parameters": {} },
        "axis": { "type": "number", "control": "max_tokens", "values": values } })
}

fn begin(
    app: &Started,
    id: &str,
    order: &Value,
    consent: bool,
    channel: u32,
) -> Result<Value, Value> {
    let on_progress = format!("__CHANNEL__:{channel}");
    app.call(
        "start_batch",
        json!({ "id": id, "title": "A sweep", "order": order,
        "concurrency": null, "consent": consent, "offset_minutes": 0, "on_progress": on_progress }),
    )
}

/// The same with so many calls at once.
fn begin_at_once(app: &Started, id: &str, order: &Value, calls: u32) -> Result<Value, Value> {
    let arguments = json!({ "id": id, "title": "", "order": order, "concurrency": calls,
        "consent": false, "offset_minutes": 0, "on_progress": "__CHANNEL__:7" });
    app.call("start_batch", arguments)
}

/// Sends the call of a column once more.
fn again(app: &Started, id: &str, column: u32) -> Result<Value, Value> {
    let place = json!({ "id": id, "row": 0, "column": column, "repeat": 0, "consent": false,
        "offset_minutes": 0 });
    app.call("resend_cell", place)
}

fn resume(app: &Started, id: &str, consent: bool) {
    let arguments = json!({ "id": id, "consent": consent, "offset_minutes": 0,
        "on_progress": "__CHANNEL__:9" });
    app.call("resume_batch", arguments).expect("it goes on");
}

fn state(app: &Started, id: &str) -> Value {
    app.call("watch_batch", json!({ "id": id, "on_progress": "__CHANNEL__:8" })).expect("told")
}

/// Waits until a batch does nothing more, and returns how it stands.
fn rest(app: &Started, id: &str) -> Value {
    until("the batch rests", || {
        let state = state(app, id);
        let goes_on = ["running", "pausing"].iter().any(|it| state["state"] == *it);
        (!goes_on).then_some(state)
    })
}

fn counts(state: &Value) -> Vec<u64> {
    let of = |name: &&str| state[*name].as_u64().expect("a count");
    ["total", "done", "failed", "broken", "running", "waiting"].iter().map(of).collect()
}

/// The messages of a channel.
fn told(app: &Started, channel: u32) -> Vec<Value> {
    let batches = app.batches(channel);
    batches.iter().map(|it| serde_json::from_str(it).expect("JSON")).collect()
}

/// How often each value of max_tokens was asked for.
fn asked(server: &Server) -> BTreeMap<u64, usize> {
    let mut asked = BTreeMap::new();
    for request in server.requests() {
        let body: Value = serde_json::from_slice(&request.body).expect("JSON");
        *asked.entry(body["max_tokens"].as_u64().expect("a number")).or_default() += 1;
    }
    asked
}

#[test]
fn twenty_four_values_five_times_each_come_to_their_end() {
    let app = start();
    let practice = json!({ "provider": "practice", "base_url": null, "model": "practice-1" });
    let order = sweep(&practice, 24, 5);
    let plan = app.call("plan_batch", json!({ "order": order, "offset_minutes": 0 }));
    let plan = plan.expect("a plan");
    assert_eq!((&plan["cells"], &plan["certainty"]), (&json!(120), &json!("free")));
    assert_eq!(plan["columns"][2], "max tokens 3");
    begin(&app, "a", &order, false, 1).expect("it begins");
    // The last message tells the end, and together they told of every call.
    let messages = until("the end is told", || {
        let messages = told(&app, 1);
        messages.last().is_some_and(|it| it["state"] == "done").then_some(messages)
    });
    let told: usize = messages.iter().map(|it| it["cells"].as_array().map_or(0, Vec::len)).sum();
    assert!(told >= 120, "{told}");
    let end = rest(&app, "a");
    assert_eq!((&end["state"], counts(&end)), (&json!("done"), vec![120, 120, 0, 0, 0, 0]));
    let cells = end["cells"].as_array().expect("cells");
    for cell in cells {
        let is_short = cell["usage"]["output_tokens"].as_u64().map(|it| it <= 24);
        assert_eq!((&cell["state"], is_short), (&json!("finished"), Some(true)), "{cell}");
    }
    is_one_item(&app, cells);
    let error = begin(&app, "a", &order, false, 2).expect_err("an id is good once");
    assert!(error["message"].as_str().is_some(), "{error}");
}

/// In lists it is one item, and its replies can be compared and written as a table.
fn is_one_item(app: &Started, cells: &[Value]) {
    let page = app.call("list_runs", json!({ "filter": { "limit": 9 } })).expect("listed");
    assert_eq!(
        (page["runs"].as_array().map(Vec::len), page["comparisons"][0]["runs"].as_u64()),
        (Some(0), Some(120))
    );
    let ids: Vec<&Value> =
        cells.iter().filter(|it| it["column"] == 4).map(|it| &it["run"]).collect();
    let variety = app.call("variety", json!({ "ids": ids, "model": "practice-1", "limit": 9 }));
    let variety = variety.expect("compared");
    assert_eq!((&variety["count"], &variety["left_out"]), (&json!(5), &json!([])));
    let braid = variety["braid"].as_array().expect("a braid");
    assert_eq!(braid[0]["count"], 5);
}

/// Part of the test below, in a process of its own: it sends until it is killed.
#[test]
fn the_process_that_is_killed() {
    let Ok(where_to) = env::var(KILLED) else { return };
    let (folder, origin) = where_to.split_once('|').expect("a folder and a server");
    let app = start_in(Path::new(folder), Memory::default());
    begin(&app, "k", &sweep(&custom(origin), 24, 5), false, 1).expect("it begins");
    loop {
        sleep(Duration::from_secs(1));
    }
}

fn killed_later(folder: &Path, origin: &str) -> Child {
    let program = env::current_exe().expect("this program");
    let where_to = format!("{}|{origin}", folder.display());
    let mut child = Command::new(program);
    child.args(["--exact", "batch::the_process_that_is_killed"]).env(KILLED, where_to);
    child.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
}

/// What is kept of a batch that another process sends: how many places were given away, and how many
/// of those have their reply.
fn kept(folder: &Path, id: &str) -> (usize, usize) {
    let file = folder.join("recordings").join("recordings.sqlite");
    let Ok(cells) = Store::again(&file).and_then(|it| it.cells(id)) else { return (0, 0) };
    let outcomes = cells.iter().filter_map(|it| it.summary.as_ref()).map(|it| it.outcome);
    (cells.len(), outcomes.filter(|it| *it == Outcome::Finished).count())
}

#[test]
fn after_a_kill_every_call_was_sent_once_and_no_more() {
    let folder = TempDir::new().expect("a folder");
    // It answers a third of the calls, and the others once somebody lives who hears it.
    let turns = Turns::new(40);
    let server = turns.server();
    let mut child = killed_later(folder.path(), &server.origin);
    until("a third is kept", || {
        (kept(folder.path(), "k") == (44, 40) && server.requests().len() == 44).then_some(())
    });
    // On Unix this is SIGKILL: nothing is written any more.
    child.kill().expect("it is killed");
    child.wait().expect("it is gone");
    turns.allow(usize::MAX);

    let app = start_in(folder.path(), Memory::default());
    let before = until("the killed runs are known as such", || {
        let state = state(&app, "k");
        (state["running"] == 0).then_some(state)
    });
    assert_eq!(counts(&before), [120, 40, 0, 4, 0, 76], "four were on their way");
    assert_eq!(before["state"], "paused");
    assert!(before["why"].as_str().is_some_and(|it| it.contains("closed")), "{}", before["why"]);

    resume(&app, "k", false);
    let end = rest(&app, "k");
    assert_eq!(counts(&end), [120, 116, 0, 4, 0, 0]);
    assert_eq!(end["state"], "done");
    assert_eq!(server.requests().len(), 120, "only what waited was sent");
    let asked_for = asked(&server);
    assert_eq!(asked_for.len(), 24);
    assert!(asked_for.values().all(|times| *times <= 5), "{asked_for:?}");

    send_what_was_broken(&app, &server, &end);
}

/// What was broken off is sent again by the person, and only then.
fn send_what_was_broken(app: &Started, server: &Server, end: &Value) {
    let sent = server.requests().len();
    let cells = end["cells"].as_array().expect("cells");
    let again = |cell: &Value| {
        let place = json!({ "id": "k", "row": cell["row"], "column": cell["column"],
            "repeat": cell["repeat"], "consent": false, "offset_minutes": 0 });
        app.call("resend_cell", place)
    };
    let finished = cells.iter().find(|it| it["state"] == "finished").expect("a reply");
    assert!(again(finished).is_err(), "it has its reply");
    let lost: Vec<&Value> = cells.iter().filter(|it| it["state"] == "lost").collect();
    for cell in &lost {
        again(cell).expect("it is sent once more");
        let state = rest(app, "k");
        assert_eq!(state["state"], "done", "{state}");
    }
    assert_eq!(counts(&rest(app, "k")), [120, 120, 0, 0, 0, 0]);
    assert_eq!(server.requests().len(), sent + lost.len());
}

/// A server that refuses the first calls, and notes how many it was asked at once after that.
fn too_busy(refusals: usize) -> (Server, Arc<AtomicUsize>) {
    let (now, most, count) =
        (Arc::new(Mutex::new(0)), Arc::new(AtomicUsize::new(0)), AtomicUsize::new(0));
    let crowd = most.clone();
    let server = Server::answering(move |stream| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        if number < refusals {
            let refused = answer(
                "429 Too Many Requests",
                "retry-after: 1\r\n",
                "{\"error\":{\"message\":\"Slow down.\"}}",
            );
            let _ = stream.write_all(refused.as_bytes());
            return;
        }
        let at_once = {
            let mut now = now.lock().expect("no holder panicked");
            *now += 1;
            *now
        };
        // Those that were on their way when it first refused may still come together.
        if number >= refusals + 4 {
            crowd.fetch_max(at_once, Ordering::SeqCst);
        }
        sleep(Duration::from_millis(20));
        *now.lock().expect("no holder panicked") -= 1;
        let _ = stream.write_all(answer("200 OK", "", REPLY).as_bytes());
    });
    (server, most)
}

#[test]
fn a_server_that_is_asked_too_often_is_asked_one_by_one() {
    let (app, (server, most)) = (start(), too_busy(3));
    begin(&app, "a", &sweep(&custom(&server.origin), 8, 3), false, 1).expect("it begins");
    let slow = until("the pace is told", || {
        let state = state(&app, "a");
        (state["pace"][0]["concurrency"] == 1).then_some(state)
    });
    let pace = &slow["pace"][0];
    assert!(pace["sentence"].as_str().is_some_and(|it| it.contains("too often")), "{pace}");
    assert_eq!(pace["provider"], server.origin);
    let end = rest(&app, "a");
    assert_eq!(counts(&end), [24, 24, 0, 0, 0, 0], "{}", end["cells"]);
    assert_eq!(most.load(Ordering::SeqCst), 1, "it was asked for one at a time");
    assert_eq!(server.requests().len(), 24 + 3, "each refusal was one more request");
}

fn set_budget(app: &Started, budget: Value) {
    let mut settings = app.call("start", json!({})).expect("started")["settings"].clone();
    settings["budget"] = budget;
    app.call("save_settings", json!({ "settings": settings })).expect("saved");
}

/// A thousand dollars for a million tokens: 20 in and 10 out come to three cents.
fn set_price(app: &Started) {
    let price = json!({ "model": "some-model", "provider": null, "name": null,
        "context_window": null, "max_output": null, "input": "1000", "output": "1000",
        "cache_read": null, "cache_write": null, "cache_write_long": null, "batch_percent": null,
        "valid_from": null, "valid_until": null, "note": null, "above": null });
    app.call("set_own_price", json!({ "own": price })).expect("a price");
}

#[test]
fn a_budget_is_asked_about_before_and_stops_it_on_the_way() {
    let app = start();
    let server = Server::saying(answer("200 OK", "", REPLY));
    set_price(&app);
    set_budget(&app, json!({ "run": null, "day": "0.5", "month": null }));
    let order = sweep(&custom(&server.origin), 24, 1);
    let plan = app.call("plan_batch", json!({ "order": order, "offset_minutes": 0 }));
    let plan = plan.expect("a plan");
    assert_eq!(plan["over"]["passed"][0]["which"], "day", "{plan}");
    assert!(
        plan["sentence"]
            .as_str()
            .is_some_and(|it| it.starts_with("24 calls, which cost at most $")),
        "{plan}"
    );
    let refused = begin(&app, "a", &order, false, 1).expect_err("it might pass the budget");
    assert_eq!((&refused["code"], server.requests().len()), (&json!("over_budget"), 0));

    begin(&app, "a", &order, true, 1).expect("the person lets it begin");
    let paused = rest(&app, "a");
    assert_eq!(paused["state"], "paused", "{paused}");
    assert_eq!(paused["over"]["passed"][0]["which"], "day");
    assert!(paused["why"].as_str().is_some_and(|it| it.contains("budget")), "{}", paused["why"]);
    let spent: f64 = paused["spent"].as_str().expect("dollars").parse().expect("a number");
    assert!(spent > 0.2 && spent <= 0.5, "{spent}");
    let sent = server.requests().len();
    assert_eq!(counts(&paused)[1] as usize, sent);
    resume(&app, "a", false);
    assert_eq!(
        (&rest(&app, "a")["state"], server.requests().len()),
        (&json!("paused"), sent),
        "it asks again"
    );
    resume(&app, "a", true);
    let end = rest(&app, "a");
    assert_eq!((counts(&end), server.requests().len()), (vec![24, 24, 0, 0, 0, 0], 24));
    assert_eq!(end["spent"], "0.72");
}

#[test]
fn what_nobody_can_price_is_asked_about_once() {
    let app = start();
    let server = Server::saying(answer("200 OK", "", REPLY));
    set_budget(&app, json!({ "run": "0.1", "day": "1", "month": null }));
    let order = sweep(&custom(&server.origin), 6, 1);
    let refused = begin(&app, "a", &order, false, 1).expect_err("nobody knows its price");
    assert_eq!(
        (&refused["code"], &refused["over"]["bound"]),
        (&json!("over_budget"), &Value::Null)
    );
    begin(&app, "a", &order, true, 1).expect("the person consents");
    let end = rest(&app, "a");
    assert_eq!((&end["state"], counts(&end)), (&json!("done"), vec![6, 6, 0, 0, 0, 0]), "{end}");
    assert_eq!((&end["spent"], &end["unknown"]), (&json!("0"), &json!(6)), "unknown is not 0");
}

/// A server that answers so many calls, and lets the others wait.
#[derive(Clone)]
struct Turns(Arc<(Mutex<usize>, Condvar)>);

impl Turns {
    fn new(count: usize) -> Turns {
        Turns(Arc::new((Mutex::new(count), Condvar::new())))
    }

    /// So many more are answered.
    fn allow(&self, more: usize) {
        let (left, changed) = &*self.0;
        let mut left = left.lock().expect("no holder panicked");
        *left = left.saturating_add(more);
        changed.notify_all();
    }

    fn server(&self) -> Server {
        let turns = self.clone();
        Server::answering(move |stream| {
            let (left, changed) = &*turns.0;
            let left = left.lock().expect("no holder panicked");
            let mut left = changed.wait_while(left, |it| *it == 0).expect("no holder panicked");
            *left -= 1;
            drop(left);
            let _ = stream.write_all(answer("200 OK", "", REPLY).as_bytes());
        })
    }
}

#[test]
fn it_can_be_paused_and_stopped_and_goes_on() {
    let (app, turns) = (start(), Turns::new(1));
    let server = turns.server();
    let until_sent =
        |calls| until("they are sent", || (server.requests().len() == calls).then_some(()));
    begin(&app, "a", &sweep(&custom(&server.origin), 24, 1), false, 1).expect("it begins");
    until_sent(5);
    app.call("pause_batch", json!({ "id": "a" })).expect("paused");
    assert_eq!(state(&app, "a")["state"], "pausing", "four are on their way");
    turns.allow(4);
    let paused = rest(&app, "a");
    assert_eq!((&paused["state"], counts(&paused)), (&json!("paused"), vec![24, 5, 0, 0, 0, 19]));
    assert_eq!(server.requests().len(), 5, "nothing new was sent");

    resume(&app, "a", false);
    until_sent(9);
    app.call("stop_batch", json!({ "id": "a" })).expect("stopped");
    let stopped = rest(&app, "a");
    assert_eq!(
        (&stopped["state"], counts(&stopped)),
        (&json!("stopped"), vec![24, 5, 0, 0, 0, 15]),
        "what the server holds back is stopped"
    );
    assert_eq!((&stopped["stopped"], server.requests().len()), (&json!(4), 9));

    turns.allow(usize::MAX);
    resume(&app, "a", false);
    let end = rest(&app, "a");
    assert_eq!((&end["state"], counts(&end)), (&json!("done"), vec![24, 20, 0, 0, 0, 0]));
    // What was stopped is not sent again by itself.
    assert_eq!(asked(&server), (1..=24).map(|it| (it, 1)).collect());
}

#[test]
fn what_only_a_person_can_mend_holds_back_its_own_provider() {
    let app = start();
    let wrong = Server::saying(answer(
        "401 Unauthorized",
        "",
        "{\"error\":{\"message\":\"Wrong key.\",\"code\":\"invalid_api_key\"}}",
    ));
    let right = Server::saying(answer("200 OK", "", REPLY));
    let mut order = sweep(&custom(&right.origin), 1, 6);
    order["axis"] =
        json!({ "type": "targets", "targets": [custom(&wrong.origin), custom(&right.origin)] });
    begin(&app, "a", &order, false, 1).expect("it begins");
    let end = rest(&app, "a");
    let [_, done, failed, _, _, waiting] = counts(&end)[..] else { panic!("{end}") };
    assert_eq!((&end["state"], done, failed + waiting), (&json!("paused"), 6, 6), "{end}");
    assert!((1..=4).contains(&failed) && wrong.requests().len() as u64 == failed, "{failed}");
    assert!(end["why"].as_str().is_some_and(|it| it.contains("127.0.0.1")), "{}", end["why"]);
}

/// What the table of a batch says, when all of it is written.
fn table(app: &Started, folder: &Path, form: TableForm) -> String {
    let id = "t";
    app.call("list_runs", json!({ "filter": { "limit": 1 } })).expect("all is written first");
    let file = folder.join("recordings").join("recordings.sqlite");
    let store = Store::again(&file).expect("the recordings");
    let mut table = Vec::new();
    let rows = write_table(&store, id, form, &mut table).expect("a table");
    assert_eq!(rows, 3);
    String::from_utf8(table).expect("text")
}

#[test]
fn a_batch_is_written_as_a_table() {
    let folder = TempDir::new().expect("a folder");
    let app = start_in(folder.path(), Memory::default());
    let body = REPLY.replace("Because.", r#"=1+1\n\"so\""#);
    let server = Server::saying(answer("200 OK", "", &body));
    set_price(&app);
    begin(&app, "t", &sweep(&custom(&server.origin), 3, 1), false, 1).expect("it begins");
    assert_eq!(rest(&app, "t")["state"], "done");

    let lines = table(&app, folder.path(), TableForm::Jsonl);
    let lines: Vec<Value> =
        lines.lines().map(|it| serde_json::from_str(it).expect("JSON")).collect();
    let first = &lines[0];
    assert_eq!(
        (&first["row"], &first["column"], &first["repeat"]),
        (&json!("1"), &json!("max tokens 1"), &json!(1))
    );
    assert_eq!((&first["reply"], &first["finish"]), (&json!("=1+1\n\"so\""), &json!("stop")));
    assert_eq!((&first["cost_dollars"], &first["output_tokens"]), (&json!("0.03"), &json!(10)));
    assert!(first["duration_ms"].as_f64() >= first["first_word_ms"].as_f64(), "{first}");

    let csv = table(&app, folder.path(), TableForm::Csv);
    assert!(csv.starts_with("row,column,repeat,model,prompt,reply,outcome,"), "{csv}");
    let read = prompts::read("t.csv", &csv, None, Some("reply")).expect("a table");
    let replies: Vec<&str> = read.prompts.iter().map(|it| it.messages[0].text.as_str()).collect();
    assert_eq!(replies, ["'=1+1\n\"so\""; 3], "what looks like a formula is none");
}

#[test]
fn a_set_that_is_none_is_refused_with_its_line() {
    let app = start();
    let read = |name: &str, text: &str, field: Option<&str>| {
        app.call(
            "read_prompt_set",
            json!({ "name": name, "text": text, "form": null, "field": field }),
        )
    };
    let error = read("a.jsonl", "{\"prompt\":\"Why?\"}\n{\"prompt\":", None).expect_err("cut off");
    assert_eq!((&error["code"], &error["field"]), (&json!("bad_set"), &json!("line 2")));
    assert!(
        error["message"].as_str().is_some_and(|it| it.starts_with("Line 2 is not JSON")),
        "{error}"
    );
    let set =
        read("a.csv", "label,question\nq1,\"=Why?\"\nq2,How?\n", Some("question")).expect("a set");
    let practice = json!({ "provider": "practice", "base_url": null, "model": "practice-1" });
    let column = json!({ "label": "one", "target": practice,
        "chat": { "messages": [{ "role": "system", "text": "Be brief." }], "parameters": { "max_tokens": 5 } } });
    let order = json!({ "kind": "set", "prompts": set, "columns": [column, column], "repeats": 1 });
    begin(&app, "s", &order, false, 1).expect("it begins");
    assert_eq!(counts(&rest(&app, "s")), [4, 4, 0, 0, 0, 0]);
    let none = json!({ "kind": "set", "prompts": set, "columns": [], "repeats": 1 });
    assert_eq!(begin(&app, "t", &none, false, 1).expect_err("to nobody")["code"], "bad_plan");
    assert_eq!(begin(&app, "", &order, false, 1).expect_err("no id")["code"], "failed");
}

//! Several runs on one clock, and what is kept of them.

use crate::{
    answering,
    app::{Started, custom, is_last, start, until},
    faults::FAULTS,
    last, practice,
    server::Server,
    set_key,
};
use recordings::compare::Plan;
use serde_json::{Value, json};
use std::{collections::BTreeSet, io::Write, sync::Arc};
use tauri::Manager;
use tokenscope::shell::Shell;

const QUESTION: &str = "count to 9";
const ANSWER: &str = "1, 2, 3, 4, 5, 6, 7, 8, 9";

fn column(target: &Value) -> Value {
    json!({ "label": target["model"], "target": target })
}

/// A plan that asks the question of these targets in so many rows.
fn plan(targets: &[Value], rows: usize) -> Value {
    let row = json!({ "prompt": QUESTION });
    let columns: Vec<_> = targets.iter().map(column).collect();
    let plan = json!({ "columns": columns, "rows": vec![row; rows] });
    whole(plan)
}

/// The same plan with every field.
fn whole(plan: Value) -> Value {
    json!(serde_json::from_value::<Plan>(plan).expect("a plan"))
}

/// A round that asks it of each; the runs are called `{id}-{row}-0` and so on.
fn round(id: &str, targets: &[Value], row: usize) -> Value {
    let chat = json!({ "messages": [{ "role": "user", "text": QUESTION }] });
    let run = |(column, target): (usize, &Value)| {
        json!({ "id": format!("{id}-{row}-{column}"), "column": column, "repeat": 0,
            "chat": chat, "target": target, "body": null })
    };
    let runs: Vec<_> = targets.iter().enumerate().map(run).collect();
    json!({ "comparison": id, "plan": plan(targets, row + 1), "row": row, "runs": runs })
}

/// Starts it; the events of its runs go to channels from `channel` on.
fn begin(app: &Started, round: &Value, consent: bool, channel: u32) -> Result<Vec<u64>, Value> {
    let runs = round["runs"].as_array().expect("runs").len() as u32;
    let channels: Vec<_> =
        (channel..channel + runs).map(|it| format!("__CHANNEL__:{it}")).collect();
    let arguments = json!({ "round": round, "consent": consent, "offset_minutes": 0,
        "on_events": channels });
    let starts = app.call("start_round", arguments)?;
    Ok(serde_json::from_value(starts).expect("a start for each"))
}

/// What each of its runs told, to its end.
fn told(app: &Started, round: &Value, channel: u32) -> Vec<Vec<Value>> {
    let runs = round["runs"].as_array().expect("runs");
    let ids = runs.iter().map(|it| it["id"].as_str().expect("an id"));
    (channel..).zip(ids).map(|(channel, id)| app.events_to_the_end(id, channel)).collect()
}

fn text(events: &[Value]) -> String {
    let deltas = events.iter().filter_map(|it| it["deltas"].as_array()).flatten();
    let texts = deltas.filter(|it| it["type"] == "text");
    texts.map(|it| it["text"].as_str().expect("a text")).collect()
}

/// The events of a run as they are kept.
fn kept(app: &Started, id: &str, channel: u32) -> Vec<Value> {
    let on_events = format!("__CHANNEL__:{channel}");
    let reading = format!("reading {id}");
    let arguments = json!({ "id": id, "reading": reading, "on_events": on_events });
    app.call("replay_run", arguments).expect("it is kept");
    app.events(channel)
}

fn open(app: &Started, id: &str) -> Value {
    app.call("open_comparison", json!({ "id": id })).expect("it is kept")
}

fn list(app: &Started) -> Value {
    app.call("list_runs", json!({ "filter": { "limit": 99 } })).expect("listed")
}

/// Practice of this test's own, as fast as it can, as a target of `model`.
fn quick(app: &Started) -> impl Fn(&str) -> Value + use<> {
    let pace = ::practice::pace::Pace::UNLIMITED;
    let started = ::practice::start(::practice::Manner { pace });
    let address = tauri::async_runtime::block_on(started).expect("a free port");
    let base_url = format!("http://{address}");
    set_key(app, &custom(&base_url), "practice-makes-perfect");
    move |model| json!({ "provider": "custom", "base_url": base_url, "dialect": null, "model": model })
}

fn set(app: &Started, change: impl Fn(&mut Value)) {
    let mut settings = app.call("start", json!({})).expect("started")["settings"].take();
    change(&mut settings);
    app.call("save_settings", json!({ "settings": settings })).expect("saved");
}

#[test]
fn a_round_is_one_item_with_a_recording_for_each_column() {
    let app = start();
    let model = quick(&app);
    let targets = ["practice-1", "practice-mini", "practice-long"].map(&model);
    let first = round("c", &targets, 0);
    let starts = begin(&app, &first, false, 1).expect("it begins");
    let stories = told(&app, &first, 1);
    assert_eq!(starts.len(), 3);
    for (number, story) in stories.iter().enumerate() {
        assert_eq!((text(story), last(story)["type"].as_str()), (ANSWER.into(), Some("finished")));
        let id = format!("c-0-{number}");
        assert_eq!(&kept(&app, &id, 50 + number as u32), story, "the recording is what was told");
    }
    let all = list(&app);
    assert_eq!(all["runs"], json!([]));
    let item = &all["comparisons"][0];
    assert_eq!((&item["id"], &item["kind"]), (&json!("c"), &json!("columns")));
    assert_eq!(item["outcomes"], json!([{ "outcome": "finished", "runs": 3 }]));
    assert_eq!(item["models"], json!(["practice-1", "practice-mini", "practice-long"]));

    let mut second = round("c", &targets[1..], 1);
    second["plan"] = plan(&targets, 2);
    for (run, column) in second["runs"].as_array_mut().expect("runs").iter_mut().zip(1..) {
        run["column"] = json!(column);
    }
    begin(&app, &second, false, 11).expect("the next round");
    told(&app, &second, 11);
    let it = open(&app, "c");
    let cells = it["cells"].as_array().expect("cells");
    let places: Vec<_> = cells
        .iter()
        .map(|cell| (cell["place"]["row"].as_u64(), cell["place"]["column"].as_u64()))
        .collect();
    let at = |row, column| (Some(row), Some(column));
    assert_eq!(places, [at(0, 0), at(0, 1), at(0, 2), at(1, 1), at(1, 2)]);
    let recorded: Vec<_> = cells[..3].iter().map(|it| it["start_us"].as_u64()).collect();
    assert_eq!(recorded, starts.into_iter().map(Some).collect::<Vec<_>>(), "as was told");
    assert!(cells.iter().all(|it| it["summary"]["outcome"] == "finished"), "{cells:?}");
    assert_eq!((&it["plan"], &it["summary"]["rows"]), (&plan(&targets, 2), &json!(2)));
}

/// On a busy machine one round may be held up; not one of many.
#[test]
fn all_requests_leave_in_the_same_tick() {
    let app = start();
    let targets = vec![quick(&app)("practice-1"); 4];
    let apart = (0..12).map(|number| {
        let id = format!("c{number}");
        let round = round(&id, &targets, 0);
        begin(&app, &round, false, 100 + 4 * number).expect("it begins");
        told(&app, &round, 100 + 4 * number);
        let it = open(&app, &id);
        let starts = it["cells"].as_array().expect("cells").iter();
        let starts: Vec<_> = starts.map(|it| it["start_us"].as_u64().expect("kept")).collect();
        assert_eq!(starts.len(), 4);
        starts.iter().max().expect("four") - starts.iter().min().expect("four")
    });
    let apart: Vec<_> = apart.collect();
    assert!(apart.iter().any(|it| *it < 5_000), "microseconds: {apart:?}");
}

/// Whatever becomes of one column, the others are as if it had not been there.
#[test]
fn one_column_that_fails_leaves_the_others_as_they_are() {
    let app = start();
    let model = quick(&app);
    set(&app, |settings| {
        settings["retries"]["retries"] = json!(0);
        (settings["first_word_s"], settings["idle_s"]) = (json!(1), json!(1));
    });
    // The last one is none, and refused by practice.
    let lists = FAULTS.iter().map(|it| it.list).chain(["garbage", "no_done", "status=418"]);
    for (number, list) in (0..).zip(lists) {
        let failing = format!("practice-1:{list}");
        let targets = ["practice-1", &failing, "practice-mini", "practice-long"].map(&model);
        let (id, channel) = (format!("c{number}"), 1_000 * (number + 1));
        let round = round(&id, &targets, 0);
        begin(&app, &round, false, channel).expect("it begins");
        let stories = told(&app, &round, channel);
        for (column, story) in (0..).zip(&stories) {
            assert_eq!(story.iter().filter(|it| is_last(it)).count(), 1, "{list}: {story:?}");
            let run = format!("{id}-0-{column}");
            assert_eq!(&kept(&app, &run, channel + 100 + column), story, "{list}: {run}");
            if column != 1 {
                let ending = last(story)["type"].as_str();
                assert_eq!((text(story), ending), (ANSWER.into(), Some("finished")), "{list}");
            }
        }
        let ending = last(&stories[1])["type"].as_str().expect("a type");
        let is_whole = ["garbage", "no_done"].contains(&list);
        assert!(is_whole || ["failed", "interrupted"].contains(&ending), "{list}: {ending}");
        let outcomes = open(&app, &id)["summary"]["outcomes"].clone();
        let finished = &outcomes[0];
        assert_eq!(finished["outcome"], "finished", "{list}: {outcomes}");
        assert!(finished["runs"].as_u64() >= Some(3), "{list}: {outcomes}");
    }
}

#[test]
fn a_column_without_a_key_fails_by_itself_and_with_the_others() {
    let app = start();
    let nobody = json!({ "provider": "openai", "base_url": null, "model": "gpt-6-luna" });
    let round = round("c", &[nobody, practice()], 0);
    let starts = begin(&app, &round, false, 1).expect("it begins");
    let stories = told(&app, &round, 1);
    assert_eq!(starts.len(), 2);
    assert_eq!(last(&stories[0])["error"]["kind"], "no_key");
    assert_eq!(last(&stories[1])["type"], "finished");
}

#[test]
fn what_was_sent_is_not_sent_again() {
    let (app, server) = (start(), answering("500 Oh", "{}"));
    set(&app, |settings| settings["retries"]["retries"] = json!(0));
    let targets = vec![custom(&server.origin); 2];
    let first = round("c", &targets, 0);
    begin(&app, &first, false, 1).expect("it begins");
    told(&app, &first, 1);
    assert_eq!(server.requests().len(), 2);

    let again = begin(&app, &first, false, 11).expect_err("a page that was reloaded says it twice");
    assert_eq!(again["code"], "seen_before");
    let mut other = first.clone();
    for (run, id) in other["runs"].as_array_mut().expect("runs").iter_mut().zip(["x", "y"]) {
        run["id"] = json!(id);
    }
    let claimed = begin(&app, &other, false, 21).expect_err("the places have runs");
    assert_eq!(claimed["code"], "claimed");
    let mut twice = round("d", &targets, 0);
    twice["runs"][1]["id"] = twice["runs"][0]["id"].clone();
    let refused = begin(&app, &twice, false, 31).expect_err("one id for two");
    assert_eq!(refused["code"], "seen_before");
    let mut same = round("e", &targets, 0);
    same["runs"][1]["column"] = json!(0);
    let refused = begin(&app, &same, false, 41).expect_err("one place for two");
    assert_eq!(refused["code"], "claimed");
    assert_eq!((server.requests().len(), list(&app)["runs"].clone()), (2, json!([])));
    assert_eq!(list(&app)["comparisons"].as_array().map(Vec::len), Some(1), "nothing is left");

    let mut repeat = round("c", &targets, 0);
    repeat["runs"].as_array_mut().expect("runs").truncate(1);
    (repeat["runs"][0]["id"], repeat["runs"][0]["repeat"]) = (json!("z"), json!(1));
    begin(&app, &repeat, false, 51).expect("a column is asked once more");
    told(&app, &repeat, 51);
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn a_round_that_cannot_be_is_refused_with_its_field() {
    let app = start();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut round = round("c", &[practice(), practice()], 0);
        change(&mut round);
        let refused = begin(&app, &round, false, 1).expect_err("it cannot be");
        (refused["code"].clone(), refused["field"].clone())
    };
    let bad = |field: &str| (json!("bad_plan"), json!(field));
    assert_eq!(with(&|it| it["runs"] = json!([])), bad("runs"));
    assert_eq!(with(&|it| it["plan"]["columns"] = json!([])), bad("columns"));
    assert_eq!(with(&|it| it["plan"]["order"] = json!([9])), bad("order"));
    assert_eq!(with(&|it| it["row"] = json!(7)).0, "failed");
    let refused = with(&|it| it["runs"][1]["target"] = custom("http://example.com"));
    assert_eq!(refused.0, "bad_address");
    let channels = json!({ "round": round("d", &[practice()], 0), "on_events": [] });
    let refused = app.call("start_round", channels).expect_err("nobody listens");
    assert_eq!(refused["field"], "runs");
    assert_eq!(list(&app)["comparisons"], json!([]));
}

#[test]
fn a_budget_is_asked_about_once_for_all() {
    let (app, server) = (start(), answering("500 Oh", "{}"));
    let target = custom(&server.origin);
    let own = json!({ "model": "some-model", "input": "1000", "output": "1000" });
    app.call("set_own_price", json!({ "own": own })).expect("it is a price");
    let with_limit = |id: &str| {
        let mut round = round(id, &vec![target.clone(); 3], 0);
        for run in round["runs"].as_array_mut().expect("runs") {
            run["chat"]["parameters"] = json!({ "max_tokens": 100 });
        }
        round
    };
    // Each can cost 0.32 dollars.
    set(&app, |it| {
        it["budget"] = json!({ "run": "0.4", "day": "0.5", "month": null });
        it["retries"]["retries"] = json!(0);
    });
    let first = with_limit("c");
    let over = begin(&app, &first, false, 1).expect_err("together they may cost more");
    assert_eq!((&over["code"], &over["over"]["runs"]), (&json!("over_budget"), &json!(3)));
    let passed = over["over"]["passed"].as_array().expect("budgets");
    assert_eq!((passed.len(), &passed[0]["which"]), (1, &json!("day")), "{over}");
    let message = over["message"].as_str().expect("a sentence");
    assert!(message.starts_with("These 3 runs can cost up to $0.96 together"), "{message}");
    assert_eq!((server.requests().len(), &list(&app)["comparisons"]), (0, &json!([])));
    begin(&app, &first, true, 1).expect("the person consents, and the ids are still good");
    told(&app, &first, 1);
    assert_eq!(server.requests().len(), 3);

    let mut free = with_limit("d");
    free["runs"][0]["target"] = practice();
    free["runs"][1]["target"] = practice();
    begin(&app, &free, false, 11).expect("practice is free, and one run fits");
    told(&app, &free, 11);
}

/// A server whose replies begin and never end.
fn endless() -> Server {
    Server::answering(|stream| {
        let _ = stream.write_all(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n\
            data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}\n\n",
        );
        // Until the other side has had enough.
        let _ = std::io::copy(stream, &mut std::io::sink());
    })
}

fn until_words(app: &Started, channels: std::ops::Range<u32>) {
    for channel in channels {
        let has_words = || (text(&app.events(channel)) == "Hi").then_some(());
        until("words come", has_words);
    }
}

#[test]
fn one_stop_stops_all_and_another_one() {
    let (app, server) = (start(), endless());
    let round = round("c", &vec![custom(&server.origin); 4], 0);
    begin(&app, &round, false, 1).expect("it begins");
    until_words(&app, 1..5);
    app.call("cancel_run", json!({ "id": "c-0-2" })).expect("stopped");
    assert_eq!(last(&app.events_to_the_end("c-0-2", 3))["type"], "cancelled");
    let goes_on = |channel: u32| !app.events(channel).iter().any(is_last);
    assert!([1, 2, 4].into_iter().all(goes_on), "the others go on");
    let ids = json!({ "ids": ["c-0-0", "c-0-1", "c-0-2", "c-0-3", "never"] });
    app.call("cancel_runs", ids).expect("stopped");
    let endings: BTreeSet<_> =
        told(&app, &round, 1).iter().map(|it| last(it)["type"].to_string()).collect();
    assert_eq!(endings, BTreeSet::from(["\"cancelled\"".to_owned()]));
    assert_eq!(
        open(&app, "c")["summary"]["outcomes"],
        json!([{ "outcome": "cancelled", "runs": 4 }])
    );
}

#[test]
fn a_window_that_closes_loses_nothing_of_any_column() {
    let (app, server) = (start(), endless());
    let round = round("c", &vec![custom(&server.origin); 4], 0);
    begin(&app, &round, false, 1).expect("it begins");
    until_words(&app, 1..5);
    app.app.state::<Arc<Shell>>().runs.abandon("main");
    let outcomes = json!([{ "outcome": "cancelled", "runs": 4 }]);
    until("all end", || (open(&app, "c")["summary"]["outcomes"] == outcomes).then_some(()));
    for column in 0..4 {
        let kept = kept(&app, &format!("c-0-{column}"), 50 + column);
        assert_eq!((text(&kept), last(&kept)["type"].as_str()), ("Hi".into(), Some("cancelled")));
    }
}

#[test]
fn a_comparison_is_named_kept_and_deleted_as_one() {
    let app = start();
    let targets = [practice()];
    let round = round("c", &targets, 0);
    begin(&app, &round, false, 1).expect("it begins");
    told(&app, &round, 1);
    app.call("rename_comparison", json!({ "id": "c", "title": " Mine " })).expect("named");
    app.call("star_comparison", json!({ "id": "c", "starred": true })).expect("starred");
    let mut voted = plan(&targets, 1);
    voted["votes"] = json!([{ "row": 0, "repeat": 0, "best": 0, "among": [0] }]);
    app.call("save_comparison", json!({ "id": "c", "plan": voted })).expect("saved");
    let it = open(&app, "c");
    assert_eq!(
        (&it["summary"]["title"], &it["summary"]["starred"]),
        (&json!("Mine"), &json!(true))
    );
    assert_eq!(it["plan"], voted);
    let row =
        json!({ "provider": "practice", "model": "practice-1", "won": 1, "tied": 0, "lost": 0 });
    assert_eq!(app.call("blind_tally", json!({})), Ok(json!([row])));
    app.call("forget_votes", json!({})).expect("forgotten");
    assert_eq!(app.call("blind_tally", json!({})), Ok(json!([])));
    let refused = app.call("save_comparison", json!({ "id": "c", "plan": plan(&targets, 0) }));
    assert_eq!(refused.expect_err("its row has a run")["code"], "bad_plan");
    let deleted = app.call("delete_comparisons", json!({ "ids": ["c", "never"] }));
    assert_eq!(deleted, Ok(json!(1)));
    assert!(app.call("open_comparison", json!({ "id": "c" })).is_err());
    assert!(app.call("kept_run", json!({ "id": "c-0-0" })).is_err());
}

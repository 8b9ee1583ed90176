use super::*;
use crate::{
    Chat, ErrorKind, FinishReason, Message, Parameters, Role, Target, Usage, lesson::facts::RunEnd,
};
use proptest::prelude::*;

fn pattern(toml: &str) -> Pattern {
    toml::from_str(toml).unwrap_or_else(|why| panic!("{toml}: {why}"))
}

fn patterns(tomls: &[&str]) -> Vec<Pattern> {
    tomls.iter().map(|toml| pattern(toml)).collect()
}

/// A run that finished, of a question with a reply.
fn run(message: &str, reply: &str) -> RunFacts {
    let target = Target {
        provider: "practice".into(),
        base_url: None,
        dialect: Some("openai-chat".into()),
        model: "practice-1".into(),
    };
    let messages = vec![Message { role: Role::User, text: message.into() }];
    let chat = Chat { messages, parameters: Parameters::default() };
    RunFacts {
        end: RunEnd::Finished,
        reply: reply.into(),
        finish: Some(FinishReason::Stop),
        usage: Some(Usage { input_tokens: Some(10), output_tokens: Some(20), ..Usage::default() }),
        statuses: vec![200],
        attempts: 1,
        ..RunFacts::new(1, target, chat, false)
    }
}

fn with(change: impl FnOnce(&mut RunFacts)) -> RunFacts {
    let mut run = run("Why?", "Because of air.");
    change(&mut run);
    run
}

fn system(run: &mut RunFacts, text: &str) {
    run.chat.messages.insert(0, Message { role: Role::System, text: text.into() });
}

/// For each atom a run that is so, and one that is not; and what is then missing.
#[test]
#[allow(clippy::too_many_lines, reason = "it is a table")]
fn each_atom_tells_runs_apart_and_says_what_is_missing() {
    let plain = || with(|_| {});
    let cut = || with(|it| it.finish = Some(FinishReason::Length));
    let failed = || {
        with(|it| {
            (it.end, it.error, it.finish) = (RunEnd::Failed, Some(ErrorKind::WrongKey), None);
            (it.statuses, it.reply) = (vec![429, 401], String::new());
            (it.attempts, it.retried) = (2, vec![429]);
        })
    };
    let limited = || with(|it| it.chat.parameters.max_tokens = Some(20));
    let whole = || with(|it| it.chat.parameters.stream = Some(false));
    let pirate = || with(|it| system(it, "You are a pirate."));
    let second = || {
        with(|it| {
            it.chat.messages.insert(0, Message { role: Role::Assistant, text: "Hi".into() });
        })
    };
    for (toml, fits, other, says) in [
        (
            "finish = 'length'",
            cut(),
            plain(),
            "ended by itself (stop). Still missing: a run that ends by its limit (length).",
        ),
        ("finish = 'stop'", plain(), failed(), "Your last run failed."),
        (
            "finish = 'length'\nwants = 'a reply that is cut off'",
            cut(),
            plain(),
            "ended by itself (stop). Still missing: a reply that is cut off.",
        ),
        (
            "turns = 0",
            plain(),
            second(),
            "Still missing: a run that sends along no earlier messages.",
        ),
        ("outcome = 'failed'", failed(), plain(), "got a complete reply"),
        ("status = 401", failed(), plain(), "was answered with 200"),
        ("error = 'wrong_key'", failed(), plain(), "got a complete reply"),
        ("attempts = '>= 2'", failed(), plain(), "took 1 attempts"),
        ("retried = 429", failed(), plain(), "is sent again after a 429"),
        (
            "format = 'openai-chat'",
            plain(),
            with(|it| it.target.dialect = Some("gemini".into())),
            "was sent in gemini",
        ),
        (
            "model = 'practice-1'",
            with(|it| it.target.model.push_str(":cut=8")),
            with(|it| it.target.model = "practice-mini".into()),
            "asked practice-mini",
        ),
        (
            "provider = 'custom'",
            with(|it| it.target.provider = "custom".into()),
            plain(),
            "asked practice",
        ),
        ("streamed = false", whole(), plain(), "was streamed"),
        ("streamed = true", plain(), whole(), "was not streamed"),
        ("by_hand = true", with(|it| it.by_hand = true), plain(), "was sent as it was composed"),
        (
            "has = { max_tokens = '<= 20' }",
            limited(),
            plain(),
            "had max tokens unset. Still missing: a run that has max tokens at most 20.",
        ),
        (
            "has = { max_tokens = 20 }",
            limited(),
            with(|it| it.chat.parameters.max_tokens = Some(21)),
            "had max tokens 21",
        ),
        ("has = { max_tokens = true }", limited(), plain(), "has max tokens set"),
        (
            "has = { stop = 'x' }",
            with(|it| it.chat.parameters.stop = Some(vec!["y".into(), "x".into()])),
            plain(),
            "has stop x",
        ),
        (
            "lacks = ['max_tokens']",
            plain(),
            limited(),
            "had max tokens 20. Still missing: a run that leaves max tokens unset.",
        ),
        ("system = 'present'", pirate(), plain(), "had no system message"),
        ("system = 'absent'", plain(), pirate(), "had a system message"),
        (
            "system = 'PIRATE'",
            pirate(),
            with(|it| system(it, "Be brief.")),
            "had another system message",
        ),
        ("turns = '>= 1'", second(), plain(), "sent no earlier messages along"),
        ("turns = 0", plain(), second(), "sent 1 earlier messages along"),
        ("message = 'why'", plain(), run("How?", ""), "had another message"),
        ("says = ['sea', 'AIR']", plain(), run("Why?", "No."), "Your last run got another reply."),
        (
            "silent_on = ['sea', 'moon']",
            plain(),
            run("Why?", "The moon."),
            "got a reply with “moon”.",
        ),
        ("json = true", run("Why?", "{\"a\": 1}"), plain(), "got a reply that is no JSON"),
        ("input_tokens = 10", plain(), with(|it| it.usage = None), "has no count of its input"),
        (
            "output_tokens = '< 21'",
            plain(),
            with(|it| it.usage = Some(Usage { output_tokens: Some(21), ..Usage::default() })),
            "had 21 tokens of output",
        ),
    ] {
        let wanted = [pattern(toml)];
        assert_eq!(find(&wanted, &[fits]).missing, None, "{toml}");
        let missing = find(&wanted, &[other]).missing.unwrap_or_else(|| panic!("{toml}"));
        assert!(missing.contains(says), "{toml}: {missing}");
    }
}

#[test]
fn what_two_runs_have_in_common_is_told() {
    let wanted = patterns(&["", "same = ['message']\ndiffer = ['reply', 'temperature']"]);
    let warm = |it: &mut RunFacts| it.chat.parameters.temperature = Some(1.0);
    let first = || run("Why?", "Because.");
    let good = with(|it| {
        *it = run("Why?", "So.");
        warm(it)
    });
    assert_eq!(find(&wanted, &[first(), good.clone()]).missing, None);
    assert_eq!(find(&wanted, &[good, first()]).missing, None, "it differs both ways");
    for (other, says) in [
        (
            with(|it| {
                *it = run("How?", "So.");
                warm(it)
            }),
            "had another message than the one before",
        ),
        (
            with(|it| {
                *it = run("Why?", "Because.");
                warm(it)
            }),
            "had the same reply as the one before",
        ),
        (run("Why?", "So."), "had the same temperature as the one before"),
    ] {
        let found = find(&wanted, &[first(), other]);
        assert_eq!(found.met, 1);
        let missing = found.missing.expect(says);
        assert!(missing.contains(says), "{missing}");
    }
}

#[test]
fn the_same_call_is_counted_with_its_replies() {
    let alike = [pattern("times = 2\nreplies = 'alike'")];
    let varied = [pattern("times = 3\nreplies = 'varied'")];
    let runs = |replies: &[&str]| replies.iter().map(|it| run("Why?", it)).collect::<Vec<_>>();
    for (replies, is_alike, is_varied) in [
        (&["a"][..], false, false),
        (&["a", "b"], false, false),
        (&["a", "a"], true, false),
        (&["a", "a", "a"], true, false),
        (&["a", "b", "a"], true, true),
        (&["a", "a", "a", "b"], true, true),
    ] {
        let runs = runs(replies);
        assert_eq!(find(&alike, &runs).missing.is_none(), is_alike, "{replies:?}");
        assert_eq!(find(&varied, &runs).missing.is_none(), is_varied, "{replies:?}");
    }
    let two_calls = [run("Why?", "a"), run("How?", "a")];
    let missing = find(&alike, &two_calls).missing.expect("they are two calls");
    assert!(missing.contains("2 times, each time with the same reply; so far 1"), "{missing}");
}

#[test]
fn what_is_no_pattern_is_refused_in_words() {
    for (toml, says) in [
        ("finsh = 'stop'", "finsh"),
        ("finish = 'halt'", "halt"),
        ("error = 'oops'", "oops"),
        ("has = { heat = 1 }", "heat"),
        ("has = { seed = '>= x' }", "no number"),
        ("same = ['mood']", "same"),
        ("times = 0", "times"),
        ("replies = 'alike'", "times"),
        ("status = 'many'", "status"),
    ] {
        let error = toml::from_str::<Pattern>(toml).expect_err(toml).to_string();
        assert!(error.contains(says), "{toml}: {error}");
    }
}

/// Runs and patterns over so small a world that they often meet.
fn some_runs() -> impl Strategy<Value = Vec<RunFacts>> {
    let one = (0..2u8, 0..2u8, 0..2u32, any::<bool>()).prop_map(|(ask, reply, limit, is_cut)| {
        with(|it| {
            *it = run(["Why?", "How?"][ask as usize], ["a", "b"][reply as usize]);
            it.chat.parameters.max_tokens = (limit > 0).then_some(limit);
            it.finish = Some(if is_cut { FinishReason::Length } else { FinishReason::Stop });
        })
    });
    prop::collection::vec(one, 0..7)
}

const ATOMS: [&str; 5] =
    ["", "finish = 'length'", "finish = 'stop'", "message = 'why'", "has = { max_tokens = true }"];
const RELATIONS: [&str; 5] = [
    "",
    "same = ['message']",
    "differ = ['message']",
    "same = ['reply']",
    "differ = ['max_tokens']",
];
const TIMES: [&str; 4] =
    ["", "times = 2", "times = 2\nreplies = 'alike'", "times = 3\nreplies = 'varied'"];

fn some_patterns(times: usize) -> impl Strategy<Value = Vec<Pattern>> {
    let one = (0..ATOMS.len(), 0..RELATIONS.len(), 0..times).prop_map(|(atom, relation, times)| {
        pattern(&[ATOMS[atom], RELATIONS[relation], TIMES[times]].join("\n"))
    });
    prop::collection::vec(one, 1..4)
}

/// Whether there is a run for each pattern, tried one way after the other.
fn is_met(patterns: &[Pattern], before: Option<&RunFacts>, runs: &[RunFacts]) -> bool {
    let Some((pattern, rest)) = patterns.split_first() else { return true };
    (0..runs.len()).any(|index| {
        let run = &runs[index];
        pattern.fits(run)
            && before.is_none_or(|before| pattern.follows(before, run))
            && is_met(rest, Some(run), &runs[index + 1..])
    })
}

proptest! {
    #[test]
    fn nothing_passes_nothing(patterns in some_patterns(TIMES.len())) {
        let found = find(&patterns, &[]);
        prop_assert_eq!(found.met, 0);
        prop_assert!(found.missing.is_some());
    }

    #[test]
    fn another_run_takes_nothing_away(
        patterns in some_patterns(TIMES.len()),
        runs in some_runs(),
        more in some_runs(),
        at in 0..7usize,
    ) {
        let before = find(&patterns, &runs).met;
        let mut longer = runs.clone();
        let at = at.min(longer.len());
        longer.splice(at..at, more);
        prop_assert!(find(&patterns, &longer).met >= before);
    }

    #[test]
    fn runs_are_found_where_there_is_a_way_and_in_order(
        patterns in some_patterns(1),
        runs in some_runs(),
    ) {
        prop_assert_eq!(find(&patterns, &runs).missing.is_none(), is_met(&patterns, None, &runs));
    }
}

use super::*;
use crate::{
    Parameters, Provider,
    lint::{self, Recipient},
    tokens,
};
use proptest::prelude::*;

const DAY: &str = "2026-11-21";

fn say(role: Role, text: &str) -> Message {
    Message { role, text: text.into() }
}

/// A system message, then questions and replies by turns, and a last question. Each is `word` so
/// many times.
fn talk(system: Option<usize>, turns: &[usize]) -> Chat {
    let speakers = [Role::User, Role::Assistant].into_iter().cycle();
    let words = |role, many: usize| say(role, &"word ".repeat(many));
    let system = system.map(|many| words(Role::System, many));
    let turns = turns.iter().zip(speakers).map(|(many, role)| words(role, *many));
    Chat { messages: system.into_iter().chain(turns).collect(), parameters: Parameters::default() }
}

fn read(chat: &Chat, model: &str) -> PromptTokens {
    let choice = encoding_for(model);
    tokens::prompt(choice.encoding, &chat.messages, choice.overhead, 0).expect("it is short")
}

fn fitted(chat: &Chat, reader: Reader<'_>, trimming: &Trimming) -> Fitted {
    fit(chat, &read(chat, reader.model), reader, trimming).expect("it is short")
}

/// A model that reads so many tokens, in an encoding that is public.
fn reads(window: u32) -> Reader<'static> {
    let room = Room { window: Some(window), ..Room::default() };
    Reader { model: "practice-mini", room }
}

/// Which of the messages are sent, by their places.
fn kept(fitted: &Fitted) -> Vec<u32> {
    let kept = fitted.context.blocks.iter().filter(|it| it.kept);
    kept.filter_map(|it| it.place).collect()
}

fn summary(messages: u32) -> Trimming {
    let text = "They spoke of words.".into();
    Trimming::Summarise { summary: Some(ChatSummary { text, messages }) }
}

fn any_trimming() -> impl Strategy<Value = Trimming> {
    prop_oneof![
        Just(Trimming::None),
        Just(Trimming::DropOldest),
        Just(Trimming::KeepSystem),
        (0..5_u32).prop_map(|turns| Trimming::KeepLast { turns }),
        Just(Trimming::MiddleOut),
        (0..9_u32).prop_map(summary),
        Just(Trimming::Summarise { summary: None }),
    ]
}

fn any_talk() -> impl Strategy<Value = Chat> {
    let system = prop::option::of(0..60_usize);
    // An odd number of turns: the last one is a question.
    let turns = (0..5_usize).prop_flat_map(|many| prop::collection::vec(0..60_usize, 2 * many + 1));
    (system, turns).prop_map(|(system, turns)| talk(system, &turns))
}

fn any_room() -> impl Strategy<Value = Room> {
    let limit = || prop::option::of(1..400_u32);
    (limit(), limit(), limit(), any::<bool>()).prop_map(|(window, max_input, reply, forgets)| {
        let max_input = max_input.filter(|it| window.is_some_and(|window| *it < window));
        Room { window, max_input, reply, forgets }
    })
}

proptest! {
    #[test]
    fn what_is_sent_fits_or_says_why_not(
        chat in any_talk(),
        room in any_room(),
        trimming in any_trimming(),
        model in prop::sample::select(vec!["practice-mini", "gpt-5.6-sol", "claude-haiku-4-5"]),
    ) {
        let reader = Reader { model, room };
        let Fitted { chat: sent, context } = fitted(&chat, reader, &trimming);
        prop_assert_eq!(context.tokens, read(&sent, model).total, "it is counted as it is sent");
        prop_assert_eq!(context.whole, read(&chat, model).total);
        let shown: u32 = context.blocks.iter().filter(|it| it.kept).map(|it| it.tokens).sum();
        prop_assert_eq!(shown + context.begin, context.tokens, "the blocks come to the whole");
        prop_assert_eq!(sent.parameters, chat.parameters.clone());
        let places: Vec<_> = context.blocks.iter().filter_map(|it| it.place).collect();
        prop_assert_eq!(places, (0..chat.messages.len() as u32).collect::<Vec<_>>());

        let most = context.tokens + context.unsure;
        let fits = room.longest_prompt().is_none_or(|longest| most <= longest)
            && room.window.is_none_or(|it| room.reply.unwrap_or(0) <= it);
        prop_assert_eq!(context.over == 0, fits, "{:?}", context);
        prop_assert!(fits || context.why.is_some());
        if let (Some(window), true) = (room.window, fits && room.max_input.is_none()) {
            let parts = most + room.reply.unwrap_or(0) + context.free.unwrap();
            prop_assert_eq!(parts, window, "it fills the window");
        }
        // Where it still does not fit, all has gone that may.
        let is_system = |it: &&ContextBlock| it.role == Role::System;
        if trimming.fits_it() && !fits {
            let left = context.blocks.iter().filter(|it| it.kept);
            let left = left.filter(|it| trimming == Trimming::DropOldest || !is_system(it)).count();
            prop_assert_eq!(left, 1, "only the question is left");
        }
    }

    #[test]
    fn speakers_still_take_turns(
        chat in any_talk(),
        room in any_room(),
        trimming in any_trimming(),
    ) {
        let Fitted { chat: sent, .. } = fitted(&chat, Reader { model: "practice-mini", room }, &trimming);
        let roles: Vec<_> =
            sent.messages.iter().map(|it| it.role).filter(|it| *it != Role::System).collect();
        let turns = [Role::User, Role::Assistant].into_iter().cycle().take(roles.len());
        prop_assert_eq!(&roles, &turns.collect::<Vec<_>>());
        prop_assert_eq!(sent.messages.last(), chat.messages.last(), "the question is always asked");
        let system = |chat: &Chat| chat.messages[0].role == Role::System;
        if trimming != Trimming::DropOldest {
            prop_assert_eq!(system(&sent), system(&chat), "the system message stays");
        }
    }

    #[test]
    fn with_none_a_chat_stays_as_it_is(chat in any_talk(), room in any_room()) {
        let reader = Reader { model: "practice-mini", room };
        for trimming in [Trimming::None, Trimming::Summarise { summary: None }] {
            let Fitted { chat: sent, context } = fitted(&chat, reader, &trimming);
            prop_assert_eq!(&sent, &chat);
            prop_assert_eq!(context.tokens, context.whole);
        }
    }

    #[test]
    fn a_call_for_a_summary_fits(chat in any_talk(), window in 1..600_u32) {
        let reader = reads(window);
        let tokens = read(&chat, reader.model);
        let call = summary_call(&chat, &tokens, reader, &Trimming::None).unwrap();
        if let Some(SummaryCall { chat: asked, messages }) = call {
            let most = read(&asked, reader.model).total + asked.parameters.max_tokens.unwrap();
            prop_assert!(most <= window, "{most} in {window}");
            prop_assert_eq!(messages as usize, asked.messages.len() - 1);
            let made = ChatSummary { text: "Short.".into(), messages };
            let trimming = Trimming::Summarise { summary: Some(made) };
            let sent = fitted(&chat, reader, &trimming).chat;
            let gone = chat.messages.len() + 2 - messages as usize;
            prop_assert_eq!(sent.messages.len(), gone, "two messages stand in for {}", messages);
        }
    }
}

#[test]
fn each_strategy_leaves_out_what_it_says() {
    // A system message, four turns of 29 tokens each, and a question: 160 tokens.
    let chat = talk(Some(20), &[10, 10, 10, 10, 10, 10, 10, 10, 10]);
    let whole = read(&chat, "practice-mini").total;
    let turn = 2 * (read(&talk(None, &[10]), "practice-mini").total - 3);
    for (less, trimming, sent) in [
        (0, Trimming::DropOldest, vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (1, Trimming::DropOldest, vec![1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (1, Trimming::KeepSystem, vec![0, 3, 4, 5, 6, 7, 8, 9]),
        (turn + 1, Trimming::KeepSystem, vec![0, 5, 6, 7, 8, 9]),
        (1, Trimming::MiddleOut, vec![0, 1, 2, 5, 6, 7, 8, 9]),
        (turn + 1, Trimming::MiddleOut, vec![0, 1, 2, 7, 8, 9]),
        (2 * turn + 1, Trimming::MiddleOut, vec![0, 7, 8, 9]),
        (0, Trimming::KeepLast { turns: 2 }, vec![0, 5, 6, 7, 8, 9]),
        (0, Trimming::KeepLast { turns: 0 }, vec![0, 9]),
        (0, Trimming::KeepLast { turns: 9 }, vec![0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (0, summary(4), vec![0, 5, 6, 7, 8, 9]),
        // Only whole turns.
        (0, summary(3), vec![0, 3, 4, 5, 6, 7, 8, 9]),
        (9 * turn, Trimming::KeepSystem, vec![0, 9]),
    ] {
        let window = whole.saturating_sub(less);
        let fitted = fitted(&chat, reads(window), &trimming);
        assert_eq!(kept(&fitted), sent, "{less} less, {trimming:?}");
    }
}

#[test]
fn a_summary_stands_as_the_question_and_answer_that_it_was() {
    let chat = talk(Some(2), &[1, 1, 1, 1, 1]);
    let Fitted { chat: sent, context } = fitted(&chat, reads(512), &summary(2));
    let texts: Vec<_> = sent.messages.iter().map(|it| (it.role, it.text.as_str())).collect();
    assert_eq!(texts[1..3], [(Role::User, ASK), (Role::Assistant, "They spoke of words.")]);
    assert_eq!(texts.len(), 6);
    let places: Vec<_> = context.blocks.iter().map(|it| (it.place, it.kept)).collect();
    let [gone, made] = [false, true];
    assert_eq!(
        places[..5],
        [(Some(0), made), (Some(1), gone), (Some(2), gone), (None, made), (None, made)]
    );
}

#[test]
fn a_summary_is_summed_up_with_what_followed_it() {
    let call = |chat: &Chat, window, trimming: &Trimming| {
        let reader = reads(window);
        summary_call(chat, &read(chat, reader.model), reader, trimming).expect("it is short")
    };
    let chat = talk(Some(2), &[1, 1, 1, 1, 1, 1, 1]);
    let first = call(&chat, 512, &Trimming::None).expect("there are turns");
    assert_eq!((first.messages, first.chat.messages.len()), (4, 5), "the newest turn stays");
    assert_eq!(first.chat.messages.last().map(|it| it.text.as_str()), Some(ASK));
    assert!(first.chat.messages.iter().all(|it| it.role != Role::System), "nor the instructions");
    let second = call(&chat, 512, &summary(4)).expect("one turn more");
    assert_eq!((second.messages, second.chat.messages.len()), (6, 5));
    assert_eq!(second.chat.messages[1].text, "They spoke of words.");
    assert_eq!(call(&chat, 512, &summary(6)), None, "a summary alone is not summed up");
    assert_eq!(call(&talk(Some(2), &[1]), 512, &Trimming::None), None, "nothing was said yet");
    assert_eq!(call(&chat, 40, &Trimming::None), None, "not even the question has room");
    let one = talk(None, &[1, 1, 1]);
    assert_eq!(call(&one, 512, &Trimming::None).map(|it| it.messages), Some(2), "the only one");
}

#[test]
fn the_room_is_that_of_the_model_and_the_format() {
    let room = |provider: &str, dialect: &str, model: &str, max_tokens| {
        let provider = Provider::find(provider).expect("a provider");
        let dialect = provider.dialect(Some(dialect)).expect("a dialect of it");
        let parameters = Parameters { max_tokens, ..Parameters::default() };
        let chat = Chat { parameters, ..Chat::default() };
        let room = lint::room(&chat, Recipient { provider, dialect, model }, DAY);
        (room.window, room.reply, room.forgets)
    };
    for (dialect, max_tokens, expected) in [
        ("openai-chat", None, (Some(512), None, false)),
        ("openai-chat", Some(100), (Some(512), Some(100), false)),
        // It has a limit always; half of so small a window.
        ("anthropic", None, (Some(512), Some(256), false)),
        ("gemini", Some(100), (Some(512), None, false)),
        ("ollama", Some(100), (Some(512), None, true)),
    ] {
        assert_eq!(room("practice", dialect, "practice-mini", max_tokens), expected, "{dialect}");
    }
    assert_eq!(room("ollama", "ollama", "llama3.2:1b", None), (Some(4096), None, true));
    assert_eq!(room("openai", "openai-chat", "no-such-model", None), (None, None, false));
}

#[test]
fn what_cannot_be_helped_is_said() {
    let chat = talk(Some(20), &[30, 30, 30]);
    let why = |room: Room, trimming: Trimming| {
        let reader = Reader { model: "practice-mini", room };
        fitted(&chat, reader, &trimming).context.why.unwrap_or_default()
    };
    let window = |window| Room { window: Some(window), ..Room::default() };
    let of = |window, reply| Room { window: Some(window), reply: Some(reply), ..Room::default() };
    assert_eq!(why(window(512), Trimming::None), "");
    let tokens = read(&chat, "practice-mini").total;
    assert!(why(window(tokens - 1), Trimming::None).starts_with("That is 1 token too many."));
    assert!(
        why(window(tokens - 2), Trimming::None).contains("2 tokens too many. The call will be")
    );
    assert!(why(window(30), Trimming::KeepSystem).contains("what stays is too long by itself"));
    assert!(why(of(100, 100), Trimming::KeepSystem).contains("Max tokens (100) alone fill"));
    assert!(why(Room::default(), Trimming::KeepSystem).contains("is not known"));
    assert_eq!(why(Room::default(), Trimming::None), "");
    let forgets = Room { forgets: true, ..window(30) };
    assert!(why(forgets, Trimming::None).contains("without a word"));
}

#[test]
fn the_beginning_of_a_reply_is_counted_and_never_left_out() {
    let mut chat = talk(None, &[5, 5, 5]);
    chat.parameters.prefill = Some("Once upon".into());
    let mut prompt = chat.clone();
    prompt.messages.push(say(Role::Assistant, "Once upon"));
    let tokens = read(&prompt, "practice-mini");
    let fitted = fit(&chat, &tokens, reads(1), &Trimming::DropOldest).expect("it is short");
    assert_eq!(fitted.chat.messages.len(), 1, "the dialect writes the beginning by itself");
    let last = fitted.context.blocks.last().expect("a block");
    assert_eq!((last.place, last.text.as_deref(), last.kept), (None, Some("Once upon"), true));
}

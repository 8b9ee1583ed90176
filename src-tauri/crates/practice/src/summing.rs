//! A skill that no corpus holds: summing up what was said.
//!
//! It quotes the beginning of each question and of each reply, in their order. That is no good
//! summary, but a true one, so that a long conversation can go on from it.

use crate::conversation::{Role, Turn};

/// So many words of a question are quoted, and of a reply.
const QUOTED: usize = 10;

/// Words that ask for it, where one stands together with a word of what is to be summed up.
const ASKING: &[&str] = &["summarise", "summarize", "summary", "sum"];
const ABOUT: &[&str] = &["conversation", "chat", "talk", "discussion", "far"];

/// The summary that the last message asks for; none if it asks for something else, or nothing was
/// said before it.
#[must_use]
pub fn asked_in(turns: &[Turn]) -> Option<String> {
    let (last, before) = turns.split_last()?;
    if last.role != Role::User || !asks(&last.text) {
        return None;
    }
    let mut told = Vec::new();
    let mut is_summary = false;
    for turn in before {
        match turn.role {
            Role::User => {
                is_summary = asks(&turn.text);
                if !is_summary {
                    told.push(format!("You asked: {}", beginning(&turn.text)));
                }
            }
            // What was summed up before stays as it is.
            Role::Assistant if is_summary => told.push(turn.text.trim().to_owned()),
            Role::Assistant => told.push(format!("I said: {}", beginning(&turn.text))),
            Role::System | Role::Developer | Role::Tool => {}
        }
    }
    (!told.is_empty()).then(|| told.join(" "))
}

fn asks(text: &str) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|it: char| !it.is_alphanumeric()).collect();
    let has = |list: &[&str]| words.iter().any(|word| list.contains(word));
    has(ASKING) && has(ABOUT)
}

/// The first sentence, or the first words of it.
fn beginning(text: &str) -> String {
    let mut quoted = Vec::new();
    for word in text.split_whitespace() {
        if quoted.len() == QUOTED {
            return quoted.join(" ") + " …";
        }
        quoted.push(word);
        if word.ends_with(['.', '?', '!']) {
            break;
        }
    }
    quoted.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(role: Role, text: &str) -> Turn {
        Turn { role, name: None, text: text.to_owned() }
    }

    #[test]
    fn the_beginnings_are_told_in_their_order() {
        let ask = "Summarise our conversation so far.";
        let talk = [
            turn(Role::System, "Be brief."),
            turn(Role::User, "Why is the sky blue? I wonder."),
            turn(Role::Assistant, "one two three four five six seven eight nine ten eleven."),
            turn(Role::User, ask),
        ];
        let told = "You asked: Why is the sky blue? \
            I said: one two three four five six seven eight nine ten …";
        assert_eq!(asked_in(&talk).as_deref(), Some(told));
        let again = [
            turn(Role::User, ask),
            turn(Role::Assistant, told),
            turn(Role::User, "And at night?"),
            turn(Role::Assistant, "Black."),
            turn(Role::User, ask),
        ];
        let told = format!("{told} You asked: And at night? I said: Black.");
        assert_eq!(asked_in(&again), Some(told), "a summary of a summary keeps it");
    }

    #[test]
    fn only_a_request_for_a_summary_is_one() {
        for (text, is_one) in [
            ("Please sum up what we said so far", true),
            ("Can you summarize this chat?", true),
            ("What is the sum of 2 and 3?", false),
            ("Write a summary of Hamlet", false),
            ("How far is the moon?", false),
        ] {
            let talk = [turn(Role::User, "Hello"), turn(Role::User, text)];
            assert_eq!(asked_in(&talk).is_some(), is_one, "{text}");
        }
        let first = [turn(Role::User, "Summarise our conversation so far.")];
        assert_eq!(asked_in(&first), None, "there is nothing yet");
    }
}

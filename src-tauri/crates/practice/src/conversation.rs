//! A conversation, as every format sees it once it is read, and its length.

use crate::tokens;

/// Who says something in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The application's instructions (`developer` is its newer name).
    System,
    /// The newer name of [`Role::System`].
    Developer,
    /// The person.
    User,
    /// The model.
    Assistant,
    /// The result of a tool call.
    Tool,
}

impl Role {
    /// Every role, by the name it has on the wire.
    pub const ALL: [(&'static str, Self); 5] = [
        ("system", Self::System),
        ("developer", Self::Developer),
        ("user", Self::User),
        ("assistant", Self::Assistant),
        ("tool", Self::Tool),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Developer => "developer",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
        }
    }
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Who says it.
    pub role: Role,
    /// The speaker's name, where the caller gave one.
    pub name: Option<String>,
    /// What is said.
    pub text: String,
}

/// How many tokens a conversation has as a prompt: each message costs 3 more than its role,
/// name and text, and the reply's opening 3. Measured against gpt-4o and gpt-4.1.
#[must_use]
pub fn prompt_tokens(turns: &[Turn]) -> usize {
    let count = |text: &str| tokens::encode(text).len();
    let of_turn = |turn: &Turn| {
        let name = turn.name.as_deref().map_or(0, |name| 1 + count(name));
        3 + count(turn.role.name()) + count(&turn.text) + name
    };
    3 + turns.iter().map(of_turn).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(text: &str) -> Turn {
        Turn { role: Role::User, name: None, text: text.to_owned() }
    }

    #[test]
    fn a_prompt_costs_its_text_and_four_tokens_a_message_and_three() {
        let named = Turn { name: Some("sam".to_owned()), ..user("hello") };
        assert_eq!(prompt_tokens(&[]), 3);
        assert_eq!(prompt_tokens(&[user("hello")]), 8);
        assert_eq!(prompt_tokens(&[user(""), named]), 3 + 4 + 5 + 2);
    }

    #[test]
    fn every_role_is_one_token() {
        for (name, role) in Role::ALL {
            assert_eq!(role.name(), name);
            assert_eq!(tokens::encode(name).len(), 1, "{name}");
        }
    }
}

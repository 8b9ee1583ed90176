//! A chat before it is sent: what it will cost on a model, and how sure that is.

use super::{Ahead, Book, Certainty, Estimate, Price, certainty, estimate};
use crate::{
    Chat, Parameters,
    chat::ResponseFormat,
    models::{EncodingChoice, encoding_for},
    tokens::{self, PromptTokens, TokenError},
};

/// Tokens that a provider may add to a prompt for a schema or for reasoning, and does not count
/// out: up to some 65 were seen.
const HIDDEN: u64 = 200;

/// What a chat will cost on a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// How sure the count of the prompt is.
    pub certainty: Certainty,
    /// The cost; none if the price is not known.
    pub estimate: Option<Estimate>,
    /// The price; none if it is not known.
    pub price: Option<Price>,
}

/// What `chat` will cost on the model `id` at `price`; `counted` is its prompt as that model's
/// encoding cuts it.
///
/// # Errors
/// Where a schema is too long to be counted.
pub fn outlook(
    book: &Book,
    chat: &Chat,
    id: &str,
    counted: &PromptTokens,
    price: Option<&Price>,
) -> Result<Outlook, TokenError> {
    let (total, overhead) = (u64::from(counted.total), u64::from(counted.overhead));
    let certainty = certainty(id, total, overhead, price);
    let Parameters { cache, max_tokens, n, .. } = chat.parameters;
    let call = Ahead {
        prompt_tokens: total,
        most_tokens: certainty.high_tokens + hidden(chat, &encoding_for(id), certainty.exact)?,
        cache,
        max_tokens,
        model_limit: book.max_output(id),
        replies: n.unwrap_or(1),
    };
    let estimate = price.map(|price| estimate(price, &call));
    Ok(Outlook { certainty, estimate, price: price.cloned() })
}

/// The most tokens that are not in the messages: a schema, and what a provider adds for it or for
/// reasoning.
fn hidden(chat: &Chat, choice: &EncodingChoice, exact: bool) -> Result<u64, TokenError> {
    let parameters = &chat.parameters;
    let schema = match &parameters.response_format {
        Some(ResponseFormat::JsonSchema { schema, .. }) => schema.to_string(),
        Some(ResponseFormat::JsonObject) | None => String::new(),
    };
    let beside = tokens::cut(choice.encoding, &schema, 0)?.count;
    let reasons = parameters.effort.is_some() || parameters.thinking_budget.is_some();
    let adds = reasons || parameters.response_format.is_some() || !exact;
    // What it adds to a schema may be as long as that.
    Ok(2 * u64::from(beside) + if adds { HIDDEN } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Message, Role};
    use serde_json::json;

    fn bound(id: &str, parameters: Parameters) -> Option<String> {
        let chat =
            Chat { messages: vec![Message { role: Role::User, text: "Hello".into() }], parameters };
        let choice = encoding_for(id);
        let counted = tokens::prompt(choice.encoding, &chat.messages, choice.overhead, 0);
        let (book, counted) = (Book::default(), counted.expect("short"));
        let outlook = outlook(&book, &chat, id, &counted, book.price_of(id, "2026-11-21"));
        let bound = outlook.expect("short").estimate.and_then(|it| it.upper_bound);
        bound.map(|it| it.to_string())
    }

    #[test]
    fn a_bound_takes_in_all_that_a_run_can_cost() {
        let some = |max_tokens, n| Parameters { max_tokens, n, ..Parameters::default() };
        for (id, parameters, dollars) in [
            // 8 tokens at 2.5, 100 at 10.
            ("gpt-4o", some(Some(100), None), Some("0.00102")),
            ("gpt-4o", some(Some(100), Some(3)), Some("0.00302")),
            // Its longest reply: 16,384.
            ("gpt-4o", some(None, None), Some("0.16386")),
            // 1 token that may be 2, 7 around it that may be 14, 200 that are hidden, all as they are
            // written to a cache at 2.5; 100 at 10.
            ("claude-sonnet-5", some(Some(100), None), Some("0.00154")),
            ("no-such-model", some(Some(1), None), None),
            ("practice-1", some(None, None), Some("0")),
        ] {
            assert_eq!(bound(id, parameters).as_deref(), dollars, "{id}");
        }
        let huge = bound("gpt-4o", some(Some(u32::MAX), Some(u32::MAX)));
        assert!(huge.is_some_and(|it| it.len() > 9), "no overflow");
        let plain = bound("gpt-4o", some(Some(100), None));
        let schema = json!({ "type": "object", "description": "word ".repeat(100) });
        let format = ResponseFormat::JsonSchema { name: "a".into(), schema };
        let with_schema = Parameters { response_format: Some(format), ..some(Some(100), None) };
        let dearer = bound("gpt-4o", with_schema);
        let dollars = |it: Option<String>| it.expect("known").parse::<f64>().expect("a number");
        assert!(dollars(dearer) > dollars(plain) + 400.0 * 2.5e-6, "a schema counts twice");
    }
}

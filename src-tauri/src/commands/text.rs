//! What a text is to a model: its tokens, what they cost, and what the model makes of a chat.

use super::{Answer, aside};
use crate::error::{CommandError, sentence};
use playground::{
    Chat, Delta, Provider, Target, Usage,
    glossary::{self, Glossary},
    lint::{self, Finding, PromptSize, Recipient},
    models::{self, EncodingChoice},
    prices::{self, Bill, Estimate, OutputLines, PieceCost, Price},
    tokens::{self, Cut, PromptTokens, TokenError},
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use ts_rs::TS;

/// A prompt as a model reads it, and what sending it may cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PromptReading {
    /// The tokens of each message, and those that the provider adds.
    pub tokens: PromptTokens,
    /// How the text was cut.
    pub encoding: EncodingInfo,
    /// What the call may cost on the target's model; for a model without a price of its own
    /// (Practice), then on the one that stands in for it.
    pub estimates: Vec<ModelEstimate>,
}

/// How a model's text is cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct EncodingInfo {
    /// The encoding's name, such as `o200k_base`.
    pub id: String,
    /// Whether the model is known to use it. If not, pieces and counts are an estimate.
    pub exact: bool,
    /// Why it is an estimate, in a sentence; null when exact.
    pub reason: Option<String>,
}

/// What a call may cost on one model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ModelEstimate {
    /// The model's id.
    pub model: String,
    /// The prompt's tokens as this model counts them.
    pub input_tokens: u32,
    /// The cost; null if the price is not known.
    pub estimate: Option<Estimate>,
    /// The price, its date and its source; null if it is not known.
    pub price: Option<Price>,
}

/// What a call cost on one model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ModelBill {
    /// The model's id.
    pub model: String,
    /// The bill, line by line; its total is null where something is not known.
    pub bill: Bill,
    /// The price, its date and its source; null if it is not known.
    pub price: Option<Price>,
    /// Why there is no total, in a sentence.
    pub unknown: Option<String>,
}

/// Whose price a bill is written at.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum PricedBy {
    /// Today's.
    Today,
    /// That of a day (YYYY-MM-DD, UTC).
    Day {
        /// Which.
        day: String,
    },
    /// That which was kept with a run; null if none was known on its day.
    Kept {
        /// The price.
        price: Option<Price>,
    },
}

/// Cuts the prompt into tokens and estimates its cost, also on `price_as` if there is one;
/// about `limit` spans are shown.
#[tauri::command(rename_all = "snake_case")]
pub async fn read_prompt(
    chat: Chat,
    target: Target,
    price_as: Option<String>,
    limit: u32,
) -> Answer<PromptReading> {
    let read = aside(move || reading(&chat, target.model, price_as, limit, &today())).await?;
    read.map_err(CommandError::failed)
}

/// Cuts a text with the model's encoding; at most `limit` spans are shown.
#[tauri::command(rename_all = "snake_case")]
pub async fn cut(text: String, model: String, limit: u32) -> Answer<Cut> {
    let encoding = models::encoding_for(&model).encoding;
    let cut = aside(move || tokens::cut(encoding, &text, limit as usize)).await?;
    cut.map_err(CommandError::failed)
}

/// What `usage` comes to on `model`.
#[tauri::command(async, rename_all = "snake_case")]
pub fn bill(model: String, usage: Usage, priced_by: PricedBy) -> ModelBill {
    let price = match priced_by {
        PricedBy::Today => prices::price_of(&model, &today()).cloned(),
        PricedBy::Day { day } => prices::price_of(&model, &day).cloned(),
        PricedBy::Kept { price } => price,
    };
    let bill = prices::bill(price.as_ref(), &usage);
    let unknown = bill.missing.map(|missing| sentence(&missing.to_string()));
    ModelBill { model, bill, price, unknown }
}

/// What each piece of a reply by `model` came to: what its frames told, and the lines of the bill
/// that they share.
#[tauri::command(rename_all = "snake_case")]
pub async fn piece_costs(
    model: String,
    frames: Vec<Vec<Delta>>,
    lines: OutputLines,
) -> Answer<Vec<PieceCost>> {
    let encoding = models::encoding_for(&model).encoding;
    let costs = aside(move || prices::piece_costs(encoding, &frames, lines)).await?;
    costs.map_err(CommandError::failed)
}

/// What would become of the chat if it were sent now, the worst first. `prompt` is its length, if
/// that is known by now; `body` is what is sent in its place, if it was edited by hand.
#[tauri::command(async, rename_all = "snake_case")]
pub fn lint(
    chat: Chat,
    target: Target,
    prompt: Option<PromptSize>,
    body: Option<String>,
) -> Vec<Finding> {
    let provider = Provider::find(&target.provider);
    let recipient = provider.and_then(|provider| {
        let dialect = provider.dialect(target.dialect.as_deref())?;
        Some(Recipient { provider, dialect, model: &target.model })
    });
    let judge = |recipient| match &body {
        Some(body) => lint::lint_body(body, recipient, &today()),
        None => lint::lint(&chat, recipient, &today(), prompt),
    };
    recipient.map(judge).unwrap_or_default()
}

/// A sentence for every field of a wire format; null if there is no such format.
#[tauri::command(async, rename_all = "snake_case")]
pub fn glossary(dialect: String) -> Option<&'static Glossary> {
    glossary::of(&dialect)
}

/// Reads the chat as `model` does, and prices it on that and on `price_as`.
fn reading(
    chat: &Chat,
    model: String,
    price_as: Option<String>,
    limit: u32,
    day: &str,
) -> Result<PromptReading, TokenError> {
    let count = |choice: &EncodingChoice, limit: u32| {
        tokens::prompt(choice.encoding, &chat.messages, choice.overhead, limit as usize)
    };
    let own = models::encoding_for(&model);
    let tokens = count(&own, limit)?;
    let mut estimates = Vec::new();
    for model in [model].into_iter().chain(price_as) {
        let choice = models::encoding_for(&model);
        let is_same = (choice.encoding, choice.overhead) == (own.encoding, own.overhead);
        let input_tokens = if is_same { tokens.total } else { count(&choice, 0)?.total };
        estimates.push(estimate(chat, model, input_tokens, day));
    }
    Ok(PromptReading { tokens, encoding: own.into(), estimates })
}

fn estimate(chat: &Chat, model: String, input_tokens: u32, day: &str) -> ModelEstimate {
    let price = prices::price_of(&model, day);
    let longest = models::find(&model).and_then(|model| model.max_output);
    let (asked, cache) = (chat.parameters.max_tokens, chat.parameters.cache);
    let of = |price| prices::estimate(price, input_tokens.into(), cache, asked, longest);
    ModelEstimate { estimate: price.map(of), price: price.cloned(), model, input_tokens }
}

impl From<EncodingChoice> for EncodingInfo {
    fn from(choice: EncodingChoice) -> EncodingInfo {
        let EncodingChoice { encoding, exact, reason, .. } = choice;
        let reason = reason.map(|reason| sentence(&reason));
        EncodingInfo { id: encoding.id().into(), exact, reason }
    }
}

/// Prices are dated in UTC.
pub fn today() -> String {
    OffsetDateTime::now_utc().date().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground::{Message, Parameters, Role};

    fn chat(text: &str) -> Chat {
        let messages = vec![Message { role: Role::User, text: text.into() }];
        Chat { messages, parameters: Parameters { max_tokens: Some(100), ..Default::default() } }
    }

    fn read(model: &str, price_as: Option<&str>) -> PromptReading {
        let price_as = price_as.map(str::to_owned);
        reading(&chat("Hello"), model.into(), price_as, 9, "2026-11-20").expect("it is short")
    }

    #[test]
    fn practice_is_also_priced_as_another_model() {
        let reading = read("practice-1", Some("gpt-6-luna"));
        let [own, other] = &reading.estimates[..] else { panic!("{reading:?}") };
        assert_eq!(own.input_tokens, reading.tokens.total);
        // The other one's chat format has a token less.
        assert_eq!(other.input_tokens, reading.tokens.total - 1);
        let estimate = other.estimate.expect("its price is known");
        assert_eq!(estimate.output_limit, Some(100));
        assert!(estimate.upper_bound > Some(estimate.input));
        assert!(reading.encoding.exact && reading.encoding.reason.is_none());
    }

    #[test]
    fn what_is_not_known_is_said_and_never_zero() {
        let reading = read("no-such-model", None);
        assert_eq!((&reading.estimates[0].estimate, &reading.estimates[0].price), (&None, &None));
        assert!(!reading.encoding.exact);
        assert_eq!(
            reading.encoding.reason.as_deref(),
            Some("The tokenizer of no-such-model is not known.")
        );
        let usage = Usage { input_tokens: Some(1), output_tokens: Some(1), ..Usage::default() };
        let bill = bill("no-such-model".into(), usage, PricedBy::Today);
        assert_eq!((bill.bill.total, bill.price), (None, None));
        assert_eq!(bill.unknown.as_deref(), Some("The price of this model is not known."));
    }
    #[test]
    fn a_call_of_the_past_is_billed_at_the_price_of_its_day() {
        let usage = Usage { input_tokens: Some(1), output_tokens: Some(1), ..Usage::default() };
        let all = prices::all();
        let ended = all.iter().find(|it| it.valid_until.is_some()).expect("a price that ended");
        let next =
            all.iter().find(|it| it.model == ended.model && it.valid_from == ended.valid_until);
        let next = next.expect("it was followed by another").clone();
        let of = |priced_by| bill(ended.model.clone(), usage, priced_by).price;
        let day = ended.valid_until.clone().expect("its end");
        assert_eq!(of(PricedBy::Day { day }), Some(next));
        let price = Some(ended.clone());
        assert_eq!(of(PricedBy::Kept { price: price.clone() }), price);
        assert_eq!(of(PricedBy::Kept { price: None }), None, "what was unknown stays so");
    }
}

//! What a text is to a model: its tokens, what they cost, and what the model makes of a chat.

use super::{Answer, Shared, aside};
use crate::{
    clock::today,
    error::{CommandError, sentence},
};
use desk::{Desk, recipient_of};
use playground::{
    Chat, Delta, Target, Usage,
    context::{Context, SummaryCall, Trimming},
    glossary::{self, Glossary},
    lint::{self, Finding, PromptSize},
    models::{self, EncodingChoice},
    prices::{self, Bill, Book, Certainty, Dollars, Estimate, OutputLines, PieceCost, Price},
    tokens::{self, Cut, PromptTokens},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

mod desk;

/// A prompt as a model reads it, and what sending it may cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PromptReading {
    /// The tokens of each message that is sent, and those that the provider adds.
    pub tokens: PromptTokens,
    /// How the text was cut.
    pub encoding: EncodingInfo,
    /// What the call may cost on the target's model; for a model without a price of its own
    /// (Practice), then on the one that stands in for it.
    pub estimates: Vec<ModelEstimate>,
    /// How full the model's window is, and what is left out of the chat.
    pub context: Context,
}

/// A call that asks for a summary, before it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SummaryOffer {
    /// The call.
    pub call: SummaryCall,
    /// What it may cost, as of any call.
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
    /// How sure that is, and what it makes of the prompt's price.
    pub certainty: Certainty,
    /// The cost; null if the price is not known.
    pub estimate: Option<Estimate>,
    /// The price, its date and its source; null if it is not known.
    pub price: Option<Price>,
    /// What is saved of the prompt's price by what was left out, none of it cached: less than
    /// nothing where what stands in for it is longer. Null if the price is not known.
    pub saves: Option<Dollars>,
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
    Today {
        /// Where the call went; else it is priced as the model's own provider would.
        #[serde(default)]
        #[ts(optional = nullable)]
        target: Option<Target>,
    },
    /// That of a day (YYYY-MM-DD, UTC).
    Day {
        /// Which.
        day: String,
        /// Where the call went, as above.
        #[serde(default)]
        #[ts(optional = nullable)]
        target: Option<Target>,
    },
    /// That which was kept with a run; null if none was known on its day.
    Kept {
        /// The price.
        price: Box<Option<Price>>,
    },
}

/// Leaves out of the chat what `trimming` says, cuts the rest into tokens and estimates its cost,
/// also on `price_as` if there is one; about `limit` spans are shown.
#[tauri::command(rename_all = "snake_case")]
pub async fn read_prompt(
    chat: Chat,
    target: Target,
    price_as: Option<String>,
    limit: u32,
    trimming: Option<Trimming>,
    shell: Shared<'_>,
) -> Answer<PromptReading> {
    let book = shell.prices.book();
    let read = move || {
        let desk = Desk { book: &book, target: &target, price_as, day: &today() };
        desk.reading(&chat, limit, &trimming.unwrap_or_default())
    };
    aside(read).await?.map_err(CommandError::failed)
}

/// The call that asks the model to sum up the earlier messages of the chat, and what it may cost;
/// null where there is nothing to sum up, or it does not fit into the window.
#[tauri::command(rename_all = "snake_case")]
pub async fn summary_offer(
    chat: Chat,
    target: Target,
    price_as: Option<String>,
    trimming: Trimming,
    shell: Shared<'_>,
) -> Answer<Option<SummaryOffer>> {
    let book = shell.prices.book();
    let offer = move || {
        let desk = Desk { book: &book, target: &target, price_as, day: &today() };
        desk.offer(&chat, &trimming)
    };
    aside(offer).await?.map_err(CommandError::failed)
}

/// Cuts a text with the model's encoding; at most `limit` spans are shown.
#[tauri::command(rename_all = "snake_case")]
pub async fn cut(text: String, model: String, limit: u32) -> Answer<Cut> {
    let encoding = models::encoding_for(&model).encoding;
    let cut = aside(move || tokens::cut(encoding, &text, limit as usize)).await?;
    cut.map_err(CommandError::failed)
}

/// What `usage` comes to on `model`, sent in a batch or not.
#[tauri::command(async, rename_all = "snake_case")]
pub fn bill(
    model: String,
    usage: Usage,
    priced_by: PricedBy,
    batch: Option<bool>,
    shell: Shared<'_>,
) -> ModelBill {
    billed(&shell.prices.book(), model, usage, priced_by, batch.unwrap_or(false))
}

fn billed(book: &Book, model: String, usage: Usage, priced_by: PricedBy, batch: bool) -> ModelBill {
    let price = match priced_by {
        PricedBy::Today { target } => price_there(book, &model, target.as_ref(), &today()),
        PricedBy::Day { day, target } => price_there(book, &model, target.as_ref(), &day),
        PricedBy::Kept { price } => *price,
    };
    let bill = prices::bill(price.as_ref(), &usage, batch);
    let unknown = bill.missing.map(|missing| sentence(&missing.to_string()));
    ModelBill { model, bill, price, unknown }
}

fn price_there(book: &Book, model: &str, target: Option<&Target>, day: &str) -> Option<Price> {
    let price = target.map_or_else(|| book.price_of(model, day), |it| book.price_at(it, day));
    price.cloned()
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
    let judge = |recipient| match &body {
        Some(body) => lint::lint_body(body, recipient, &today()),
        None => lint::lint(&chat, recipient, &today(), prompt),
    };
    recipient_of(&target).map(judge).unwrap_or_default()
}

/// A sentence for every field of a wire format; null if there is no such format.
#[tauri::command(async, rename_all = "snake_case")]
pub fn glossary(dialect: String) -> Option<&'static Glossary> {
    glossary::of(&dialect)
}

impl From<EncodingChoice> for EncodingInfo {
    fn from(choice: EncodingChoice) -> EncodingInfo {
        let EncodingChoice { encoding, exact, reason, .. } = choice;
        let reason = reason.map(|reason| sentence(&reason));
        EncodingInfo { id: encoding.id().into(), exact, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_that_is_not_known_is_said_and_never_zero() {
        let usage = Usage { input_tokens: Some(1), output_tokens: Some(1), ..Usage::default() };
        let bill = billed(
            &Book::default(),
            "no-such-model".into(),
            usage,
            PricedBy::Today { target: None },
            false,
        );
        assert_eq!((bill.bill.total, bill.price), (None, None));
        assert_eq!(bill.unknown.as_deref(), Some("The price of this model is not known."));
    }

    #[test]
    fn a_call_of_the_past_is_billed_at_the_price_of_its_day() {
        let usage = Usage { input_tokens: Some(1), output_tokens: Some(1), ..Usage::default() };
        let all = prices::built_in();
        let ended = all.iter().find(|it| it.valid_until.is_some()).expect("a price that ended");
        let next =
            all.iter().find(|it| it.model == ended.model && it.valid_from == ended.valid_until);
        let next = next.expect("it was followed by another").clone();
        let book = Book::default();
        let of = |priced_by| billed(&book, ended.model.clone(), usage, priced_by, false).price;
        let day = ended.valid_until.clone().expect("its end");
        assert_eq!(of(PricedBy::Day { day, target: None }), Some(next));
        let price = Some(ended.clone());
        assert_eq!(of(PricedBy::Kept { price: Box::new(price.clone()) }), price);
        assert_eq!(of(PricedBy::Kept { price: Box::new(None) }), None, "what was unknown stays so");
    }
}

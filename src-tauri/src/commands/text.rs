//! What a text is to a model: its tokens, what they cost, and what the model makes of a chat.

use super::{Answer, Shared, aside};
use crate::error::{CommandError, sentence};
use playground::{
    Chat, Delta, Provider, Target, Usage,
    context::{self, Context, Fitted, Reader, SummaryCall, Trimming},
    glossary::{self, Glossary},
    lint::{self, Finding, PromptSize, Recipient},
    models::{self, EncodingChoice},
    prices::{
        self, Bill, Book, Certainty, Dollars, Estimate, Outlook, OutputLines, PieceCost, Price,
    },
    tokens::{self, Cut, PromptTokens, TokenError},
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use time::OffsetDateTime;
use ts_rs::TS;

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

/// Who is asked, in which wire format; none where that is unknown.
fn recipient_of(target: &Target) -> Option<Recipient<'_>> {
    let provider = Provider::find(&target.provider)?;
    let dialect = provider.dialect(target.dialect.as_deref())?;
    Some(Recipient { provider, dialect, model: &target.model })
}

/// What is looked into to read a chat.
struct Desk<'a> {
    book: &'a Book,
    target: &'a Target,
    /// The model whose price counts where the target's own has none.
    price_as: Option<String>,
    day: &'a str,
}

impl Desk<'_> {
    /// Reads the chat as the target does, and prices it there and on `price_as`.
    fn reading(
        &self,
        chat: &Chat,
        limit: u32,
        trimming: &Trimming,
    ) -> Result<PromptReading, TokenError> {
        let own = models::encoding_for(&self.target.model);
        let whole = self.count(&own, chat, limit)?;
        let Fitted { chat: sent, context } =
            context::fit(chat, &whole, self.reader(chat), trimming)?;
        let tokens = if sent == *chat { whole } else { self.count(&own, &sent, limit)? };
        let estimates = self.estimates(&sent, &tokens, Some((chat, context.whole)))?;
        Ok(PromptReading { tokens, encoding: own.into(), estimates, context })
    }

    /// The call for a summary of the chat.
    fn offer(&self, chat: &Chat, trimming: &Trimming) -> Result<Option<SummaryOffer>, TokenError> {
        let own = models::encoding_for(&self.target.model);
        let whole = self.count(&own, chat, 0)?;
        let call = context::summary_call(chat, &whole, self.reader(chat), trimming)?;
        let Some(call) = call else { return Ok(None) };
        let tokens = self.count(&own, &call.chat, 0)?;
        let estimates = self.estimates(&call.chat, &tokens, None)?;
        Ok(Some(SummaryOffer { call, estimates }))
    }

    /// Who reads the chat, and the room for it there.
    fn reader(&self, chat: &Chat) -> Reader<'_> {
        let room = recipient_of(self.target).map(|it| lint::room(chat, it, self.day));
        Reader { model: &self.target.model, room: room.unwrap_or_default() }
    }

    fn count(
        &self,
        choice: &EncodingChoice,
        chat: &Chat,
        limit: u32,
    ) -> Result<PromptTokens, TokenError> {
        let recipient = recipient_of(self.target);
        let messages =
            recipient.map_or(Cow::Borrowed(&*chat.messages), |it| it.dialect.prompt(chat));
        tokens::prompt(choice.encoding, &messages, choice.overhead, limit as usize)
    }

    /// What sending `chat` may cost, of which `tokens` are the prompt. With nothing left out it
    /// would be the chat `whole`, of so many tokens.
    fn estimates(
        &self,
        chat: &Chat,
        tokens: &PromptTokens,
        whole: Option<(&Chat, u32)>,
    ) -> Result<Vec<ModelEstimate>, TokenError> {
        let here = self.book.price_at(self.target, self.day);
        let total = whole.map_or(tokens.total, |(_, total)| total);
        let model = self.target.model.clone();
        let mut estimates = vec![self.estimate(chat, model, tokens, total, here)?];
        let Some(model) = &self.price_as else { return Ok(estimates) };
        let [own, choice] = [&self.target.model, model].map(|it| models::encoding_for(it));
        let price = self.book.price_of(model, self.day);
        let is_same = (choice.encoding, choice.overhead) == (own.encoding, own.overhead);
        estimates.push(if is_same {
            self.estimate(chat, model.clone(), tokens, total, price)?
        } else {
            let counted = self.count(&choice, chat, 0)?;
            let all = match whole {
                Some((whole, _)) if whole != chat => self.count(&choice, whole, 0)?.total,
                _ => counted.total,
            };
            self.estimate(chat, model.clone(), &counted, all, price)?
        });
        Ok(estimates)
    }

    fn estimate(
        &self,
        chat: &Chat,
        model: String,
        counted: &PromptTokens,
        whole: u32,
        price: Option<&Price>,
    ) -> Result<ModelEstimate, TokenError> {
        let Outlook { certainty, estimate, price } =
            prices::outlook(self.book, chat, &model, counted, price)?;
        let saves = price.as_ref().map(|price| {
            let cost = |tokens: u32| price.prompt_cost(tokens.into()).0;
            Dollars(cost(whole) - cost(counted.total))
        });
        Ok(ModelEstimate { model, input_tokens: counted.total, certainty, estimate, price, saves })
    }
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

    const DAY: &str = "2026-11-20";

    fn chat(text: &str) -> Chat {
        let messages = vec![Message { role: Role::User, text: text.into() }];
        Chat { messages, parameters: Parameters { max_tokens: Some(100), ..Default::default() } }
    }

    fn read_there(
        target: &Target,
        price_as: Option<&str>,
        chat: &Chat,
        trimming: &Trimming,
    ) -> PromptReading {
        let (book, price_as) = (Book::default(), price_as.map(str::to_owned));
        let desk = Desk { book: &book, target, price_as, day: DAY };
        desk.reading(chat, 9, trimming).expect("it is short")
    }

    fn read(model: &str, price_as: Option<&str>) -> PromptReading {
        let target = Target { model: model.into(), ..Target::default() };
        read_there(&target, price_as, &chat("Hello"), &Trimming::None)
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
    fn the_beginning_of_a_reply_is_read_where_it_is_sent() {
        let chat = Chat {
            parameters: Parameters { prefill: Some("Once upon".into()), ..Default::default() },
            ..chat("Hello")
        };
        let total = |dialect: &str| {
            let target = Target {
                provider: "practice".into(),
                dialect: Some(dialect.into()),
                model: "practice-1".into(),
                ..Target::default()
            };
            read_there(&target, None, &chat, &Trimming::None).tokens.total
        };
        // Two words, and the marks and the speaker of one more message.
        assert_eq!(total("anthropic"), total("openai-chat") + 2 + 4);
    }

    #[test]
    fn what_is_left_out_is_neither_counted_nor_paid_for() {
        let target = |model: &str| Target {
            provider: "practice".into(),
            model: model.into(),
            ..Target::default()
        };
        let say = |role, text: &str| Message { role, text: text.into() };
        let mut chat = chat("And now?");
        let earlier = [say(Role::User, &"word ".repeat(600)), say(Role::Assistant, "Yes.")];
        chat.messages.splice(0..0, earlier);
        let mini = target("practice-mini");
        let whole = read_there(&mini, Some("gpt-6-luna"), &chat, &Trimming::None);
        let less = read_there(&mini, Some("gpt-6-luna"), &chat, &Trimming::KeepSystem);
        assert!(whole.context.over > 0 && less.context.over == 0);
        assert_eq!((whole.tokens.messages.len(), less.tokens.messages.len()), (3, 1));
        assert_eq!(less.context.tokens, less.tokens.total);
        for (before, after) in whole.estimates.iter().zip(&less.estimates) {
            let input = |it: &ModelEstimate| it.estimate.expect("its price is known").input.0;
            assert_eq!(before.saves, Some(Dollars(0)), "nothing is left out");
            assert_eq!(after.saves, Some(Dollars(input(before) - input(after))), "{}", after.model);
        }
        assert!(less.estimates[1].saves > Some(Dollars(0)));
        let book = Book::default();
        let desk = Desk { book: &book, target: &mini, price_as: None, day: DAY };
        assert_eq!(desk.offer(&chat, &Trimming::None).expect("short"), None, "600 words of 512");
        let desk = Desk { target: &target("practice-1"), ..desk };
        let offer = desk.offer(&chat, &Trimming::None).expect("short").expect("it fits");
        assert_eq!((offer.call.messages, offer.call.chat.messages.len()), (2, 3));
        let asked = desk.count(&models::encoding_for("practice-1"), &offer.call.chat, 0);
        assert_eq!(offer.estimates[0].input_tokens, asked.expect("short").total);
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

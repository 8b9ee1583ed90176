//! A chat as its recipient reads it, and what that costs.

use super::{ModelEstimate, PromptReading, SummaryOffer};
use playground::{
    Chat, Provider, Target,
    context::{self, Fitted, Reader, Trimming},
    lint::{self, Recipient},
    models::{self, EncodingChoice},
    prices::{self, Book, Dollars, Outlook, Price},
    tokens::{self, PromptTokens, TokenError},
};
use std::borrow::Cow;

/// Who is asked, in which wire format; none where that is unknown.
pub(super) fn recipient_of(target: &Target) -> Option<Recipient<'_>> {
    let provider = Provider::find(&target.provider)?;
    let dialect = provider.dialect(target.dialect.as_deref())?;
    Some(Recipient { provider, dialect, model: &target.model })
}

/// What is looked into to read a chat.
pub(super) struct Desk<'a> {
    pub book: &'a Book,
    pub target: &'a Target,
    /// The model whose price counts where the target's own has none.
    pub price_as: Option<String>,
    pub day: &'a str,
}

impl Desk<'_> {
    /// Reads the chat as the target does, and prices it there and on `price_as`.
    pub fn reading(
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
    pub fn offer(
        &self,
        chat: &Chat,
        trimming: &Trimming,
    ) -> Result<Option<SummaryOffer>, TokenError> {
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
    }
}

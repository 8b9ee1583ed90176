//! What a wire format must know: how to write a request and how to read a reply.
//!
//! A dialect is pure. It sees no clock, no socket and no key: the header that takes
//! the key holds [`crate::http::MASK`], and the client fills it in as it sends.

pub mod calls;
pub mod parts;

use crate::{
    ApiError, BaseUrl, Chat, Control, Delta, Message, PROVIDERS, Role, WireRequest,
    provider::Endpoint,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use ts_rs::TS;

/// One wire format.
pub trait Dialect: Send + Sync {
    /// Its name in product, settings and recordings, such as `openai-chat`.
    fn id(&self) -> &'static str;

    /// Its name for people, such as `Chat Completions`.
    fn name(&self) -> &'static str;

    /// The parameters that it has a field for. Others are never written.
    fn controls(&self) -> &'static [Control];

    /// What a model is given to read: the messages, and the beginning of its reply where that is
    /// written.
    fn prompt<'a>(&self, chat: &'a Chat) -> Cow<'a, [Message]> {
        let begun = parts::prefill(&chat.parameters);
        match begun.filter(|_| self.controls().contains(&Control::Prefill)) {
            None => Cow::Borrowed(&chat.messages),
            Some(text) => {
                let begun = Message { role: Role::Assistant, text: text.into() };
                Cow::Owned([chat.messages.as_slice(), &[begun]].concat())
            }
        }
    }

    /// How its streams are cut into frames.
    fn framing(&self) -> Framing {
        Framing::Events
    }

    /// Writes `chat` for `model` as this format has it. An unset parameter is not written.
    fn request(&self, chat: &Chat, model: &str, endpoint: &Endpoint) -> WireRequest;

    /// Asks which models the endpoint has: free of charge, so it also checks a key. `page` is
    /// where an earlier answer said that the list goes on.
    fn models_request(&self, endpoint: &Endpoint, page: Option<&str>) -> WireRequest;

    /// The models in the answer to [`Dialect::models_request`] that answer a chat; `None` if it
    /// is no such list.
    fn read_models(&self, body: &str) -> Option<ModelPage>;

    /// Asks how many tokens the prompt has by the server's own count; `None` where it has no
    /// such call.
    fn count_request(&self, chat: &Chat, model: &str, endpoint: &Endpoint) -> Option<WireRequest> {
        let _ = (chat, model, endpoint);
        None
    }

    /// Whether it has such a call.
    fn counts_tokens(&self) -> bool {
        let somewhere = PROVIDERS.iter().find_map(|provider| {
            let base_url = BaseUrl::parse(provider.base_url?).ok()?;
            Some(Endpoint { provider, base_url, has_key: false })
        });
        somewhere.is_some_and(|it| self.count_request(&Chat::default(), "", &it).is_some())
    }

    /// The count in the answer to [`Dialect::count_request`]; `None` if it holds none.
    fn read_count(&self, body: &str) -> Option<u64> {
        let _ = body;
        None
    }

    /// `request` without `stream_options`, if `error` says that the server does not know that. It
    /// only asks for counts, so the reply comes without it; `None` where it cannot help.
    fn without_stream_options(
        &self,
        request: &WireRequest,
        error: &ApiError,
    ) -> Option<WireRequest> {
        let _ = (request, error);
        None
    }

    /// A fresh reader for one reply.
    fn decoder(&self) -> Box<dyn Decoder>;
}

/// How a stream is cut into frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// Server-sent events.
    Events,
    /// One JSON value per line.
    Lines,
}

/// Reads one reply. Nothing that a server sends makes it fail: what it cannot read
/// becomes [`Delta::Unreadable`].
pub trait Decoder: Send {
    /// What the payload of one frame adds to the reply.
    fn frame(&mut self, data: &str) -> Vec<Delta>;

    /// What a whole body says, when the server did not stream.
    fn whole(&mut self, body: &str) -> Vec<Delta>;

    /// What `[DONE]` says. One format ends with it; gateways add it to the others, which have an
    /// end of their own.
    fn last_word(&mut self) -> Vec<Delta> {
        Vec::new()
    }
}

/// A part of a server's list of models.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelPage {
    /// The models of this part, in the server's order.
    pub models: Vec<ListedModel>,
    /// Where the list goes on: the `page` of the next request.
    pub next: Option<String>,
}

/// A model as a server lists it; `None` where it does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ListedModel {
    /// What a request names it.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// Tokens that a prompt may have.
    pub max_input: Option<u64>,
    /// The longest reply in tokens.
    pub max_output: Option<u64>,
    /// The first day (YYYY-MM-DD) on which it no longer answers.
    pub shutdown: Option<String>,
}

impl ListedModel {
    /// A model of which no more than its id is known.
    pub fn new(id: impl Into<String>) -> ListedModel {
        ListedModel { id: id.into(), ..ListedModel::default() }
    }
}

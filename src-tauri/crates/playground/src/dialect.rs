//! What a wire format must know: how to write a request and how to read a reply.
//!
//! A dialect is pure. It sees no clock, no socket and no key: the header that takes
//! the key holds [`crate::http::MASK`], and the client fills it in as it sends.

use crate::{Chat, Delta, WireRequest, provider::Endpoint};

/// One wire format.
pub trait Dialect: Send + Sync {
    /// Its name in product, settings and recordings, such as `openai-chat`.
    fn id(&self) -> &'static str;

    /// Writes `chat` for `model` as this format has it. An unset parameter is not written.
    fn request(&self, chat: &Chat, model: &str, endpoint: &Endpoint) -> WireRequest;

    /// Asks which models the endpoint has: free of charge, so it also checks a key.
    fn models_request(&self, endpoint: &Endpoint) -> WireRequest;

    /// The model ids in the answer to [`Dialect::models_request`]; `None` if it is no such list.
    fn read_models(&self, body: &str) -> Option<Vec<String>>;

    /// A fresh reader for one reply.
    fn decoder(&self) -> Box<dyn Decoder>;
}

/// Reads one reply. Nothing that a server sends makes it fail: what it cannot read
/// becomes [`Delta::Unreadable`].
pub trait Decoder: Send {
    /// What the payload of one frame adds to the reply.
    fn frame(&mut self, data: &str) -> Vec<Delta>;

    /// What a whole body says, when the server did not stream.
    fn whole(&mut self, body: &str) -> Vec<Delta>;
}

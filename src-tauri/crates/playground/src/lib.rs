//! How a chat becomes bytes on the wire, and how bytes become a reply, its tokens and its cost.
//!
//! The modules, in the order a prompt meets them:
//!
//! 1. [`chat`]: what the learner composed, in no dialect.
//! 2. [`target`]: who is asked; [`provider`]: who can answer, where, and in which dialect.
//! 3. [`dialect`]: a chat into an [`http::WireRequest`], and frames into [`run::Delta`]s.
//! 4. [`client`]: the one module that does I/O: it sends, waits, and tells the story.
//! 5. [`frames`] and [`reader`]: bytes into frames, however the network cut them, and frames into
//!    their meaning.
//! 6. [`run`]: the story itself, as [`run::RunEvent`]s; [`reply`]: what it came to.
//! 7. [`errors`]: what went wrong, in the provider's words and then in ours; [`retry`]: whether
//!    it is tried again.
//! 8. [`tokens`], [`models`], [`prices`]: how a text is cut, who reads it, and what that costs.
//! 9. [`lint`]: what a model will make of a chat, before it is sent; [`context`]: what of it fits
//!    into the model's window, and what is left out.
//! 10. [`code`]: the same call as a program in several languages.
//! 11. [`origins`]: which control or message made which part of a request; [`glossary`]: what each
//!     field on the wire is, in a sentence.
//! 12. [`rosetta`]: one chat as every wire format has it, meaning by meaning; [`variety`]: how much
//!     several replies differ; [`prompts`]: many prompts out of one file.
//! 13. [`lesson`]: the course, and what it asks of runs.

pub mod chat;
pub mod client;
pub mod code;
pub mod context;
pub mod dialect;
pub mod dialects;
pub mod errors;
pub mod frames;
pub mod glossary;
pub mod http;
mod json;
pub mod lesson;
pub mod lint;
pub mod models;
pub mod origins;
pub mod prices;
pub mod prompts;
pub mod provider;
pub mod reader;
pub mod reply;
pub mod retry;
pub mod rosetta;
pub mod run;
pub mod secret;
pub mod target;
pub mod tokens;
pub mod variety;
mod whole;

pub use chat::{Chat, Control, Message, Parameters, Role};
pub use errors::{ApiError, ErrorKind};
pub use http::WireRequest;
pub use provider::{BaseUrl, PROVIDERS, Provider};
pub use reply::Reply;
pub use run::{Delta, FinishReason, Frame, RunEvent, Usage};
pub use target::Target;

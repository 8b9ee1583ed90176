//! Every wire format: one file each, none of which knows another.

pub mod openai_chat;

use crate::dialect::Dialect;

/// Every dialect. Tests and docs loop over this table.
pub static DIALECTS: &[&dyn Dialect] = &[&openai_chat::OpenAiChat];

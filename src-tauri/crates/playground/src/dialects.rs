//! Every wire format: one file each, none of which knows another. The rows of
//! [`PROVIDERS`](crate::provider::PROVIDERS) say who speaks which.

pub mod openai_chat;

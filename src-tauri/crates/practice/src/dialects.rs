//! The wire formats that the server speaks, one module each.
//!
//! A dialect reads a request into turns and limits, and writes a reply's pieces as the real
//! service would. Dialects do not know each other and never decide what is said.

pub mod openai_chat;

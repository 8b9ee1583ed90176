//! Who a chat goes to, before anything is looked up.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Target {
    /// The provider's id.
    pub provider: String,
    /// Where it is, for a provider without an address of its own; ignored for the others.
    #[serde(default)]
    pub base_url: Option<String>,
    /// The wire format to speak, where the provider has several; else its first.
    #[serde(default)]
    pub dialect: Option<String>,
    /// The model's id, as the provider spells it.
    pub model: String,
}

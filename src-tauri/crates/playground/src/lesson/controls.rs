//! What in the window a lesson may point at. The page has a place for each, or does not compile.

use crate::chat::Control;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A room of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
#[allow(missing_docs, reason = "each is the room of that name")]
pub enum Room {
    Learn,
    Play,
    Tokens,
    Costs,
    Runs,
}

/// A lens of the Play room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
#[allow(missing_docs, reason = "each is the lens of that name")]
pub enum LensName {
    Request,
    Frames,
    Tokens,
    Cost,
    Time,
    Code,
    Rosetta,
}

/// Something in the window that a lesson points at: a parameter by its name, or one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged, expecting = "no such control")]
#[ts(export)]
pub enum PageControl {
    /// A knob of the Parameters panel.
    Parameter(Control),
    /// Something else.
    Other(OtherControl),
}

/// What a lesson may point at besides the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum OtherControl {
    /// The button that sends.
    Send,
    /// The box in which the next message is written.
    Message,
    /// The field of the system message.
    System,
    /// The button that shows and changes the model.
    Model,
    /// The button that begins a new conversation.
    New,
    /// The button that asks another model beside this one.
    Compare,
    /// The button that asks one question many times.
    Sweep,
    /// The button that opens all parameters.
    Parameters,
    /// The button in the Request lens that lets the body be written by hand.
    EditBody,
    /// The conversation, in which replies and their figures stand.
    Conversation,
    /// The button that shows what fills the model's window, and what is left out.
    Context,
    /// The versions of the system message.
    Versions,
    /// The button that opens the settings.
    Settings,
}

impl OtherControl {
    /// All of them.
    pub const ALL: [OtherControl; 13] = [
        OtherControl::Send,
        OtherControl::Message,
        OtherControl::System,
        OtherControl::Model,
        OtherControl::New,
        OtherControl::Compare,
        OtherControl::Sweep,
        OtherControl::Parameters,
        OtherControl::EditBody,
        OtherControl::Conversation,
        OtherControl::Context,
        OtherControl::Versions,
        OtherControl::Settings,
    ];
}

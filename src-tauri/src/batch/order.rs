//! What a person wants sent: one prompt with several values of something, or a set of prompts.

use playground::{
    Chat, Control, Target,
    prices::{Dollars, budget::OverBudget},
    prompts::PromptSet,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is to be sent.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum BatchOrder {
    /// One prompt with several values of something.
    Sweep {
        /// What stays the same; its last message is the prompt.
        base: Box<Chat>,
        /// Who is asked.
        target: Target,
        /// What does not stay the same.
        axis: SweepAxis,
        /// How often each is sent.
        repeats: u32,
    },
    /// A set of prompts, each to the same columns.
    Set {
        /// The prompts.
        prompts: PromptSet,
        /// Who is asked, and how.
        columns: Vec<BatchColumn>,
        /// How often each is sent.
        repeats: u32,
    },
}

/// What the columns of a sweep differ in.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
#[ts(export)]
pub enum SweepAxis {
    /// A parameter that is a number.
    Number {
        /// Which.
        control: Control,
        /// Its values; null leaves it to the server.
        values: Vec<Option<f64>>,
    },
    /// The standing instructions.
    System {
        /// Each of them; an empty one is none.
        texts: Vec<String>,
    },
    /// Who is asked.
    Targets {
        /// Each of them.
        targets: Vec<Target>,
    },
}

/// Who is asked, and how.
#[derive(Debug, Clone, Deserialize, TS)]
#[ts(export)]
pub struct BatchColumn {
    /// What stands above it.
    pub label: String,
    /// Who.
    pub target: Target,
    /// Its standing instructions and its parameters; other messages are not used.
    pub chat: Chat,
}

/// What would be sent, and what it can cost.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct BatchPlan {
    /// The labels of the columns.
    pub columns: Vec<String>,
    /// The labels of the rows.
    pub rows: Vec<String>,
    /// How often each place is sent.
    pub repeats: u32,
    /// How many calls that makes.
    pub cells: u32,
    /// The most that those of known price can cost, together; null if none has a known price.
    pub bound: Option<Dollars>,
    /// How many calls have no known bound.
    pub unknown: u32,
    /// How sure the bound is.
    pub certainty: PlanCertainty,
    /// All of it in a sentence.
    pub sentence: String,
    /// The budgets that it might pass: starting it asks.
    pub over: Option<OverBudget>,
    /// What will not go as it seems, in sentences.
    pub warnings: Vec<String>,
}

/// How sure the bound of a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PlanCertainty {
    /// Every prompt was counted as its model counts it.
    Exact,
    /// Some prompt was not; the bound leaves room for that.
    Estimate,
    /// Of some call nobody can say what it costs at most.
    Unknown,
    /// It costs nothing.
    Free,
}

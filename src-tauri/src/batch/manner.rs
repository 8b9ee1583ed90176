//! What a person wants of a batch, and how it is to be sent.

/// What a person wants of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// That it sends.
    Go,
    /// That nothing new is sent.
    Pause,
    /// That what is on its way is stopped too.
    Stop,
}

/// What a person agreed to spend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// What the budgets leave.
    Budget,
    /// As much, though a single call may pass the budget of one run, or have no known price.
    EachCall,
    /// Whatever it costs.
    All,
}

/// How a batch is sent.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// How many calls may be on their way to a provider at once.
    pub concurrency: u32,
    /// What may be spent.
    pub consent: Consent,
    /// How far the person's clock is east of UTC, in minutes.
    pub offset_minutes: i32,
}

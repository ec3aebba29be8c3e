//! What adds up.

use kernel::{Date, UserId, Zone};

use crate::charge::Work;
use crate::usage::Usage;

/// What a user has spent on one day of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySpending {
    /// By the time zone the user had when each charge was stored.
    pub date: Date,
    /// The user.
    pub user: UserId,
    /// By model, in the order of work, provider and name; never empty.
    pub models: Vec<ModelSpending>,
}

/// What one model has cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelSpending {
    /// What it was asked for.
    pub work: Work,
    /// The provider's name.
    pub provider: String,
    /// The model, as the provider names it.
    pub model: String,
    /// How many answers were billed.
    pub calls: u64,
    /// How many of them have no price.
    pub unpriced: u64,
    /// Their tokens.
    pub usage: Usage,
    /// What those with a price cost, in millionths of a US dollar.
    pub cost_micros: u64,
}

/// What a user has spent today, as far as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    /// In millionths of a US dollar.
    pub micros: u64,
    /// The time zone that says when the day ends.
    pub zone: Zone,
}

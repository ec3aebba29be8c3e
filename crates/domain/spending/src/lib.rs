//! What calls of models cost.
//!
//! Every answer that a provider bills is a [`Charge`] of the user it was made for, whether the answer
//! was of use or not. [`Spending`] is the facade: it puts prices on charges ([`PriceTable`]), keeps
//! them ([`ChargeStore`], or a [`ChargeJournal`] on local disk while the database is away), adds them
//! up by day, and refuses further calls of a user who has spent the cap of a day.
//!
//! Nobody waits for a charge to be kept. What is not stored yet counts against the cap all the same.

mod admit;
mod charge;
mod day;
mod keep;
mod ports;
mod prices;
mod replay;
mod spending;
mod unsettled;
mod usage;

pub use admit::OverBudget;
pub use charge::{Bill, Charge, Work};
pub use day::{DaySpending, ModelSpending, Spent};
pub use ports::{ChargeJournal, ChargeStore};
pub use prices::{Price, PriceTable, Prices};
pub use replay::Replayed;
pub use spending::{Budget, Spending, SpendingPorts};
pub use usage::{Tokens, Usage};

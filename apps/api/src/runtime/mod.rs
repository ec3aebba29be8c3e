//! The impure things the domain asks for: time, chance, background tasks.

mod clock;
mod random;
mod tasks;

pub(crate) use clock::{SystemClock, TokioTimer};
pub(crate) use random::SystemRandom;
pub(crate) use tasks::OwnedTasks;

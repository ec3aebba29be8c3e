//! Durable jobs: accepted and shown (`store`), given to workers (`queue`), looked after (`yard`).
//!
//! Locks: a claim locks jobs alone and waits for none; whatever tells the owner's log of a job
//! locks the log's head first, then the job.

mod queue;
mod rows;
mod store;
mod yard;

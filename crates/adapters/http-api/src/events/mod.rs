//! Live events: what a user's log tells, over a WebSocket, from any place on.
//!
//! Reading order: what all sockets share (`feed`, `seats`), what a client wants (`topic`,
//! `subscriptions`), one socket (`connection`, `jobs`), the JSON (`wire`). Who stands at the door is
//! told as at the voice tutor's: [`crate::voice::Visitor`], [`crate::voice::Access`].

mod connection;
mod feed;
mod jobs;
mod seats;
mod subscriptions;
mod topic;
mod wire;

pub(crate) use connection::{Guest, serve};
pub use feed::{EventFeed, EventLimits, EventPorts};
pub(crate) use wire::follows;

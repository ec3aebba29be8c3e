//! The protocol as JSON.

mod tolerant;

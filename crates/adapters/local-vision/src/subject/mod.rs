//! The subject of a text, from the words it uses.

mod classify;
mod vocabulary;

pub(crate) use classify::{Subject, classify};

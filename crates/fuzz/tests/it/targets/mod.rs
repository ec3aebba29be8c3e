//! What bytes are thrown at. A target is a function of bytes and panics when a promise is broken;
//! `libfuzzer/fuzz_targets` calls the same functions.

pub(crate) mod cursor;
pub(crate) mod events;
pub(crate) mod image;
pub(crate) mod journal;
pub(crate) mod realtime;
pub(crate) mod socket;
pub(crate) mod token;
pub(crate) mod wav;

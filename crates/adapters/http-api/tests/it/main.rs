//! The way in, a request at a time.

// `cfg(test)` tells the lints that helpers here may unwrap.
#[cfg(test)]
mod harness;

#[cfg(test)]
mod account_data;
#[cfg(test)]
mod admin;
#[cfg(test)]
mod around;
#[cfg(test)]
mod bad_inputs;
#[cfg(test)]
mod bookmarks;
#[cfg(test)]
mod capture;
#[cfg(test)]
mod cookies;
#[cfg(test)]
mod devices;
#[cfg(test)]
mod document;
#[cfg(test)]
mod fuzzed;
#[cfg(test)]
mod help;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod identity;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod observed;
#[cfg(test)]
mod open_mode;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod profile;
#[cfg(test)]
mod refresh;
#[cfg(test)]
mod segments;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod topics;
#[cfg(test)]
mod uploads;
#[cfg(test)]
mod voice;

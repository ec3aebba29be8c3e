//! The polyphase filter behind `Voice` and `High`.
//!
//! An output of a polyphase filter at time `t` is a sum of `prototype[t − s]` times the input at
//! time `s`, both on the common 48 kHz grid. Grouping `down` inputs and `up` outputs makes this a
//! few plain filters that run side by side at the rate of the groups; [`bank`] says which.
//!
//! Each of those plain filters is then run four groups at a time by the fast FIR algorithm,
//! Karatsuba's multiplication of polynomials applied twice: nine filters of a quarter of the length
//! in place of sixteen. Source: Parhi, "VLSI Digital Signal Processing Systems" (1999), section 9.2.
//!
//! Reading order: [`bank`] (taps, at compile time), [`planes`] (input, sorted and pre-added),
//! [`rows`] (the nine filters: nearly all of the work), [`weave`] (post-added and merged).
//!
//! Every sum is made in one order that depends on the position in the stream alone, never on how
//! the input was cut: so outputs are equal bit by bit for every cut.

mod bank;
mod engine;
mod planes;
mod rows;
mod weave;

pub(crate) use engine::Fir;

/// Groups worked on at once by one call of the inner loop.
const LANES: usize = 8;

/// Groups of four in one block: 20 ms of 16 kHz speech.
const BLOCK: usize = 5 * LANES;

/// Inputs sorted into four, then pre-added: the products of one level are low, high and their sum.
const PRODUCTS: usize = 9;

/// How many groups the fast FIR algorithm takes at a time.
const PARALLEL: usize = 4;

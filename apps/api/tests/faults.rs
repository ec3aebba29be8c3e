//! Nothing is lost and nothing falls over: real processes that are killed, frozen, starved and
//! overrun while people study.
//!
//! What is left to chance follows from a seed that is printed; `SMARTSIGHT_FAULT_SEED` repeats it.

#[cfg(test)]
mod it {
    #[expect(
        dead_code,
        unused_imports,
        unused_macros,
        reason = "the other half is for other tests"
    )]
    pub(crate) mod harness;
}
#[cfg(test)]
use it::harness;

#[cfg(test)]
mod scenes {
    mod chance;
    mod ends;
    mod insist;
    mod load;
    mod memory;
    mod network;
    mod once;
    mod rebuild;
    mod sqlite;
    mod uploads;
    mod verdict;
}

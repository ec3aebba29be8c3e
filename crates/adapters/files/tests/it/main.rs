//! Files keep what they promise, through crashes too.

// `cfg(test)` tells the lints that helpers here may unwrap.
#[cfg(test)]
mod charges;
#[cfg(test)]
mod data_folder;
#[cfg(test)]
mod given;
#[cfg(test)]
mod journal;
#[cfg(test)]
mod recordings;
#[cfg(test)]
mod spool;
#[cfg(test)]
mod store;

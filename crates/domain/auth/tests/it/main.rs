//! Accounts through their facades, over a store in memory.

// `cfg(test)` tells the lints that helpers here may unwrap.
#[cfg(test)]
mod admin;
#[cfg(test)]
mod contracts;
#[cfg(test)]
mod crowd;
#[cfg(test)]
mod google;
#[cfg(test)]
mod house;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod machine;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod refresh;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod sign_out;
#[cfg(test)]
mod stand_ins;

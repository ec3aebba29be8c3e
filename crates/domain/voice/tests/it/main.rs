//! The relay by its rules, and the facade over scripted links.

// `cfg(test)` tells the lints that helpers here may unwrap.
#[cfg(test)]
mod again;
#[cfg(test)]
mod allocation;
#[cfg(test)]
mod barge_in;
#[cfg(test)]
mod desk;
#[cfg(test)]
mod endings;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod links;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod pressure;
#[cfg(test)]
mod random;
#[cfg(test)]
mod relay_at_random;
#[cfg(test)]
mod rig;
#[cfg(test)]
mod session;
#[cfg(test)]
mod sound;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod talk;
#[cfg(test)]
mod tools;
#[cfg(test)]
mod turns;

//! The binary as its users meet it: a real process, real HTTP, real stores.

#[cfg(test)]
mod harness;

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod bad_images;
#[cfg(test)]
mod chain;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod erase;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod local;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod operator;
#[cfg(test)]
mod outage;
#[cfg(test)]
mod rotation;
#[cfg(test)]
mod s0_contract;
#[cfg(test)]
mod segments;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod sign_out;
#[cfg(test)]
mod voice;
#[cfg(test)]
mod voice_door;
#[cfg(test)]
mod usage;
#[cfg(test)]
mod walk;

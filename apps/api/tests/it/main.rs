//! The binary as its users meet it: a real process, real HTTP, real stores.

#[cfg(test)]
mod harness;

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod backup;
#[cfg(test)]
mod bad_images;
#[cfg(test)]
mod chain;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod deploy;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod erase;
#[cfg(test)]
mod events;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod local;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod migrate;
#[cfg(test)]
mod moving;
#[cfg(test)]
mod operator;
#[cfg(test)]
mod outage;
#[cfg(test)]
mod replicas;
#[cfg(test)]
mod reuse;
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
mod traces;
#[cfg(test)]
mod uploads;
#[cfg(test)]
mod usage;
#[cfg(test)]
mod voice;
#[cfg(test)]
mod voice_context;
#[cfg(test)]
mod voice_door;
#[cfg(test)]
mod voice_faults;
#[cfg(test)]
mod walk;

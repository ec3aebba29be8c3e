//! The simulator as clients see it.

#[cfg(test)]
mod command_line;
#[cfg(test)]
mod official_sdk;
#[cfg(test)]
mod other_sdks;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod realtime;
#[cfg(test)]
mod realtime_sdk;
#[cfg(test)]
mod simulator;

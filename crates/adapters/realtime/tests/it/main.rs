//! The adapter through its port, against servers that misbehave on purpose and the simulator.

// `cfg(test)` tells the lints that helpers here may unwrap.
#[cfg(test)]
mod closing;
#[cfg(test)]
mod frames;
#[cfg(test)]
mod given;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod opening;
#[cfg(test)]
mod silence;
#[cfg(test)]
mod talks;
#[cfg(test)]
mod tls;
#[cfg(test)]
mod waiting;
#[cfg(test)]
mod words;

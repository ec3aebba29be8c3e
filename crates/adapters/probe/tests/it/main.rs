//! Against the simulator of providers and against servers that misbehave.

#[cfg(test)]
mod page;
#[cfg(test)]
mod provider;

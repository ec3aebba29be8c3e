//! Redis as it is, frozen and away.

// `cfg(test)` tells the lints that helpers here may unwrap.
#[cfg(test)]
mod context;
#[cfg(test)]
mod given;
#[cfg(test)]
mod limiter;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod places;
#[cfg(test)]
mod start;

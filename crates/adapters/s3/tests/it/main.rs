//! The bucket keeps what it promises, on a real S3 server.

// `cfg(test)` tells the lints that helpers here may unwrap.
#[cfg(test)]
mod faults;
#[cfg(test)]
mod given;
#[cfg(test)]
mod store;
#[cfg(test)]
mod upload_link;

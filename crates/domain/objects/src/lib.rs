//! Where images and recordings are kept.
//!
//! [`ObjectStore`] is the port; its adapters are a folder (`files`) and S3 (`s3`). Keys are made
//! here, so that an object's owner can be read off its key and nowhere else.
//!
//! Between the moment an object's key is made up and the moment a row names it, a [`Lease`] holds
//! the key: when a lease ends and nobody has claimed the object, the object is removed. [`Uploads`]
//! gives out links behind which clients put objects themselves, checks what they put, and removes
//! what nobody claimed.

mod digest;
mod key;
mod lease;
mod store;
mod uploads;

pub use digest::{InvalidDigest, Sha256Digest};
pub use key::{InvalidKey, KeyPrefix, ObjectKey};
pub use lease::{Claimed, Lease, Leases, Promise};
pub use store::{
    Link, Listed, ObjectMeta, ObjectSource, ObjectStore, ReceiveFault, UploadLink, UploadLinks,
};
pub use uploads::{ArrivalError, PresignError, UploadPorts, UploadRules, UploadWanted, Uploads};

//! Where images and recordings are kept.
//!
//! [`ObjectStore`] is the port; its adapters are a folder (`files`) and S3 (`s3`). Keys are made
//! here, so that an object's owner can be read off its key and nowhere else.

mod key;
mod store;

pub use key::{InvalidKey, KeyPrefix, ObjectKey};
pub use store::{Link, Listed, ObjectMeta, ObjectSource, ObjectStore};

//! Objects in a folder with signed links, and what waits on disk: journal, spool and recordings.
//!
//! [`DataFolder`] is the one folder a process writes to; it is locked, so everything below may
//! assume that no other process writes there. [`FolderStore`] keeps objects, [`FolderJournal`],
//! [`FolderCharges`] and [`FolderSpool`] what waits for the database and the object store. All write a file aside,
//! fsync it, rename it into place and fsync its folder: after a crash there is the old file or the
//! new one. [`FolderScratch`] holds what arrives until it is whole. [`FolderRecordings`] keeps sound in files that grow, each with a lock of its own.

mod blocking;
mod charges;
mod data_folder;
mod disk;
mod document;
mod examine;
mod fault;
mod journal;
mod leftovers;
mod link;
mod listing;
mod object_file;
mod object_path;
mod receive;
mod recordings;
mod records;
mod scratch;
mod secret;
mod spool;
mod store;

pub use charges::FolderCharges;
pub use data_folder::{DataFolder, DataFolderError};
pub use examine::FolderReport;
pub use journal::FolderJournal;
pub use link::{InvalidSigner, LinkFault, LinkSigner};
pub use recordings::FolderRecordings;
pub use records::Bounds;
pub use scratch::FolderScratch;
pub use spool::FolderSpool;
pub use store::FolderStore;

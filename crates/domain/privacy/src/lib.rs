//! Everything of one user: handing it out, and erasing it.
//!
//! [`Privacy`] is the facade. [`Privacy::export`] writes all that is kept of a user into an
//! [`Archive`], page by page, so that memory does not grow with a history. [`Privacy::erase`]
//! removes it and gives a [`Receipt`].
//!
//! An erasure begins with a mark that the database checks under the user's lock: from then on
//! nothing of the user is written any more, by whatever was under way. Then goes what waits on
//! disk, then the objects, then all rows at once. Broken off anywhere it can be done again, and
//! [`Privacy::resume`] does. [`MarkedStore`] keeps images of erased users out of the object store,
//! [`kernel::Fault::Gone`] tells everybody else.
//!
//! Which tables hold something of users is said in the database's adapter, once for both verbs.

mod archive;
mod erase;
mod export;
mod manifest;
mod marked_store;
mod ports;
mod privacy;
mod receipt;

pub use archive::{Archive, ArchiveError, Compression};
pub use erase::EraseError;
pub use export::ExportError;
pub use manifest::{Counted, MANIFEST_VERSION, Manifest};
pub use marked_store::MarkedStore;
pub use ports::{Amount, Erasures, Kind, Leftovers, PersonalRows, RowStream, Whose, Withheld};
pub use privacy::{Privacy, PrivacyPorts};
pub use receipt::Receipt;

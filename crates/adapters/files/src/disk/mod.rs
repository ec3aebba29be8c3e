//! A folder in which files appear whole or not at all.

mod draft;
mod folder;
mod private;

pub(crate) use draft::Draft;
pub(crate) use folder::DurableFolder;
pub(crate) use private::{create_folder, create_new_file, own_folder, sync_folder};

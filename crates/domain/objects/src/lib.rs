//! Where images and recordings are kept: keys, links and the store's port.

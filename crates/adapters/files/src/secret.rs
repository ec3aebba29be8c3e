//! Random secrets that outlive the process.

use std::fs::Permissions;
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use secrecy::SecretSlice;

use crate::data_folder::{DataFolderError, failed};
use crate::disk::DurableFolder;

/// The secret in `folder/name`, made if there is none.
pub(crate) fn load_or_make(
    folder: &Path,
    name: &str,
    length: usize,
) -> Result<SecretSlice<u8>, DataFolderError> {
    let path = folder.join(name);
    require_plain(name).map_err(|error| failed(&path, error))?;
    match std::fs::read_to_string(&path) {
        Ok(text) => load(&path, &text, length),
        Err(error) if error.kind() == ErrorKind::NotFound => make(folder, name, length),
        Err(error) => Err(failed(&path, error)),
    }
}

fn load(path: &Path, text: &str, length: usize) -> Result<SecretSlice<u8>, DataFolderError> {
    // A copy from a backup may have come back readable to others.
    let private = std::fs::set_permissions(path, Permissions::from_mode(0o600));
    private.map_err(|error| failed(path, error))?;
    let bytes = hex::decode(text.trim_end()).ok();
    let bytes = bytes.filter(|bytes| bytes.len() == length);
    let damaged = || DataFolderError::DamagedSecret {
        path: path.to_owned(),
        length,
    };
    bytes.map(SecretSlice::from).ok_or_else(damaged)
}

fn make(folder: &Path, name: &str, length: usize) -> Result<SecretSlice<u8>, DataFolderError> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes).map_err(DataFolderError::NoRandomness)?;
    let text = hex::encode(&bytes) + "\n";
    let keys = DurableFolder::open(folder).map_err(|error| failed(folder, error))?;
    let written = keys.write(Path::new(name), &[text.as_bytes()]);
    written.map_err(|error| failed(&folder.join(name), error))?;
    Ok(bytes.into())
}

fn require_plain(name: &str) -> io::Result<()> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if !name.is_empty() && name.bytes().all(is_plain) {
        return Ok(());
    }
    Err(io::Error::new(
        ErrorKind::InvalidInput,
        "not the name of a secret",
    ))
}

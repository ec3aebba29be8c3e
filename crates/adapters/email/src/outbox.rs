//! Mails in a folder go with whom they are for.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use kernel::{Fault, PortError, PortResult};
use privacy::{Amount, Leftovers, Whose};

const REMOVE: &str = "remove mails from the folder";

/// The folder mails are written to where no server is set.
#[derive(Debug, Clone)]
pub struct Outbox(PathBuf);

impl Outbox {
    /// The folder of [`crate::Delivery::Folder`].
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }
}

#[async_trait]
impl Leftovers for Outbox {
    fn name(&self) -> &'static str {
        "mails"
    }

    async fn sweep(&self, whose: &Whose) -> PortResult<Amount> {
        let Some(address) = whose.email.clone() else {
            return Ok(Amount::default());
        };
        let folder = self.0.clone();
        let swept = tokio::task::spawn_blocking(move || sweep(&folder, &address)).await;
        let swept = swept.map_err(|stopped| PortError::new(Fault::Unavailable, REMOVE, stopped))?;
        swept.map_err(|error| PortError::new(Fault::Unavailable, REMOVE, error))
    }
}

fn sweep(folder: &Path, address: &str) -> std::io::Result<Amount> {
    let mut removed = Amount::default();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_type()?.is_file() {
            continue;
        }
        let mail = std::fs::read(entry.path())?;
        if names(&mail, address) {
            std::fs::remove_file(entry.path())?;
            removed.add(mail.len() as u64);
        }
    }
    Ok(removed)
}

/// Addresses stand in headers as they are, in capitals or not. `ada@b.org` is not named where
/// `lada@b.org` or `ada@b.org.uk` is.
fn names(mail: &[u8], address: &str) -> bool {
    let address = address.as_bytes();
    let ends = |byte: Option<&u8>| byte.is_none_or(|byte| b" \t\r\n<>,;:\"".contains(byte));
    let here = |at: usize| ends(at.checked_sub(1).and_then(|before| mail.get(before)));
    mail.windows(address.len())
        .enumerate()
        .filter(|(at, _)| here(*at) && ends(mail.get(at + address.len())))
        .any(|(_, window)| window.eq_ignore_ascii_case(address))
}

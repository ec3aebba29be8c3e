//! Handing out.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use kernel::{PortError, UserId};
use objects::{KeyPrefix, ObjectKey};
use topics::TopicsError;

use crate::archive::{Archive, ArchiveError, Compression};
use crate::manifest::{Counted, MANIFEST_VERSION, Manifest};
use crate::ports::{Amount, Kind};
use crate::privacy::Privacy;

/// Lines are handed on in portions of about this size.
const PORTION_BYTES: usize = 64 * 1024;

/// Why an export was broken off. The archive is not complete then, and does not look so.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The archive takes no more.
    #[error("the export could not be written")]
    Archive(#[from] ArchiveError),
    /// Derived numbers could not be brought up to date.
    #[error("study time could not be brought up to date")]
    Topics(#[from] TopicsError),
    /// A line could not be written as JSON.
    #[error("a line could not be written as JSON")]
    Json(#[from] serde_json::Error),
    /// A port failed.
    #[error("what is kept could not be read")]
    Port(#[from] PortError),
}

impl Privacy {
    /// Writes everything of this user into the archive: `{kind}.jsonl` for each kind, `images/…`
    /// for each object, and `manifest.json` at the end.
    pub async fn export(
        &self,
        user: UserId,
        mut archive: Box<dyn Archive>,
    ) -> Result<Manifest, ExportError> {
        let exported_at = self.now();
        self.ports.topics.catch_up(user).await?;
        let mut kinds = BTreeMap::new();
        for kind in self.ports.rows.kinds() {
            let counted = self.write_kind(user, kind, archive.as_mut()).await?;
            kinds.insert(kind.name.to_owned(), counted);
        }
        let (images, missing_images) = self.write_images(user, archive.as_mut()).await?;
        let manifest = Manifest {
            version: MANIFEST_VERSION,
            user_id: user,
            exported_at,
            kinds,
            images,
            missing_images,
            withheld: self.ports.rows.withheld(),
        };
        archive.file("manifest.json", Compression::Packed).await?;
        let json = serde_json::to_vec_pretty(&manifest)?;
        archive.write(json.into()).await?;
        archive.finish().await?;
        Ok(manifest)
    }

    async fn write_kind(
        &self,
        user: UserId,
        kind: Kind,
        archive: &mut dyn Archive,
    ) -> Result<Counted, ExportError> {
        let file = format!("{}.jsonl", kind.name);
        archive.file(&file, Compression::Packed).await?;
        let (mut rows, mut lines, mut count) = (self.ports.rows.rows(user, kind), Vec::new(), 0);
        while let Some(row) = rows.try_next().await? {
            serde_json::to_writer(&mut lines, &row)?;
            lines.push(b'\n');
            count += 1;
            if lines.len() >= PORTION_BYTES {
                archive.write(std::mem::take(&mut lines).into()).await?;
            }
        }
        archive.write(lines.into()).await?;
        Ok(Counted { file, count })
    }

    /// First the images that rows name, of which some may be missing, then those that no row does.
    async fn write_images(
        &self,
        user: UserId,
        archive: &mut dyn Archive,
    ) -> Result<(Amount, Vec<String>), ExportError> {
        let (mut images, mut missing) = (Amount::default(), Vec::new());
        let mut named = self.ports.rows.object_keys(user);
        while let Some(key) = named.try_next().await? {
            let is_theirs = key.owner().is_none_or(|owner| owner == user);
            if !(is_theirs && self.write_image(&key, archive, &mut images).await?) {
                missing.push(key.to_string());
            }
        }
        self.write_unnamed(user, archive, &mut images).await?;
        Ok((images, missing))
    }

    async fn write_unnamed(
        &self,
        user: UserId,
        archive: &mut dyn Archive,
        images: &mut Amount,
    ) -> Result<(), ExportError> {
        let (prefix, mut after) = (KeyPrefix::uploads_of(user), None);
        loop {
            let page = self.ports.objects.list(&prefix, after.as_ref()).await?;
            let keys: Vec<ObjectKey> = page.into_iter().map(|listed| listed.key).collect();
            let Some(last) = keys.last() else {
                return Ok(());
            };
            let named = self.ports.rows.named(user, &keys).await?;
            for key in keys.iter().filter(|key| !named.contains(key)) {
                self.write_image(key, archive, images).await?;
            }
            after = Some(last.clone());
        }
    }

    /// Whether there was such an image.
    async fn write_image(
        &self,
        key: &ObjectKey,
        archive: &mut dyn Archive,
        images: &mut Amount,
    ) -> Result<bool, ExportError> {
        let Some(body) = self.ports.objects.get(key).await? else {
            return Ok(false);
        };
        let name = format!("images/{key}");
        archive.file(&name, Compression::Plain).await?;
        images.add(body.len() as u64);
        archive.write(body).await?;
        Ok(true)
    }
}

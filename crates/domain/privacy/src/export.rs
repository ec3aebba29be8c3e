//! Handing out.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use kernel::{Fault, PortError, UserId};
use objects::{KeyPrefix, ObjectKey};
use topics::TopicsError;

use crate::archive::{Archive, ArchiveError, Compression};
use crate::manifest::{Counted, MANIFEST_VERSION, Manifest};
use crate::ports::{Amount, Kind};
use crate::privacy::Privacy;

/// Lines are handed on in portions of about this size.
const PORTION_BYTES: usize = 64 * 1024;
const PORTION_OF_SOUND: usize = 1024 * 1024;

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
    /// Writes everything of this user into the archive: `{kind}.jsonl` for each kind, `images/…`,
    /// `segments/…` and `voice/…` for each object, and `manifest.json` at the end.
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
        let objects = self.write_objects(user, archive.as_mut()).await?;
        let manifest = Manifest {
            version: MANIFEST_VERSION,
            user_id: user,
            exported_at,
            kinds,
            images: objects.images,
            segments: objects.segments,
            recordings: objects.recordings,
            missing_images: objects.missing_images,
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

    /// First what rows name, of which some may be missing, then images that no row names.
    async fn write_objects(
        &self,
        user: UserId,
        archive: &mut dyn Archive,
    ) -> Result<Objects, ExportError> {
        let mut objects = Objects::default();
        let mut named = self.ports.rows.object_keys(user);
        while let Some(key) = named.try_next().await? {
            let is_theirs = key.owner().is_none_or(|owner| owner == user);
            if key.conversation().is_some() {
                self.write_recording(&key, archive, &mut objects.recordings)
                    .await?;
            } else if !(is_theirs && self.write_object(&key, archive, &mut objects).await?) {
                objects.missing_images.push(key.to_string());
            }
        }
        for prefix in KeyPrefix::of(user) {
            self.write_unnamed((user, prefix), archive, &mut objects)
                .await?;
        }
        Ok(objects)
    }

    async fn write_unnamed(
        &self,
        (user, prefix): (UserId, KeyPrefix),
        archive: &mut dyn Archive,
        objects: &mut Objects,
    ) -> Result<(), ExportError> {
        let mut after = None;
        loop {
            let page = self.ports.objects.list(&prefix, after.as_ref()).await?;
            let keys: Vec<ObjectKey> = page.into_iter().map(|listed| listed.key).collect();
            let Some(last) = keys.last() else {
                return Ok(());
            };
            let named = self.ports.rows.named(user, &keys).await?;
            for key in keys.iter().filter(|key| !named.contains(key)) {
                self.write_object(key, archive, objects).await?;
            }
            after = Some(last.clone());
        }
    }

    /// Whether there was such an image, or such sound of a segment.
    async fn write_object(
        &self,
        key: &ObjectKey,
        archive: &mut dyn Archive,
        objects: &mut Objects,
    ) -> Result<bool, ExportError> {
        let Some(body) = self.ports.objects.get(key).await? else {
            return Ok(false);
        };
        let (name, amount) = if key.is_segment() {
            (key.to_string(), &mut objects.segments)
        } else {
            (format!("images/{key}"), &mut objects.images)
        };
        archive.file(&name, Compression::Plain).await?;
        amount.add(body.len() as u64);
        archive.write(body).await?;
        Ok(true)
    }

    /// In portions: hours of sound are more than memory should hold.
    async fn write_recording(
        &self,
        key: &ObjectKey,
        archive: &mut dyn Archive,
        recordings: &mut Amount,
    ) -> Result<(), ExportError> {
        let Some(meta) = self.ports.objects.head(key).await? else {
            return Ok(());
        };
        archive.file(key.as_str(), Compression::Packed).await?;
        let mut at = 0;
        loop {
            let part = self.ports.objects.get_part(key, at, PORTION_OF_SOUND);
            let part = part.await?.unwrap_or_default();
            at += part.len() as u64;
            if part.is_empty() {
                break;
            }
            archive.write(part).await?;
        }
        if at < meta.size {
            let cut = PortError::bare(Fault::Unavailable, "read a recording: it ends too soon");
            return Err(cut.into());
        }
        recordings.add(at);
        Ok(())
    }
}

/// What was written of the object store.
#[derive(Default)]
struct Objects {
    images: Amount,
    segments: Amount,
    recordings: Amount,
    missing_images: Vec<String>,
}

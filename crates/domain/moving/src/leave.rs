//! Out of a place.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{Fault, PortError, PortResult};
use objects::{KeyPrefix, Listed};
use privacy::{Amount, Archive, ArchiveError, Compression};

use crate::inventory::{INVENTORY, INVENTORY_VERSION, Inventory, OBJECTS, Object};
use crate::inventory::{object_file, table_file};
use crate::{Moving, Table, Taker};

/// Objects are read in portions of this size.
const PORTION: usize = 1024 * 1024;

/// Why nobody moved out. The archive is not complete then, and does not look so.
#[derive(Debug, thiserror::Error)]
pub enum LeaveError {
    /// The archive takes no more.
    #[error("the archive could not be written")]
    Archive(#[from] ArchiveError),
    /// A line could not be written as JSON.
    #[error("a line could not be written as JSON")]
    Json(#[from] serde_json::Error),
    /// A port failed.
    #[error("what is kept could not be read")]
    Port(#[from] PortError),
}

impl Moving {
    /// Writes everything into the archive: `tables/…`, `objects/…`, a list of the objects, and the
    /// inventory at the end.
    pub async fn leave(&self, mut archive: Box<dyn Archive>) -> Result<Inventory, LeaveError> {
        let made_at = self.clock.now();
        let schema = self.tables.schema().await?;
        let mut packer = Packer {
            archive: archive.as_mut(),
            tables: BTreeMap::new(),
            current: String::new(),
        };
        self.tables.give(&mut packer).await?;
        let tables = packer.tables;
        let objects = self.pack_objects(archive.as_mut()).await?;
        let inventory = Inventory {
            version: INVENTORY_VERSION,
            made_at,
            schema,
            tables,
            objects,
        };
        archive.file(INVENTORY, Compression::Packed).await?;
        let json = serde_json::to_vec_pretty(&inventory)?;
        archive.write(json.into()).await?;
        archive.finish().await?;
        Ok(inventory)
    }

    async fn pack_objects(&self, archive: &mut dyn Archive) -> Result<Amount, LeaveError> {
        let mut list = ObjectList::default();
        for root in KeyPrefix::roots() {
            let mut page = self.objects.list(&root, None).await?;
            while let Some(after) = page.last().map(|last| last.key.clone()) {
                for listed in page {
                    let object = self.pack_object(&listed, archive).await?;
                    list.note(object.as_ref())?;
                }
                page = self.objects.list(&root, Some(&after)).await?;
            }
        }
        archive.file(OBJECTS, Compression::Packed).await?;
        archive.write(list.lines.into()).await?;
        Ok(list.amount)
    }

    /// `None` for one that was removed since it was listed.
    async fn pack_object(
        &self,
        listed: &Listed,
        archive: &mut dyn Archive,
    ) -> Result<Option<Object>, LeaveError> {
        let Some(meta) = self.objects.head(&listed.key).await? else {
            return Ok(None);
        };
        let file = object_file(listed.key.as_str());
        archive.file(&file, Compression::Plain).await?;
        let mut at = 0;
        while at < meta.size {
            let part = self.objects.get_part(&listed.key, at, PORTION).await?;
            let part = part.filter(|part| !part.is_empty());
            let part = part.ok_or(PortError::bare(Fault::Conflict, "read a changing object"))?;
            at += part.len() as u64;
            archive.write(part).await?;
        }
        Ok(Some(Object {
            key: listed.key.to_string(),
            content_type: meta.content_type,
            size: at,
        }))
    }
}

/// The packed objects: one short line for each. Their bytes are not held.
#[derive(Default)]
struct ObjectList {
    amount: Amount,
    lines: Vec<u8>,
}

impl ObjectList {
    /// Nothing for one that was removed since it was listed.
    fn note(&mut self, object: Option<&Object>) -> Result<(), LeaveError> {
        if let Some(object) = object {
            self.amount.add(object.size);
            serde_json::to_writer(&mut self.lines, object)?;
            self.lines.push(b'\n');
        }
        Ok(())
    }
}

/// Puts rows into the archive. The first line of a table's file names its columns.
struct Packer<'a> {
    archive: &'a mut dyn Archive,
    tables: BTreeMap<String, u64>,
    current: String,
}

#[async_trait]
impl Taker for Packer<'_> {
    async fn table(&mut self, table: &Table) -> PortResult<()> {
        table.name.clone_into(&mut self.current);
        self.tables.insert(table.name.clone(), 0);
        let file = table_file(&table.name);
        let begun = self.archive.file(&file, Compression::Packed);
        begun.await.map_err(no_room)?;
        let head = serde_json::to_string(table)
            .map_err(|e| PortError::new(Fault::Refused, "write a table's columns", e))?;
        let head = Bytes::from(format!("{head}\n"));
        self.archive.write(head).await.map_err(no_room)
    }

    async fn rows(&mut self, lines: Bytes, count: u64) -> PortResult<()> {
        *self.tables.entry(self.current.clone()).or_default() += count;
        self.archive.write(lines).await.map_err(no_room)
    }
}

fn no_room(error: ArchiveError) -> PortError {
    PortError::new(Fault::Full, "write the archive", error)
}

//! Into a place.

use std::collections::BTreeMap;

use async_trait::async_trait;
use kernel::{Fault, PortError, PortResult};
use objects::ObjectKey;
use serde::de::DeserializeOwned;

use crate::inventory::{INVENTORY, INVENTORY_VERSION, Inventory, OBJECTS, Object};
use crate::inventory::{object_file, table_file};
use crate::lines::Lines;
use crate::{Giver, Moving, Table, Unpacking};

/// Why nobody moved in.
#[derive(Debug, thiserror::Error)]
pub enum ArriveError {
    /// The file is no archive of a move, or one of another version.
    #[error("the file is not a whole archive of `smartsight export --all` that this version reads")]
    NotAnArchive,
    /// The rows are of another schema.
    #[error("the archive is of another schema: export and import it with the same version")]
    OtherSchema,
    /// There is something already.
    #[error("the database is not empty: there are rows in {0}; an import needs an empty database")]
    Occupied(String),
    /// A port failed.
    #[error("the archive could not be brought in")]
    Port(#[from] PortError),
}

impl Moving {
    /// Brings in everything of the archive. Objects that are there already, with the same size, stay:
    /// an import that was broken off goes on. Rows come last, all or none.
    pub async fn arrive(&self, from: &mut dyn Unpacking) -> Result<Inventory, ArriveError> {
        let inventory = inventory(from).await?;
        if inventory.schema != self.tables.schema().await? {
            return Err(ArriveError::OtherSchema);
        }
        if let Some(table) = self.tables.occupied().await? {
            return Err(ArriveError::Occupied(table));
        }
        self.bring_objects(from, inventory.objects.count).await?;
        let mut unpacker = Unpacker {
            from,
            expected: &inventory.tables,
            lines: Lines::default(),
            left: 0,
        };
        self.tables.take(&mut unpacker).await?;
        Ok(inventory)
    }

    async fn bring_objects(&self, from: &mut dyn Unpacking, expected: u64) -> PortResult<()> {
        let corrupt = PortError::bare(Fault::Corrupt, "read the list of objects");
        if !from.open(OBJECTS).await? {
            return Err(corrupt);
        }
        let (mut lines, mut brought) = (Lines::default(), 0);
        while let Some(line) = lines.next(from).await? {
            self.bring_object(&parsed(&line)?, from).await?;
            brought += 1;
        }
        if brought == expected {
            Ok(())
        } else {
            Err(corrupt)
        }
    }

    async fn bring_object(&self, object: &Object, from: &dyn Unpacking) -> PortResult<()> {
        let key: ObjectKey = object
            .key
            .parse()
            .map_err(|e| PortError::new(Fault::Corrupt, "read an object's key", e))?;
        let there = self.objects.head(&key).await?;
        if there.is_some_and(|there| there.size == object.size) {
            return Ok(());
        }
        let source = from.source(&object_file(&object.key)).await?;
        let source = source.filter(|source| source.size() == object.size);
        let source = source.ok_or(PortError::bare(Fault::Corrupt, "find a listed object"))?;
        self.objects
            .put_from(&key, &object.content_type, source)
            .await
    }
}

async fn inventory(from: &mut dyn Unpacking) -> Result<Inventory, ArriveError> {
    if !from.open(INVENTORY).await? {
        return Err(ArriveError::NotAnArchive);
    }
    let mut json = Vec::new();
    while let Some(bytes) = from.read().await? {
        json.extend_from_slice(&bytes);
    }
    let inventory: Inventory =
        serde_json::from_slice(&json).map_err(|_| ArriveError::NotAnArchive)?;
    if inventory.version != INVENTORY_VERSION {
        return Err(ArriveError::NotAnArchive);
    }
    Ok(inventory)
}

/// Takes rows out of the archive and counts them.
struct Unpacker<'a> {
    from: &'a mut dyn Unpacking,
    expected: &'a BTreeMap<String, u64>,
    lines: Lines,
    /// Rows of the table that are still to come.
    left: u64,
}

#[async_trait]
impl Giver for Unpacker<'_> {
    async fn table(&mut self, name: &str) -> PortResult<Table> {
        let missing = || PortError::bare(Fault::Corrupt, "find a table in the archive");
        self.left = *self.expected.get(name).ok_or_else(missing)?;
        self.lines = Lines::default();
        if !self.from.open(&table_file(name)).await? {
            return Err(missing());
        }
        let head = self.lines.next(self.from).await?;
        parsed(&head.ok_or_else(missing)?)
    }

    async fn row(&mut self) -> PortResult<Option<String>> {
        let line = self.lines.next(self.from).await?;
        let left = match &line {
            Some(_) => self.left.checked_sub(1),
            None => Some(0).filter(|_| self.left == 0),
        };
        self.left = left.ok_or(PortError::bare(Fault::Corrupt, "count a table's rows"))?;
        Ok(line)
    }
}

fn parsed<T: DeserializeOwned>(line: &str) -> PortResult<T> {
    serde_json::from_str(line).map_err(|e| PortError::new(Fault::Corrupt, "read a line", e))
}

//! What is to be written.

use kernel::{Fault, PortError, PortResult};
use sea_orm::sea_query::Value;
use sea_orm::{ActiveModelTrait, EntityName, EntityTrait, IdenStatic, Iterable};

/// Rows of one table.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) table: String,
    pub(crate) columns: Vec<String>,
    /// Each as long as there are columns.
    pub(crate) values: Vec<Vec<Value>>,
}

impl Rows {
    /// Models as rows; every column of each must be set.
    ///
    /// # Errors
    /// `Refused` when one is not.
    pub(crate) fn of<A: ActiveModelTrait>(models: &[A]) -> PortResult<Self> {
        let columns: Vec<_> = <A::Entity as EntityTrait>::Column::iter().collect();
        let values = |model: &A| {
            let value = |column| model.get(column).into_value();
            let values: Option<Vec<Value>> = columns.iter().map(|column| value(*column)).collect();
            let unset = PortError::bare(Fault::Refused, "write a row with a column left out");
            values.ok_or(unset)
        };
        let values: PortResult<_> = models.iter().map(values).collect();
        Ok(Self {
            table: A::Entity::default().table_name().to_owned(),
            columns: columns.iter().map(|c| c.as_str().to_owned()).collect(),
            values: values?,
        })
    }
}

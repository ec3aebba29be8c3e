//! Charges added up by day, user and model.

use kernel::{Date, Fault, PortError, PortResult};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, FromQueryResult, IdenStatic, QueryOrder, QuerySelect, Select};
use spending::{DaySpending, ModelSpending, Work};

use crate::tables::charges::{Column, Entity};
use crate::tokens::{counted, of_row, usage};

/// The charges of one user for one model on one day.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Sums {
    date: Date,
    user_id: Uuid,
    work: String,
    provider: String,
    model: String,
    calls: i64,
    priced: i64,
    cost_micros: Option<i64>,
    input_text: i64,
    input_audio: i64,
    input_image: i64,
    cached_text: i64,
    cached_audio: i64,
    cached_image: i64,
    output_text: i64,
    output_audio: i64,
    output_image: i64,
}

const KEYS: [Column; 5] = [
    Column::Date,
    Column::UserId,
    Column::Work,
    Column::Provider,
    Column::Model,
];

const ADDED: [Column; 10] = [
    Column::CostMicros,
    Column::InputText,
    Column::InputAudio,
    Column::InputImage,
    Column::CachedText,
    Column::CachedAudio,
    Column::CachedImage,
    Column::OutputText,
    Column::OutputAudio,
    Column::OutputImage,
];

/// The newest day first, then by user, the last one first, and by model. Postgres adds whole numbers
/// up to a decimal one.
pub(crate) fn summed(rows: Select<Entity>) -> Select<Entity> {
    let rows = rows
        .select_only()
        .expr_as(Column::Id.count(), "calls")
        .expr_as(Column::CostMicros.count(), "priced");
    let rows = KEYS
        .into_iter()
        .fold(rows, |rows, key| rows.column(key).group_by(key));
    let add = |rows: Select<Entity>, column: Column| {
        let sum = Expr::col(column).sum().cast_as("bigint");
        rows.expr_as(sum, column.as_str())
    };
    let rows = ADDED.into_iter().fold(rows, add);
    let [date, user, names @ ..] = KEYS;
    let rows = rows.order_by_desc(date).order_by_desc(user);
    names.into_iter().fold(rows, QueryOrder::order_by_asc)
}

/// Sums of models as days.
pub(crate) fn days(sums: &[Sums]) -> PortResult<Vec<DaySpending>> {
    let of_a_day = |a: &Sums, b: &Sums| (a.date, a.user_id) == (b.date, b.user_id);
    let days = sums.chunk_by(of_a_day).map(|sums| {
        let models: PortResult<Vec<_>> = sums.iter().map(model).collect();
        Ok(DaySpending {
            date: sums[0].date,
            user: sums[0].user_id.into(),
            models: models?,
        })
    });
    days.collect()
}

fn model(sums: &Sums) -> PortResult<ModelSpending> {
    let work = Work::parse(&sums.work);
    let work = work.ok_or(PortError::bare(Fault::Corrupt, "read a stored charge"))?;
    Ok(ModelSpending {
        work,
        provider: sums.provider.clone(),
        model: sums.model.clone(),
        calls: counted(sums.calls)?,
        unpriced: counted(sums.calls - sums.priced)?,
        usage: usage(of_row!(sums))?,
        cost_micros: counted(sums.cost_micros.unwrap_or_default())?,
    })
}

//! Lists in pages: newest first, continued after the last row's time and id.

use kernel::PageRequest;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

/// The rows of one page and one more, which tells whether there is a next page.
pub(crate) fn overfull<E, C>(rows: Select<E>, at: C, id: C, page: PageRequest) -> Select<E>
where
    E: EntityTrait,
    C: ColumnTrait + Copy,
{
    let rows = match page.after() {
        None => rows,
        Some(cursor) => {
            let place = Expr::tuple([Expr::col(at), Expr::col(id)]);
            let last = [
                Expr::value(cursor.at.timestamp_millis()),
                Expr::value(cursor.id),
            ];
            rows.filter(place.lt(Expr::tuple(last)))
        }
    };
    rows.order_by_desc(at)
        .order_by_desc(id)
        .limit(u64::from(page.limit()) + 1)
}

//! What a failure of the database means for the caller.

use std::error::Error;
use std::time::Duration;

use kernel::{Fault, PortError, PortResult};
use sea_orm::{DbErr, RuntimeErr, SqlxError};

/// Longer than any time-out on the server's side: only a server that has gone silent takes more.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
const ATTEMPTS: usize = 3;

/// Runs one piece of database work; failing to answer in time counts as unavailable.
pub(crate) async fn within<T>(
    context: &'static str,
    work: impl Future<Output = Result<T, DbErr>>,
) -> PortResult<T> {
    match tokio::time::timeout(ANSWER_WITHIN, work).await {
        Ok(result) => result.map_err(failed(context)),
        Err(elapsed) => Err(PortError::new(Fault::Unavailable, context, elapsed)),
    }
}

/// What a failure while doing `context` means.
pub(crate) fn failed(context: &'static str) -> impl FnOnce(DbErr) -> PortError {
    move |cause| PortError::new(fault(&cause), context, cause)
}

/// Repeats a whole transaction that lost against another one (serialization failure, deadlock).
/// Nothing else is worth repeating at once.
pub(crate) async fn retrying<T, F>(mut attempt: impl FnMut() -> F) -> PortResult<T>
where
    F: Future<Output = PortResult<T>>,
{
    for _ in 1..ATTEMPTS {
        match attempt().await {
            Err(error) if lost_against_another(&error) => {}
            done => return done,
        }
    }
    attempt().await
}

fn lost_against_another(error: &PortError) -> bool {
    error
        .source()
        .and_then(|cause| cause.downcast_ref::<DbErr>())
        .and_then(code)
        .is_some_and(|code| matches!(code.as_str(), "40001" | "40P01"))
}

fn fault(error: &DbErr) -> Fault {
    match error {
        DbErr::ConnectionAcquire(_) => Fault::Unavailable,
        DbErr::Conn(cause) | DbErr::Exec(cause) | DbErr::Query(cause) => runtime_fault(cause),
        DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. } => Fault::Corrupt,
        DbErr::RecordNotFound(_) => Fault::Dangling,
        DbErr::RecordNotInserted | DbErr::RecordNotUpdated => Fault::Conflict,
        _ => Fault::Refused,
    }
}

fn runtime_fault(error: &RuntimeErr) -> Fault {
    let RuntimeErr::SqlxError(error) = error else {
        return Fault::Unavailable;
    };
    match error.as_ref() {
        SqlxError::Database(database) => {
            let code = database.code().unwrap_or_default();
            if database
                .try_downcast_ref::<sea_orm::SqlxSqliteError>()
                .is_some()
            {
                sqlite_fault(&code)
            } else {
                postgres_fault(&code)
            }
        }
        SqlxError::ColumnDecode { .. }
        | SqlxError::Decode(_)
        | SqlxError::ColumnNotFound(_)
        | SqlxError::ColumnIndexOutOfBounds { .. }
        | SqlxError::TypeNotFound { .. } => Fault::Corrupt,
        SqlxError::Configuration(_) | SqlxError::Encode(_) | SqlxError::InvalidArgument(_) => {
            Fault::Refused
        }
        _ => Fault::Unavailable,
    }
}

/// SQLSTATE, appendix A of the Postgres manual.
fn postgres_fault(code: &str) -> Fault {
    match code {
        "23505" | "23P01" => Fault::Conflict,
        "23503" => Fault::Dangling,
        "53100" => Fault::Full,
        // Lock not available, read-only while failing over, cut off by a time-out.
        "55P03" | "25006" | "25P03"
        // No such database, a right not granted, a table not there yet: an operator mends these
        // while the server runs.
        | "3D000" | "42501" | "42P01" => Fault::Unavailable,
        "XX001" | "XX002" => Fault::Corrupt,
        // Connection, credentials, resources, operator intervention, system error, rollback.
        _ if ["08", "28", "53", "57", "58", "40"].contains(&code.get(..2).unwrap_or_default()) => {
            Fault::Unavailable
        }
        _ => Fault::Refused,
    }
}

/// Extended result codes of SQLite: the low byte is the kind.
fn sqlite_fault(code: &str) -> Fault {
    const FOREIGN_KEY: u32 = 787;
    let code: u32 = code.parse().unwrap_or_default();
    match code & 0xff {
        _ if code == FOREIGN_KEY => Fault::Dangling,
        19 => Fault::Conflict,
        13 => Fault::Full,
        // Busy, locked, out of memory, read-only, interrupted, I/O error, cannot open, protocol.
        5 | 6 | 7 | 8 | 9 | 10 | 14 | 15 => Fault::Unavailable,
        // Corrupt, not a database.
        11 | 26 => Fault::Corrupt,
        _ => Fault::Refused,
    }
}

fn code(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) =
        error
    else {
        return None;
    };
    let database = error.as_database_error()?;
    database.code().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use sea_orm::{ConnectionTrait, Database as Orm, DatabaseConnection};
    use testkit::postgres;

    use super::*;

    /// What a statement that raises this SQLSTATE fails with.
    async fn raised(db: &DatabaseConnection, code: &str) -> PortError {
        let raise = format!("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$");
        let failed = within("raise", db.execute_unprepared(&raise)).await;
        failed.unwrap_err()
    }

    #[tokio::test]
    async fn what_postgres_reports_tells_what_a_caller_can_do() {
        let database = postgres::empty();
        let db = Orm::connect(database.url()).await.unwrap();
        for (code, fault) in [
            ("23505", Fault::Conflict),
            ("23503", Fault::Dangling),
            ("53100", Fault::Full),
            ("53300", Fault::Unavailable),
            ("57014", Fault::Unavailable),
            ("57P01", Fault::Unavailable),
            ("55P03", Fault::Unavailable),
            ("40001", Fault::Unavailable),
            ("25006", Fault::Unavailable),
            ("08006", Fault::Unavailable),
            ("28000", Fault::Unavailable),
            ("28P01", Fault::Unavailable),
            ("3D000", Fault::Unavailable),
            ("42501", Fault::Unavailable),
            ("42P01", Fault::Unavailable),
            ("42601", Fault::Refused),
            ("22021", Fault::Refused),
            ("XX001", Fault::Corrupt),
        ] {
            assert_eq!(raised(&db, code).await.fault(), fault, "{code}");
        }
    }

    #[tokio::test]
    async fn only_what_lost_against_another_is_tried_again_and_not_for_ever() {
        let database = postgres::empty();
        let db = Orm::connect(database.url()).await.unwrap();
        for (code, attempts) in [("40001", 3), ("40P01", 3), ("23505", 1), ("57014", 1)] {
            let tried = Cell::new(0);
            let failed = retrying(|| async {
                tried.set(tried.get() + 1);
                Err::<(), _>(raised(&db, code).await)
            });
            failed.await.unwrap_err();
            assert_eq!(tried.get(), attempts, "{code}");
        }
    }

    #[test]
    fn what_sqlite_reports_tells_what_a_caller_can_do() {
        for (code, fault) in [
            ("2067", Fault::Conflict),
            ("1555", Fault::Conflict),
            ("787", Fault::Dangling),
            ("13", Fault::Full),
            ("5", Fault::Unavailable),
            ("517", Fault::Unavailable),
            ("6", Fault::Unavailable),
            ("778", Fault::Unavailable),
            ("14", Fault::Unavailable),
            ("11", Fault::Corrupt),
            ("26", Fault::Corrupt),
            ("8", Fault::Unavailable),
            ("1032", Fault::Unavailable),
            ("1", Fault::Refused),
        ] {
            assert_eq!(sqlite_fault(code), fault, "{code}");
        }
    }
}

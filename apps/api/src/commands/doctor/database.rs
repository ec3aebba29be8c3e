//! The database: version, schema, rights.

use database::{Examined, sqlite_file};
use kernel::{Fault, PortError};

use super::finding::Finding;
use super::told;
use crate::settings::Settings;
use crate::wiring::parts;

pub(super) const NAME: &str = "database";
/// Beyond that lists of names help nobody.
const NAMED: usize = 3;

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    if sqlite_file(&settings.database_url).is_some_and(|file| !file.exists()) {
        return vec![Finding::ok(NAME, "SQLite, made at the first start")];
    }
    let finding = match examined(settings).await {
        Ok(found) => judge(&found),
        Err(error) => failed(error),
    };
    vec![finding]
}

async fn examined(settings: &Settings) -> Result<Examined, PortError> {
    let database = parts::database(settings).await?;
    let examined = database.examine().await;
    database.close().await?;
    examined
}

fn judge(found: &Examined) -> Finding {
    let Examined {
        version,
        pending,
        unknown,
        closed_tables,
    } = found;
    if !closed_tables.is_empty() {
        let message = format!("{version}: no right to {}", named(closed_tables));
        let fix = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO the \
                   user of DATABASE_URL";
        return Finding::failure(NAME, message, fix);
    }
    if !unknown.is_empty() {
        let message = format!("{version}: newer than this binary ({})", named(unknown));
        let fix = "install the release that has migrated it; this one works on it meanwhile";
        return Finding::warning(NAME, message, fix);
    }
    if !pending.is_empty() {
        let message = format!("{version}: {} migrations are pending", pending.len());
        let fix = "smartsight migrate; serve and worker do it at their start";
        return Finding::warning(NAME, message, fix);
    }
    Finding::ok(NAME, format!("{version}, schema up to date"))
}

fn failed(error: PortError) -> Finding {
    let fix = match error.fault() {
        Fault::Refused => {
            "let the user of DATABASE_URL write, and make tables while migrations are pending"
        }
        _ => "check DATABASE_URL, its user and password, and that the server runs",
    };
    Finding::failure(NAME, told(error), fix)
}

fn named(names: &[String]) -> String {
    let first = names.iter().take(NAMED).map(String::as_str);
    let first = first.collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    fn found() -> Examined {
        Examined {
            version: "Postgres 17".to_owned(),
            pending: Vec::new(),
            unknown: Vec::new(),
            closed_tables: Vec::new(),
        }
    }

    #[test]
    fn what_is_pending_or_newer_is_a_warning_and_a_missing_right_a_failure() {
        use State::{Failure, Ok, Warning};
        let names = vec!["m1".to_owned()];
        let pending = Examined {
            pending: names.clone(),
            ..found()
        };
        let newer = Examined {
            unknown: names.clone(),
            ..found()
        };
        let closed = Examined {
            closed_tables: names,
            ..found()
        };
        let states = [found(), pending, newer, closed].map(|found| judge(&found).state);
        assert_eq!(states, [Ok, Warning, Warning, Failure]);
    }
}

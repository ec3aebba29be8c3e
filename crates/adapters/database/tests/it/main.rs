//! The stored ports keep their promises, on SQLite and on Postgres alike.

// `cfg(test)` tells the lints that helpers here may unwrap.
#[cfg(test)]
mod answers;
#[cfg(test)]
mod auth_contracts;
#[cfg(test)]
mod auth_given;
#[cfg(test)]
mod auth_race;
#[cfg(test)]
mod auth_whole;
#[cfg(test)]
mod backend;
#[cfg(test)]
mod bookmarks;
#[cfg(test)]
mod census;
#[cfg(test)]
mod charges;
#[cfg(test)]
mod erasing;
#[cfg(test)]
mod erasing_given;
#[cfg(test)]
mod events;
#[cfg(test)]
mod examine;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod follow;
#[cfg(test)]
mod given;
#[cfg(test)]
mod handing_out;
#[cfg(test)]
mod idle;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod jobs_killed;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod past;
#[cfg(test)]
mod profiles;
#[cfg(test)]
mod projection;
#[cfg(test)]
mod race;
#[cfg(test)]
mod rebuild;
#[cfg(test)]
mod segments;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod stats;
#[cfg(test)]
mod voice;

/// Runs each contract on both kinds of database.
macro_rules! on_both {
    ($($contract:ident,)+) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $contract() {
                super::$contract($crate::backend::Backend::sqlite().await).await;
            })+
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $contract() {
                super::$contract($crate::backend::Backend::postgres().await).await;
            })+
        }
    };
}
pub(crate) use on_both;

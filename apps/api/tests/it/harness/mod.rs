//! Starts the binary and what it needs, and talks to it.

mod accounts;
mod balancer;
mod client;
mod houses;
mod model;
mod replicas;
mod server;
mod stores;
mod voice;

pub(crate) use accounts::{PASSWORD, SECRET, Tokens};
pub(crate) use client::{Answer, Client};
pub(crate) use houses::{Houses, says};
pub(crate) use model::Model;
pub(crate) use server::{Server, Setup};
pub(crate) use voice::{pause, question};

use std::time::{Duration, Instant};

/// The same test in secured mode on the embedded default, on Postgres and S3, and on these by two
/// replicas and a worker.
macro_rules! everywhere {
    ($($test:ident,)+) => {
        $(mod $test {
            #[tokio::test]
            async fn embedded() {
                super::$test($crate::harness::Setup::default().secured()).await;
            }

            #[tokio::test]
            async fn production() {
                let (setup, _stores) = $crate::harness::Setup::default().on_production_stores();
                super::$test(setup.secured()).await;
            }

            #[tokio::test]
            async fn replicas() {
                let (setup, _stores) = $crate::harness::Setup::default().on_replicas();
                super::$test(setup.secured()).await;
            }
        })+
    };
}
pub(crate) use everywhere;

/// A small photo of a study page.
pub(crate) fn page() -> Vec<u8> {
    testkit::data::bytes("pages/p01.jpg")
}

/// Asks until there is an answer, for a minute at most.
pub(crate) async fn eventually<T>(mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let until = Instant::now() + Duration::from_mins(1);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < until, "nothing came in a minute");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

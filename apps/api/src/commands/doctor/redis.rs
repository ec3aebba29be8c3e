//! Redis: reachable, and may it be written to?

use super::finding::Finding;
use super::{ANSWER_WITHIN, told};
use crate::settings::Settings;
use crate::wiring::parts;

pub(super) const NAME: &str = "redis";

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    let finding = match parts::redis(settings, ANSWER_WITHIN).await {
        Ok(None) => Finding::ok(NAME, "not set: each process counts by itself"),
        Ok(Some(redis)) => match redis.examine().await {
            Ok(version) => Finding::ok(NAME, format!("Redis {version}: set, get, expire")),
            Err(error) => {
                let fix = "let the user of REDIS_URL run SET, GET, TTL, DEL, EVAL and PUBLISH";
                Finding::failure(NAME, told(error), fix)
            }
        },
        Err(error) => {
            let fix = "check REDIS_URL and that Redis runs, or remove it for a single server";
            Finding::failure(NAME, told(error), fix)
        }
    };
    vec![finding]
}

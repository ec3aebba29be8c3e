//! Sign-in with Google: does the issuer answer?

use kernel::Clock;

use super::finding::Finding;
use super::told;
use crate::runtime::SystemClock;
use crate::settings::Settings;
use crate::wiring::parts;

pub(super) const NAME: &str = "google";

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    let finding = match parts::google(settings) {
        Ok(None) => Finding::ok(NAME, "not set: nobody signs in with Google"),
        Ok(Some(google)) => match google.check(SystemClock.now()).await {
            Ok(()) => Finding::ok(NAME, "the issuer answers"),
            Err(error) => {
                let fix = "check GOOGLE_ISSUER and the way out of this machine";
                Finding::failure(NAME, told(error), fix)
            }
        },
        Err(error) => Finding::failure(NAME, told(error), "correct GOOGLE_CLIENT_IDS"),
    };
    vec![finding]
}

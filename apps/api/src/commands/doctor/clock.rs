//! This machine's clock against those of the systems it works with.

use chrono::TimeDelta;
use futures_util::future::join_all;
use kernel::{Clock, Timestamp};
use probe::Probe;
use url::Url;

use super::ANSWER_WITHIN;
use super::finding::Finding;
use crate::runtime::SystemClock;
use crate::settings::{ObjectSettings, Provider, Settings};
use crate::wiring::parts;

pub(super) const NAME: &str = "clock";
/// What the headers of HTTP, in whole seconds, and slow answers can be wrong by.
const TOLERATED: TimeDelta = TimeDelta::seconds(5);
/// From here on tokens of others are not taken any more.
const TOO_MUCH: TimeDelta = TimeDelta::seconds(60);

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    let asked = addresses(settings).into_iter().map(|url| async move {
        let host = url.host_str().unwrap_or_default().to_owned();
        Some((host, over_http(&url).await?))
    });
    let (database, others) = tokio::join!(of_database(settings), join_all(asked));
    let database = database.map(|off| ("the database".to_owned(), off));
    let offs = database.into_iter().chain(others.into_iter().flatten());
    vec![judge(&offs.collect::<Vec<_>>())]
}

fn addresses(settings: &Settings) -> Vec<Url> {
    let hosted = |provider: &Provider| match provider {
        Provider::OpenAi(openai) => Some(openai.base_url.clone()),
        Provider::Anthropic(hosted) | Provider::Gemini(hosted) => Some(hosted.base_url.clone()),
        Provider::Local => None,
    };
    let mut urls: Vec<_> = settings
        .vision
        .providers
        .iter()
        .filter_map(hosted)
        .collect();
    if let ObjectSettings::S3(s3) = &settings.objects {
        urls.extend(s3.endpoint_url.clone());
    }
    let issuer = settings.accounts.google.as_ref();
    urls.extend(issuer.and_then(|google| Url::parse(&google.issuer).ok()));
    urls
}

/// How far we are ahead of it; `None` where it does not tell, which its own check does.
async fn over_http(url: &Url) -> Option<TimeDelta> {
    let probe = Probe::new(ANSWER_WITHIN).ok()?;
    let asked = SystemClock.now();
    let page = probe.get(url).await.ok()?;
    // Its second began half a second ago on the average.
    let theirs = page.date? + TimeDelta::milliseconds(500);
    Some(middle(asked) - theirs)
}

async fn of_database(settings: &Settings) -> Option<TimeDelta> {
    if database::sqlite_file(&settings.database_url).is_some() {
        return None;
    }
    let database = parts::database(settings).await.ok()?;
    let asked = SystemClock.now();
    let theirs = database.server_time().await.ok().flatten();
    let ours = middle(asked);
    let closed = database.close().await;
    theirs
        .filter(|_| closed.is_ok())
        .map(|theirs| ours - theirs)
}

/// The moment between then and now, when the other side is taken to have looked at its clock.
fn middle(asked: Timestamp) -> Timestamp {
    asked + (SystemClock.now() - asked) / 2
}

fn judge(offs: &[(String, TimeDelta)]) -> Finding {
    let Some((who, off)) = offs.iter().max_by_key(|(_, off)| off.abs()) else {
        return Finding::ok(NAME, "nobody to compare with");
    };
    let seconds = off.num_seconds().abs();
    let side = if *off < TimeDelta::zero() {
        "behind"
    } else {
        "ahead of"
    };
    let message = format!("{seconds} s {side} {who}");
    let fix = "keep clocks together: timedatectl set-ntp true, or chrony, here and there";
    if off.abs() <= TOLERATED {
        return Finding::ok(NAME, format!("with {} others", offs.len()));
    }
    if off.abs() < TOO_MUCH {
        return Finding::warning(NAME, message, fix);
    }
    Finding::failure(NAME, message, fix)
}

#[cfg(test)]
mod tests {
    use super::super::finding::State;
    use super::*;

    #[track_caller]
    fn check(seconds: &[i64], expected: State) {
        let off = |s: &i64| (format!("h{s}"), TimeDelta::seconds(*s));
        let offs: Vec<_> = seconds.iter().map(off).collect();
        assert_eq!(judge(&offs).state, expected, "{seconds:?}");
    }

    #[test]
    fn the_one_that_is_furthest_off_counts_on_either_side() {
        check(&[], State::Ok);
        check(&[0, 5, -5], State::Ok);
        check(&[0, -6], State::Warning);
        check(&[59, 0], State::Warning);
        check(&[0, 60], State::Failure);
        check(&[-3600], State::Failure);
        let told = judge(&[("h".to_owned(), TimeDelta::seconds(-90))]);
        assert!(told.to_string().contains("90 s behind h"), "{told}");
    }
}

//! The object store: write, read, delete, and open a link, for real.

use std::time::Duration;

use bytes::Bytes;
use kernel::{Clock, Fault, Ids, PortError, PortResult, UserId};
use objects::{Link, ObjectKey, ObjectStore};
use probe::Probe;

use super::finding::Finding;
use super::{ANSWER_WITHIN, told};
use crate::runtime::{SystemClock, SystemRandom};
use crate::settings::{ObjectSettings, S3Settings, Settings};
use crate::wiring::parts;

pub(super) const NAME: &str = "objects";
const LINK_LIVES: Duration = Duration::from_mins(1);
const CONTENT: &[u8] = b"written by smartsight doctor";
/// Whose probe it is: nobody's.
const OWNER: &str = "smartsight doctor";

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    let finding = match &settings.objects {
        ObjectSettings::Folder => Finding::ok(NAME, "in the data folder"),
        ObjectSettings::S3(s3) => bucket(s3).await,
    };
    vec![finding]
}

async fn bucket(settings: &S3Settings) -> Finding {
    let store = match parts::bucket(settings).await {
        Ok(store) => store,
        Err(error) => return refused(error),
    };
    if let Err(error) = store.check().await {
        return refused(error);
    }
    match linked(store.as_ref()).await {
        Ok(Opened::Whole) => {
            let message = format!("bucket {}: write, read, link and delete", settings.bucket);
            Finding::ok(NAME, message)
        }
        Ok(Opened::Not(why)) => unopened(settings, &why),
        Err(error) => refused(error),
    }
}

/// What came of opening a link.
enum Opened {
    Whole,
    Not(String),
}

/// Opens a link to an object that is there for as long as that takes.
async fn linked(store: &dyn ObjectStore) -> PortResult<Opened> {
    let now = SystemClock.now();
    let random = SystemRandom::open();
    let random = random.map_err(|e| PortError::new(Fault::Unavailable, "name a probe", e))?;
    let id = random.next(now);
    let key = ObjectKey::upload(UserId::from_name(OWNER), now, id, "txt");
    store.put(&key, "text/plain", CONTENT.into()).await?;
    let opened = match store.link(&key, now, LINK_LIVES).await {
        Ok(link) => Ok(open(&link).await),
        Err(error) => Err(error),
    };
    store.delete(&key).await?;
    opened
}

async fn open(link: &Link) -> Opened {
    let page = match Probe::new(ANSWER_WITHIN) {
        Ok(probe) => probe.get(&link.url).await,
        Err(error) => Err(error),
    };
    match page {
        Ok(page) if page.status == 200 && page.body == Bytes::from_static(CONTENT) => Opened::Whole,
        Ok(page) => Opened::Not(format!("it answers {}", page.status)),
        Err(error) => Opened::Not(told(error)),
    }
}

/// The public address need not be reachable from here.
fn unopened(settings: &S3Settings, why: &str) -> Finding {
    let message = format!("a link to bucket {} does not open: {why}", settings.bucket);
    if settings.public_endpoint_url.is_some() {
        let fix = "open S3_PUBLIC_ENDPOINT_URL from where your clients are; the proxy in front \
                   must leave host and path as they are";
        return Finding::warning(NAME, message, fix);
    }
    let fix = "check the clock, S3_REGION, and the right s3:GetObject";
    Finding::failure(NAME, message, fix)
}

fn refused(error: PortError) -> Finding {
    let fix = match error.fault() {
        Fault::Unavailable => "check S3_ENDPOINT_URL and that the store runs",
        _ => {
            "check S3_BUCKET, S3_REGION, the access key, and its rights s3:PutObject, \
             s3:GetObject, s3:DeleteObject and s3:ListBucket"
        }
    };
    Finding::failure(NAME, told(error), fix)
}

//! The tutor's model: a session is opened and closed; nothing is said in it.

use std::future::poll_fn;

use ::voice::model::{ModelEvent, ModelLink, RealtimeModel};
use kernel::{Clock, UserId};

use super::finding::Finding;
use super::models::lifetime;
use super::told;
use crate::runtime::SystemClock;
use crate::settings::{RealtimeModelSettings, Settings};
use crate::wiring::parts;

pub(super) const NAME: &str = "voice";
const STUDENT: &str = "smartsight doctor";

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    let Some(model) = &settings.voice.model else {
        let message = "nobody talks: neither OPENAI_API_KEY nor REALTIME_URL is set";
        return vec![Finding::ok(NAME, message)];
    };
    let today = SystemClock.now().date_naive();
    let about = ("openai", "realtime", model.model.as_str());
    let known = lifetime(NAME, about, "REALTIME_MODEL", today);
    known.into_iter().chain([opened(model).await]).collect()
}

async fn opened(settings: &RealtimeModelSettings) -> Finding {
    let fix = "check OPENAI_API_KEY, REALTIME_MODEL and REALTIME_URL";
    let model = match parts::realtime(settings) {
        Ok(model) => model,
        Err(error) => return Finding::failure(NAME, told(error), fix),
    };
    match first_word(model.as_ref()).await {
        Ok(()) => Finding::ok(NAME, format!("{}: session opened", settings.model)),
        Err(error) => Finding::failure(NAME, told(error), fix),
    }
}

async fn first_word(model: &dyn RealtimeModel) -> anyhow::Result<()> {
    let student = UserId::from_name(STUDENT).pseudonym();
    let mut link = model.connect(&student).await?;
    loop {
        match poll_fn(|context| link.poll_event(context)).await? {
            ModelEvent::SessionCreated { .. } => break,
            ModelEvent::Error(error) => anyhow::bail!("the model refuses: {}", error.message),
            _ => {}
        }
    }
    close(link.as_mut()).await;
    Ok(())
}

async fn close(link: &mut dyn ModelLink) {
    link.start_close();
    poll_fn(|context| link.poll_closed(context)).await;
}

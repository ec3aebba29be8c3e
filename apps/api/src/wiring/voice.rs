//! Who talks with students.

use std::sync::Arc;

use ::voice::model::RealtimeModel;
use ::voice::{
    ContextEntry, ContextFeed, ContextHub, ContextPublisher, InProcessPlaces, LimitRules, Places,
    StudyDesk, Voice, VoicePorts, VoiceRules,
};
use anyhow::Context;
use async_trait::async_trait;
use database::Database;
use files::{DataFolder, FolderRecordings};
use kernel::PortResult;
use objects::ObjectStore;
use realtime::{InvalidRealtimeSettings, Realtime, RealtimeSettings};
use redis_shared::{ContextListener, Redis, RedisContext, RedisPlaces};
use sessions::LearningEvent;
use vision::EventWatcher;

use super::Ground;
use crate::runtime::{OwnedTasks, TokioTimer};
use crate::settings::{Faults, RealtimeModelSettings, VoiceSettings};

/// What nobody talks without.
const KEY: &str = "OPENAI_API_KEY";

/// What conversations share with the other rooms.
pub(super) struct Base {
    pub(super) desk: StudyDesk,
    pub(super) recordings: FolderRecordings,
    pub(super) shared: Shared,
    pub(super) ground: Ground,
}

/// What the conversations of all processes have in common; without Redis there is one process.
pub(super) struct Shared {
    feed: Arc<dyn ContextFeed>,
    places: Arc<dyn Places>,
    publisher: Arc<dyn ContextPublisher>,
}

impl Shared {
    /// Subscribes where there is a Redis. Whoever serves listens to what other processes tell.
    pub(super) async fn open(
        redis: Option<&Redis>,
        tasks: &OwnedTasks,
    ) -> anyhow::Result<(Self, Option<ContextListener>)> {
        let Some(redis) = redis else {
            return Ok((Self::alone(), None));
        };
        let connected = RedisContext::connect(redis.clone()).await;
        let (context, listener) = connected.context("REDIS_URL: redis cannot be used")?;
        let shared = Self {
            feed: Arc::new(context.clone()),
            publisher: Arc::new(context),
            places: Arc::new(RedisPlaces::new(redis.clone(), Arc::new(tasks.clone()))),
        };
        Ok((shared, Some(listener)))
    }

    fn alone() -> Self {
        let hub = ContextHub::default();
        Self {
            feed: Arc::new(hub.clone()),
            publisher: Arc::new(hub),
            places: Arc::new(InProcessPlaces::default()),
        }
    }

    /// Tells tutors of analyzed images.
    pub(super) fn watcher(&self) -> Arc<dyn EventWatcher> {
        Arc::new(Teller(self.publisher.clone()))
    }
}

struct Teller(Arc<dyn ContextPublisher>);

#[async_trait]
impl EventWatcher for Teller {
    async fn analyzed(&self, event: &LearningEvent) -> PortResult<()> {
        self.0.publish(ContextEntry::of(event)).await
    }
}

/// Where sound is kept until the object store has it.
pub(super) fn recordings(
    folder: &DataFolder,
    objects: &Arc<dyn ObjectStore>,
    database: &Arc<Database>,
) -> anyhow::Result<FolderRecordings> {
    FolderRecordings::open(folder.recordings(), objects.clone(), database.clone())
        .context("the folder of recordings cannot be opened")
}

/// Joins the tutor to its ports.
pub(super) fn voice(settings: &VoiceSettings, base: Base) -> anyhow::Result<Voice> {
    let Base {
        desk,
        recordings,
        shared,
        ground,
    } = base;
    let ports = VoicePorts {
        model: settings.model.as_ref().map(model).transpose()?,
        desk: Arc::new(desk),
        store: ground.database,
        recordings: Arc::new(recordings),
        feed: shared.feed,
        places: shared.places,
        clock: ground.clock,
        ids: ground.ids,
        timer: Arc::new(TokioTimer),
        tasks: Arc::new(ground.tasks),
    };
    Ok(Voice::new(ports, rules(settings)))
}

/// Who talks.
pub(super) fn model(settings: &RealtimeModelSettings) -> anyhow::Result<Arc<dyn RealtimeModel>> {
    let model = Realtime::new(RealtimeSettings {
        api_key: settings.api_key.clone(),
        transcription_model: settings.transcription_model.clone(),
        ..RealtimeSettings::new(settings.url.clone(), &settings.model)
    });
    match model {
        Ok(model) => Ok(Arc::new(model)),
        Err(fault @ InvalidRealtimeSettings::Url) => Err(Faults::of("REALTIME_URL", fault).into()),
        Err(fault @ InvalidRealtimeSettings::Model) => {
            Err(Faults::of("REALTIME_MODEL", fault).into())
        }
        Err(fault @ InvalidRealtimeSettings::ApiKey) => Err(Faults::of(KEY, fault).into()),
        Err(fault @ InvalidRealtimeSettings::Tls(_)) => Err(fault.into()),
    }
}

fn rules(settings: &VoiceSettings) -> VoiceRules {
    let usual = VoiceRules::default();
    VoiceRules {
        voice: settings.voice.clone(),
        topics: settings.topics.clone(),
        context: settings.context,
        limits: LimitRules {
            per_user: settings.max_per_user,
            in_all: settings.max_sessions,
            minutes_a_day: settings.minutes_a_day,
            idle: settings.idle,
            ..usual.limits
        },
        prices: settings.model.as_ref().and_then(|model| model.prices),
        missing_setting: KEY,
        ..usual
    }
}

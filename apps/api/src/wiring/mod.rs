//! Where each adapter is named once and joined to the domain.

mod accounts;
mod events;
mod http;
mod jobs;
mod limits;
mod links;
mod models;
mod moving;
mod operator;
pub(crate) mod parts;
mod privacy;
mod reuse;
mod spending;
mod stores;
mod uploads;
mod voice;
mod who;

use std::sync::Arc;

use ::limits::RateLimiter;
use ::spending::Spending;
use ::voice::{StudyDesk, Voice};
use anyhow::Context;
use auth::{Admin, Auth};
use database::Database;
use files::DataFolder;
use http_api::EventFeed;
use kernel::{Clock, Ids};
use ledger::Answers;
use objects::ObjectStore;
use redis_shared::{ContextListener, Redis};
use secrecy::ExposeSecret;
use sessions::{Bookmarks, Profiles, SessionPorts, Sessions};
use topics::{Rules, Topics};
use url::Url;
use uuid::Uuid;
use vision::{Backlog, Delivery, LaterAnalyses, Vision, VisionPorts, VisionRules};

use crate::runtime::{OwnedTasks, SystemClock, SystemRandom, TokioTimer};
use crate::settings::Settings;
pub(crate) use moving::house;
pub(crate) use operator::{beside, operator};
use stores::Stores;

/// Everything joined.
pub(crate) struct App {
    pub(crate) database: Database,
    pub(crate) auth: Auth,
    pub(crate) admin: Admin,
    /// Counts requests.
    pub(crate) limiter: Arc<dyn RateLimiter>,
    pub(crate) sessions: Sessions,
    pub(crate) bookmarks: Bookmarks,
    pub(crate) profiles: Profiles,
    pub(crate) topics: Topics,
    pub(crate) vision: Vision,
    pub(crate) uploads: objects::Uploads,
    pub(crate) renditions: vision::Renditions,
    pub(crate) segments: segments::Segments,
    /// Analysis in jobs.
    pub(crate) later: LaterAnalyses,
    pub(crate) workshop: jobs::Workshop,
    pub(crate) events: EventFeed,
    pub(crate) voice: Voice,
    pub(crate) spending: Spending,
    /// Hears what other processes saw, while somebody listens.
    pub(crate) context: Option<ContextListener>,
    pub(crate) backlog: Backlog,
    pub(crate) privacy: ::privacy::Privacy,
    pub(crate) answers: Arc<dyn Answers>,
    pub(crate) clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    pub(crate) tasks: OwnedTasks,
    stores: Stores,
    /// What several servers share, if they do.
    redis: Option<Redis>,
    /// Locked for as long as the process uses it.
    _folder: DataFolder,
}

/// Opens the data folder for this process alone.
pub(crate) fn data_folder(settings: &Settings) -> anyhow::Result<DataFolder> {
    DataFolder::open(&settings.data_dir).with_context(|| {
        format!(
            "SMARTSIGHT_DATA_DIR: {} cannot be used",
            settings.data_dir.display()
        )
    })
}

/// Connects to the database and brings its schema up to date.
pub(crate) async fn database(settings: &Settings) -> anyhow::Result<Database> {
    migrated(settings, Uuid::nil()).await
}

/// The database for the process that has the data folder. What another process on this folder was
/// carrying out when it ended may be asked for again at once.
async fn own_database(settings: &Settings, folder: &DataFolder) -> anyhow::Result<Database> {
    let name = folder.secret("instance", 16)?;
    let holder = Uuid::from_slice(name.expose_secret())?;
    let database = migrated(settings, holder).await?;
    let left = database.abandon().await;
    let left = left.context("requests that were broken off cannot be given back")?;
    // Said before the first claim: the last time may be that of a process long gone.
    database.beat(SystemClock.now()).await?;
    if left > 0 {
        tracing::info!(
            requests = left,
            "requests that were broken off may be repeated"
        );
    }
    Ok(database)
}

async fn migrated(settings: &Settings, holder: Uuid) -> anyhow::Result<Database> {
    let max_connections = settings.database_max_connections;
    let options = database::Options {
        max_connections,
        holder,
        ..database::Options::default()
    };
    let database = Database::connect(&settings.database_url, options).await;
    let database = database.context("DATABASE_URL: the database cannot be reached")?;
    database
        .migrate()
        .await
        .context("the database schema cannot be brought up to date")?;
    Ok(database)
}

/// What almost everything is joined to.
#[derive(Clone)]
struct Ground {
    database: Arc<Database>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    tasks: OwnedTasks,
}

impl Ground {
    fn on(database: Database) -> anyhow::Result<Self> {
        Ok(Self {
            database: Arc::new(database),
            clock: Arc::new(SystemClock),
            ids: Arc::new(SystemRandom::open().context("no source of randomness")?),
            tasks: OwnedTasks::default(),
        })
    }
}

/// Connects to everything the settings name. `address` is where this process can be reached; links
/// begin with it unless a public URL is set.
pub(crate) async fn connect(settings: &Settings, address: &Url) -> anyhow::Result<App> {
    let folder = data_folder(settings)?;
    let outside = accounts::Outside::open(settings, &folder, address)?;
    let stores = stores::open(settings, &folder, address).await?;
    let ground = Ground::on(own_database(settings, &folder).await?)?;
    let redis = limits::redis(settings).await?;
    let (talking, listener) = voice::Shared::open(redis.as_ref(), &ground.tasks).await?;
    let auth = accounts::auth(outside, limits::attempts(redis.as_ref()), ground.clone())?;
    let desk = study(settings, &ground);
    let database = &ground.database;
    let objects: Arc<dyn ObjectStore> = Arc::new(privacy::marked(&stores, database, &ground.tasks));
    let images = Arc::new(imaging::Imaging::new(imaging::Limits::default()));
    let rules = vision_rules(settings);
    let base = uploads::Base {
        ground: ground.clone(),
        objects: objects.clone(),
    };
    let uploads = uploads::uploads(&stores, &base);
    let renditions = uploads::renditions(&base, &desk, images.clone(), rules);
    let segments = uploads::segments(&stores, base, &uploads, (&desk, &renditions));
    let (spending, charges) = spending::spending(&settings.spending, &folder, ground.clone())?;
    let ports = VisionPorts {
        sessions: desk.sessions.clone(),
        events: database.clone(),
        topics: desk.topics.clone(),
        objects: objects.clone(),
        spool: stores.spool.clone(),
        journal: stores.journal.clone(),
        images: images.clone(),
        models: models::chain(settings).await?,
        names: Arc::new(settings.topics.clone()),
        clock: ground.clock.clone(),
        ids: ground.ids.clone(),
        tasks: Arc::new(ground.tasks.clone()),
        timer: Arc::new(TokioTimer),
    };
    let vision = Vision::new(ports, rules)
        .watched_by(talking.watcher())
        .receiving(uploads.clone())
        .billed_to(spending.clone());
    let vision = reuse::reusing(vision, &images, settings);
    let vision = models::with_witness(vision, settings);
    let recordings = voice::recordings(&folder, &objects, database)?;
    let base = voice::Base {
        desk: desk.clone(),
        recordings: recordings.clone(),
        shared: talking,
        ground: ground.clone(),
    };
    let voice = voice::voice(&settings.voice, base)?.billed_to(spending.clone(), "openai");
    let base = privacy::Base {
        ground: ground.clone(),
        topics: desk.topics.clone(),
        recordings,
        vision: vision.clone(),
        charges,
        mails: accounts::mail_folder(settings, &folder),
    };
    let privacy = privacy::privacy(&stores, base);
    let base = jobs::Base {
        ground: ground.clone(),
        vision: vision.clone(),
        renditions: renditions.clone(),
    };
    let workshop = jobs::workshop(settings.background, &folder, base)?;
    Ok(App {
        admin: Admin::new(auth.clone()),
        auth,
        limiter: limits::requests(redis.as_ref()),
        sessions: desk.sessions,
        bookmarks: desk.bookmarks,
        profiles: desk.profiles,
        topics: desk.topics,
        later: LaterAnalyses::new(vision.clone(), database.clone()),
        backlog: backlog(&stores, database, objects),
        vision,
        workshop,
        events: events::feed(settings.background, database),
        uploads,
        renditions,
        segments,
        voice,
        spending,
        context: listener,
        privacy,
        answers: database.clone(),
        database: Database::clone(database),
        clock: ground.clock,
        ids: ground.ids,
        tasks: ground.tasks,
        stores,
        redis,
        _folder: folder,
    })
}

/// What waits on disk for the database or the store.
fn backlog(stores: &Stores, database: &Arc<Database>, objects: Arc<dyn ObjectStore>) -> Backlog {
    let (journal, spool) = (stores.journal.clone(), stores.spool.clone());
    Backlog::new(journal, spool, database.clone(), objects)
}

/// What a student has: sessions, bookmarks, profile and study time.
fn study(settings: &Settings, ground: &Ground) -> StudyDesk {
    let Ground {
        database,
        clock,
        ids,
        tasks: _,
    } = ground;
    let profiles = Profiles::new(database.clone(), clock.clone(), ids.clone());
    let ports = SessionPorts {
        store: database.clone(),
        events: database.clone(),
        help: database.clone(),
        profiles: profiles.clone(),
    };
    let names = Arc::new(settings.topics.clone());
    let rules = Rules::new(settings.topic_max_gap);
    StudyDesk {
        sessions: Sessions::new(ports, clock.clone(), ids.clone(), names),
        bookmarks: Bookmarks::new(
            database.clone(),
            database.clone(),
            profiles.clone(),
            clock.clone(),
            ids.clone(),
        ),
        topics: Topics::new(database.clone(), database.clone(), clock.clone(), rules),
        profiles,
        events: database.clone(),
        clock: clock.clone(),
    }
}

/// Providers get links once the operator has said where they can reach this server.
fn vision_rules(settings: &Settings) -> VisionRules {
    let delivery = if settings.public_url.is_some() {
        Delivery::Links
    } else {
        Delivery::Bytes
    };
    VisionRules {
        delivery,
        ..VisionRules::default()
    }
}

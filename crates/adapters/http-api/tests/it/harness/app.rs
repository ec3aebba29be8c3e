//! Everything joined, as the server does it.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use database::{Database, Options};
use files::{
    FolderCharges, FolderJournal, FolderRecordings, FolderScratch, FolderSpool, FolderStore,
    LinkSigner,
};
use futures_util::StreamExt;
use http_api::{
    AppState, Cookies, CorsOrigins, EventFeed, EventLimits, EventPorts, Identity, Limits, Quotas,
    ReadinessCheck,
};
use imaging::Imaging;
use kernel::{Clock, Ids};
use limits::{InProcessLimiter, RateLimiter};
use objects::{UploadPorts, UploadRules, Uploads};
use privacy::{Privacy, PrivacyPorts};
use secrecy::SecretSlice;
use segments::{SegmentPorts, SegmentRules, Segments};
use sessions::{Bookmarks, Profiles, SessionPorts, Sessions};
use spending::{Budget, Spending, SpendingPorts};
use tempfile::TempDir;
use testkit::{FixedClock, SeededBits};
use topics::{AliasTable, Rules, Topics};
use vision::{
    LaterAnalyses, RenditionPorts, Renditions, Vision, VisionModel, VisionPorts, VisionRules,
};
use voice::{ContextHub, InProcessPlaces, StudyDesk, Voice, VoicePorts, VoiceRules};

use super::links::Links;
use super::runtime::{Deaf, TokioTasks, TokioTimer};
use super::{Accounts, Client, KnownGoogle, ScriptedModel};

/// How the way in is set up.
pub(crate) struct Setup {
    pub(crate) identity: Identity,
    pub(crate) cors: CorsOrigins,
    pub(crate) public_url: Option<&'static str>,
    pub(crate) limits: Limits,
    pub(crate) limiter: Arc<dyn RateLimiter>,
    pub(crate) quotas: Quotas,
    pub(crate) readiness: Vec<Arc<dyn ReadinessCheck>>,
    pub(crate) cookies: Cookies,
    pub(crate) trusted_proxies: &'static [&'static str],
    pub(crate) google: Option<Arc<KnownGoogle>>,
    pub(crate) metrics: Arc<dyn Fn() -> String + Send + Sync>,
    pub(crate) journal_bytes: u64,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            identity: Identity::Open {
                default_user: "default".to_owned(),
            },
            cors: CorsOrigins::Any,
            public_url: None,
            limits: Limits::default(),
            limiter: Arc::new(InProcessLimiter::default()),
            quotas: Quotas::default(),
            readiness: Vec::new(),
            cookies: Cookies { secure: false },
            trusted_proxies: &[],
            google: None,
            metrics: Arc::new(|| "# no metrics\n".to_owned()),
            journal_bytes: 1 << 26,
        }
    }
}

/// A router and what stands behind it.
pub(crate) struct App {
    pub(crate) router: Router,
    pub(crate) model: Arc<ScriptedModel>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) database: Database,
    pub(crate) accounts: Accounts,
    pub(crate) vision: Vision,
    pub(crate) uploads: Uploads,
    folder: TempDir,
}

impl App {
    pub(crate) async fn start() -> Self {
        Setup::default().start().await
    }

    pub(crate) fn client(&self, user: &str) -> Client {
        Client::new(self.router.clone(), user)
    }

    /// How many objects are stored.
    pub(crate) fn stored_objects(&self) -> usize {
        count_files(&self.folder.path().join("objects"))
    }
}

impl Setup {
    pub(crate) async fn start(self) -> App {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at("2026-03-04T10:00:00Z"));
        let model = Arc::new(ScriptedModel::new());
        let parts = Parts::new(&folder, clock.clone(), self.journal_bytes).await;
        let database = parts.database.clone();
        let google = self.google.clone().map(|google| google as _);
        let mails = folder.path().join("mail");
        let accounts = Accounts::open(&database, &clock, google, mails);
        let state = parts.state(self, model.clone(), &accounts);
        App {
            vision: state.vision.clone(),
            uploads: state.uploads.clone(),
            router: http_api::router(state),
            model,
            clock,
            database,
            accounts,
            folder,
        }
    }
}

struct Parts {
    database: Database,
    store: FolderStore,
    signer: LinkSigner,
    journal: FolderJournal,
    spool: FolderSpool,
    scratch: FolderScratch,
    recordings: PathBuf,
    charges: FolderCharges,
    clock: Arc<FixedClock>,
    names: Arc<AliasTable>,
    ids: Arc<SeededBits>,
}

impl Parts {
    async fn new(folder: &TempDir, clock: Arc<FixedClock>, journal_bytes: u64) -> Self {
        let options = Options::default();
        let database = Database::connect("sqlite::memory:", options).await.unwrap();
        database.migrate().await.unwrap();
        let secret = SecretSlice::from(vec![7; 32]);
        let base = "http://localhost:8080".parse().unwrap();
        let signer = LinkSigner::try_new(&secret, base).unwrap();
        let path = |name: &str| folder.path().join(name);
        Self {
            database,
            store: FolderStore::open(path("objects"), signer.clone()).unwrap(),
            signer,
            journal: FolderJournal::open(path("journal"), journal_bytes).unwrap(),
            spool: FolderSpool::open(path("spool"), 1 << 26).unwrap(),
            scratch: FolderScratch::open(path("incoming"), 1 << 26).unwrap(),
            recordings: path("recordings"),
            charges: FolderCharges::open(path("charges"), 1 << 20).unwrap(),
            clock,
            names: Arc::new(AliasTable::default()),
            ids: Arc::new(SeededBits::new(1)),
        }
    }

    fn state(self, setup: Setup, model: Arc<ScriptedModel>, accounts: &Accounts) -> AppState {
        let database = Arc::new(self.database.clone());
        let profiles = Profiles::new(database.clone(), self.clock.clone(), self.ids.clone());
        let (sessions, topics) = (self.sessions(&profiles), self.topics());
        let signed = Links {
            store: self.store.clone(),
            signer: self.signer.clone(),
            clock: self.clock.clone(),
        };
        let uploads = self.uploads();
        let vision = self.vision(&sessions, &topics, model);
        let vision = vision.receiving(uploads.clone());
        AppState {
            bookmarks: Bookmarks::new(
                database.clone(),
                database.clone(),
                profiles.clone(),
                self.clock.clone(),
                self.ids.clone(),
            ),
            privacy: self.privacy(&topics),
            archives: Arc::new(|| {
                let (archive, bytes) = zip_archive::zip_stream();
                (archive, bytes.boxed())
            }),
            answers: database.clone(),
            clock: self.clock.clone(),
            ids: Arc::new(SeededBits::new(2)),
            tasks: Arc::new(TokioTasks),
            identity: setup.identity,
            auth: accounts.auth.clone(),
            admin: accounts.admin.clone(),
            cookies: setup.cookies,
            trusted_proxies: networks(setup.trusted_proxies),
            readiness: setup.readiness,
            metrics: setup.metrics,
            signed_objects: Some(Arc::new(signed)),
            cors: setup.cors,
            public_url: setup.public_url.map(|url| url.parse().unwrap()),
            limits: setup.limits,
            limiter: setup.limiter,
            quotas: setup.quotas,
            spending: self.spending(),
            voice: self.voice(&sessions, &topics, &profiles),
            later: LaterAnalyses::new(vision.clone(), database.clone()),
            events: events(&database),
            segments: self.segments(&uploads, &sessions, &profiles),
            renditions: self.renditions(&profiles),
            uploads,
            vision,
            sessions,
            topics,
            profiles,
        }
    }

    fn sessions(&self, profiles: &Profiles) -> Sessions {
        let database = Arc::new(self.database.clone());
        let ports = SessionPorts {
            store: database.clone(),
            events: database.clone(),
            help: database,
            profiles: profiles.clone(),
        };
        let (clock, ids): (Arc<dyn Clock>, Arc<dyn Ids>) = (self.clock.clone(), self.ids.clone());
        Sessions::new(ports, clock, ids, self.names.clone())
    }

    fn uploads(&self) -> Uploads {
        let store = Arc::new(self.store.clone());
        let ports = UploadPorts {
            links: store.clone(),
            leases: Arc::new(self.database.clone()),
            objects: store,
            clock: self.clock.clone(),
            ids: self.ids.clone(),
        };
        Uploads::new(ports, UploadRules::default())
    }

    fn segments(&self, uploads: &Uploads, sessions: &Sessions, profiles: &Profiles) -> Segments {
        let database = Arc::new(self.database.clone());
        let ports = SegmentPorts {
            store: database.clone(),
            scratch: Arc::new(self.scratch.clone()),
            objects: Arc::new(self.store.clone()),
            leases: database,
            uploads: uploads.clone(),
            sessions: sessions.clone(),
            profiles: profiles.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            watcher: Arc::new(Deaf),
            tasks: Arc::new(TokioTasks),
        };
        Segments::new(ports, SegmentRules::default())
    }

    fn renditions(&self, profiles: &Profiles) -> Renditions {
        let ports = RenditionPorts {
            images: Arc::new(Imaging::new(imaging::Limits::default())),
            objects: Arc::new(self.store.clone()),
            jobs: Arc::new(self.database.clone()),
            profiles: profiles.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
        };
        Renditions::new(ports, VisionRules::default())
    }

    fn topics(&self) -> Topics {
        let database = Arc::new(self.database.clone());
        let rules = Rules::new(std::time::Duration::from_mins(2));
        Topics::new(database.clone(), database, self.clock.clone(), rules)
    }

    fn privacy(&self, topics: &Topics) -> Privacy {
        let database = Arc::new(self.database.clone());
        Privacy::new(PrivacyPorts {
            rows: database.clone(),
            erasures: database,
            objects: Arc::new(self.store.clone()),
            leftovers: vec![Arc::new(self.journal.clone()), Arc::new(self.spool.clone())],
            topics: topics.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
        })
    }

    /// Without prices and without a cap.
    fn spending(&self) -> Spending {
        let ports = SpendingPorts {
            store: Arc::new(self.database.clone()),
            journal: Arc::new(self.charges.clone()),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            timer: Arc::new(TokioTimer),
            tasks: Arc::new(TokioTasks),
        };
        Spending::new(ports, Budget::default())
    }

    /// Nobody talks here; what was said is served.
    fn voice(&self, sessions: &Sessions, topics: &Topics, profiles: &Profiles) -> Voice {
        let database = Arc::new(self.database.clone());
        let (clock, ids): (Arc<dyn Clock>, Arc<dyn Ids>) = (self.clock.clone(), self.ids.clone());
        let (events, at) = (database.clone(), clock.clone());
        let bookmarks = Bookmarks::new(
            database.clone(),
            database.clone(),
            profiles.clone(),
            clock.clone(),
            ids.clone(),
        );
        let folder = self.recordings.clone();
        let objects = Arc::new(self.store.clone());
        let recordings = FolderRecordings::open(folder, objects, database.clone()).unwrap();
        let ports = VoicePorts {
            model: None,
            desk: Arc::new(StudyDesk {
                sessions: sessions.clone(),
                bookmarks,
                topics: topics.clone(),
                profiles: profiles.clone(),
                events,
                clock: at,
            }),
            store: database,
            recordings: Arc::new(recordings),
            feed: Arc::new(ContextHub::default()),
            places: Arc::new(InProcessPlaces::default()),
            clock,
            ids,
            timer: Arc::new(TokioTimer),
            tasks: Arc::new(TokioTasks),
        };
        Voice::new(ports, VoiceRules::default())
    }

    fn vision(&self, sessions: &Sessions, topics: &Topics, model: Arc<ScriptedModel>) -> Vision {
        let ports = VisionPorts {
            sessions: sessions.clone(),
            events: Arc::new(self.database.clone()),
            topics: topics.clone(),
            objects: Arc::new(self.store.clone()),
            spool: Arc::new(self.spool.clone()),
            journal: Arc::new(self.journal.clone()),
            images: Arc::new(Imaging::new(imaging::Limits::default())),
            models: vec![model as Arc<dyn VisionModel>].into(),
            names: self.names.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            tasks: Arc::new(TokioTasks),
            timer: Arc::new(TokioTimer),
        };
        let patient = VisionRules {
            confirm_within: std::time::Duration::from_mins(1),
            ..VisionRules::default()
        };
        Vision::new(ports, patient)
    }
}

/// What a log tells, over a socket; without a server to take one there is none.
fn events(database: &Arc<Database>) -> EventFeed {
    let ports = EventPorts {
        ledger: database.clone(),
        news: database.clone(),
        timer: Arc::new(TokioTimer),
    };
    EventFeed::new(ports, EventLimits::default())
}

fn networks(texts: &[&str]) -> Vec<ipnet::IpNet> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn count_files(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap();
    let count = |entry: std::fs::DirEntry| {
        if entry.file_type().unwrap().is_dir() {
            count_files(&entry.path())
        } else {
            1
        }
    };
    entries.map(|entry| count(entry.unwrap())).sum()
}

//! Everything the handlers work with.

use std::sync::Arc;
use std::time::Duration;

use auth::{Admin, Auth};
use ipnet::IpNet;
use kernel::{Clock, Ids, Tasks};
use ledger::Answers;
use limits::{Quota, RateLimiter};
use objects::Uploads;
use privacy::Privacy;
use segments::Segments;
use sessions::{Bookmarks, Profiles, Sessions};
use spending::Spending;
use topics::Topics;
use url::Url;
use vision::{LaterAnalyses, Renditions, Vision};
use voice::Voice;

use crate::events::EventFeed;
use crate::ports::{OpenArchive, ReadinessCheck, SignedObjects};

/// What [`crate::router`] is built from.
#[derive(Clone)]
pub struct AppState {
    /// Sessions and help counts.
    pub sessions: Sessions,
    /// Bookmarks.
    pub bookmarks: Bookmarks,
    /// Name and time zone.
    pub profiles: Profiles,
    /// Study time.
    pub topics: Topics,
    /// Upload and analysis.
    pub vision: Vision,
    /// Links behind which clients put images themselves.
    pub uploads: Uploads,
    /// Smaller copies of images.
    pub renditions: Renditions,
    /// The sound recorded for images.
    pub segments: Segments,
    /// Analysis in jobs, and the jobs.
    pub later: LaterAnalyses,
    /// Live events.
    pub events: EventFeed,
    /// Talks with the tutor.
    pub voice: Voice,
    /// What models have cost.
    pub spending: Spending,
    /// Hands out and erases everything of a user.
    pub privacy: Privacy,
    /// Opens an archive for an export.
    pub archives: OpenArchive,
    /// First answers, for `Idempotency-Key`.
    pub answers: Arc<dyn Answers>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes request ids.
    pub ids: Arc<dyn Ids>,
    /// Carries requests with an `Idempotency-Key` to their end even if the client has gone.
    pub tasks: Arc<dyn Tasks>,
    /// Who may ask without a token.
    pub identity: Identity,
    /// Signs people in and out, and tells whose token this is.
    pub auth: Auth,
    /// What admins do.
    pub admin: Admin,
    /// How cookies are set.
    pub cookies: Cookies,
    /// Whose word counts on where a request comes from.
    pub trusted_proxies: Vec<IpNet>,
    /// What readiness depends on.
    pub readiness: Vec<Arc<dyn ReadinessCheck>>,
    /// Renders the metrics in the Prometheus text format.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
    /// Serves `GET /objects/…`; without it the route answers 404.
    pub signed_objects: Option<Arc<dyn SignedObjects>>,
    /// Which web pages may call.
    pub cors: CorsOrigins,
    /// Where the operator says this server is reached.
    pub public_url: Option<Url>,
    /// Bounds on requests.
    pub limits: Limits,
    /// Counts requests. What it does while it cannot count is its own affair; a failure lets the
    /// request through.
    pub limiter: Arc<dyn RateLimiter>,
    /// How often somebody may ask.
    pub quotas: Quotas,
}

/// Who may ask without a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identity {
    /// Anybody: `X-User-Id` names the user, else it is the default one.
    Open {
        /// The user of requests that name nobody.
        default_user: String,
    },
    /// Nobody.
    Secured,
}

/// How cookies are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cookies {
    /// Whether browsers send them over https only; so where the public URL is https.
    pub secure: bool,
}

/// Which web pages may call the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorsOrigins {
    /// All, without cookies.
    Any,
    /// These (`https://app.example`), with cookies.
    List(Vec<String>),
}

/// Bounds on requests. The largest file is [`vision::VisionRules::max_bytes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long a request may take, its body included.
    pub request_timeout: Duration,
    /// The largest JSON body, in bytes.
    pub json_bytes: usize,
    /// What a form may hold besides its file, in bytes.
    pub form_overhead_bytes: usize,
    /// How often it is asked whether somebody who talks may still do so.
    pub access_check: Duration,
    /// What all requests together may hold of their bodies, in bytes; at least one largest body.
    pub bytes_in_flight: usize,
    /// How long a body waits for room among those bytes.
    pub wait_for_room: Duration,
    /// How long a client may send nothing in the middle of a body.
    pub body_silence: Duration,
    /// How long a client may take nothing of an export.
    pub export_stall: Duration,
}

impl Default for Limits {
    /// 2 min, in which 10 MB arrive over a slow connection; 1 MB, 1 MB; 10 s; 64 MB, 5 s, 20 s; 1 min.
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_mins(2),
            json_bytes: 1024 * 1024,
            form_overhead_bytes: 1024 * 1024,
            access_check: Duration::from_secs(10),
            bytes_in_flight: 64 * 1024 * 1024,
            wait_for_room: Duration::from_secs(5),
            body_silence: Duration::from_secs(20),
            export_stall: Duration::from_mins(1),
        }
    }
}

/// How often somebody may ask; `None` is no limit. Links, health and metrics are not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quotas {
    /// Requests from one address (of IPv6, from one /64).
    pub address: Option<Quota>,
    /// Requests of one user.
    pub user: Option<Quota>,
    /// Requests of one user for an analysis of an image.
    pub analyses: Option<Quota>,
}

/// The state as handlers get it.
pub(crate) type Shared = Arc<AppState>;

impl AppState {
    /// The largest body of any request.
    pub(crate) fn largest_body(&self) -> usize {
        self.vision.rules().max_bytes + self.limits.form_overhead_bytes
    }
}

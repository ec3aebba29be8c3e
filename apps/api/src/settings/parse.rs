//! From text to settings, with every fault named.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use topics::AliasTable;
use url::Url;

use super::fault::Faults;
use super::model::{
    AccessKeys, LogFormat, Mode, ObjectSettings, S3Settings, Settings, WaitingSettings,
};
use super::raw::Raw;

const MIB: u64 = 1024 * 1024;
/// A weekend, and the day somebody needs.
const THREE_DAYS_S: u32 = 3 * 86_400;
const LONGEST_WAIT_S: u32 = 365 * 86_400;
/// Each migration's own lines tell an operator nothing.
const LOG_FILTER: &str = "info,sea_orm_migration=warn";

/// Checks everything together.
pub(crate) fn settings(raw: &Raw) -> Result<Settings, Faults> {
    let mut reader = Reader {
        raw,
        faults: Faults::default(),
    };
    let listen = reader.listen();
    let mode = reader.mode(listen);
    let data_dir = PathBuf::from(raw.get("SMARTSIGHT_DATA_DIR").unwrap_or("./data"));
    let spending = reader.spending();
    let settings = Settings {
        listen,
        mode,
        public_url: reader.url("SMARTSIGHT_PUBLIC_URL"),
        address_file: raw.get("SMARTSIGHT_ADDRESS_FILE").map(PathBuf::from),
        database_url: reader.database_url(&data_dir),
        database_max_connections: reader.number("DATABASE_MAX_CONNECTIONS", 20, 1..=1000),
        objects: reader.objects(),
        vision: reader.vision(),
        reuse: reader.reuse(),
        voice: reader.voice(&spending.prices),
        spending,
        accounts: reader.accounts(mode),
        background: reader.background(),
        rates: reader.rates(),
        cors_origins: reader.cors_origins(),
        trusted_proxies: reader.trusted_proxies(),
        topics: reader.topics(),
        topic_max_gap: reader.seconds("TOPIC_MAX_GAP_S", 120),
        session_idle: Duration::from_secs(
            60 * u64::from(reader.number("SESSION_IDLE_MIN", 30, 1..=1440)),
        ),
        journal: reader.waiting(("JOURNAL_MAX_MB", 256), "JOURNAL_MAX_AGE_S"),
        spool: reader.waiting(("SPOOL_MAX_MB", 2048), "SPOOL_MAX_AGE_S"),
        traces: reader.traces(),
        log_format: reader.log_format(),
        log_filter: raw.get("RUST_LOG").unwrap_or(LOG_FILTER).to_owned(),
        data_dir,
    };
    reader.faults.unless_any(settings)
}

/// Reads settings and notes what is wrong with them.
pub(super) struct Reader<'a> {
    pub(super) raw: &'a Raw,
    pub(super) faults: Faults,
}

impl Reader<'_> {
    fn listen(&mut self) -> SocketAddr {
        let fallback = SocketAddr::from(([127, 0, 0, 1], 8080));
        let Some(text) = self.raw.get("SMARTSIGHT_LISTEN") else {
            return fallback;
        };
        text.parse().unwrap_or_else(|_| {
            self.faults.add(
                "SMARTSIGHT_LISTEN",
                "must be an IP address and a port, such as 127.0.0.1:8080",
            );
            fallback
        })
    }

    /// A refused mode counts as open, only so that no other fault is told because of it.
    fn mode(&mut self, listen: SocketAddr) -> Mode {
        let is_loopback = listen.ip().is_loopback();
        match self.raw.get("SMARTSIGHT_MODE") {
            Some("open") | None if is_loopback => Mode::Open,
            Some("secured") | None => Mode::Secured,
            Some("open") => {
                let fix = format!(
                    "open is refused on {listen}, which others can reach; use secured, or listen on 127.0.0.1"
                );
                self.faults.add("SMARTSIGHT_MODE", fix);
                Mode::Open
            }
            Some(_) => {
                self.faults
                    .add("SMARTSIGHT_MODE", "must be open or secured");
                Mode::Open
            }
        }
    }

    fn database_url(&mut self, data_dir: &std::path::Path) -> String {
        let Some(url) = self.raw.get("DATABASE_URL") else {
            return format!(
                "sqlite://{}?mode=rwc",
                data_dir.join("smartsight.db").display()
            );
        };
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if !known.iter().any(|scheme| url.starts_with(scheme)) {
            self.faults
                .add("DATABASE_URL", "must begin with sqlite:// or postgres://");
        }
        url.to_owned()
    }

    fn objects(&mut self) -> ObjectSettings {
        let Some(bucket) = self.raw.get("S3_BUCKET") else {
            for name in ["S3_ENDPOINT_URL", "S3_PUBLIC_ENDPOINT_URL", "S3_PREFIX"] {
                if self.raw.get(name).is_some() {
                    self.faults.add(
                        "S3_BUCKET",
                        format!("must be set when {name} is; else remove {name}"),
                    );
                }
            }
            return ObjectSettings::Folder;
        };
        ObjectSettings::S3(Box::new(S3Settings {
            bucket: bucket.to_owned(),
            endpoint_url: self.url("S3_ENDPOINT_URL"),
            public_endpoint_url: self.url("S3_PUBLIC_ENDPOINT_URL"),
            region: self.s3_region().to_owned(),
            prefix: self
                .raw
                .get("S3_PREFIX")
                .unwrap_or_default()
                .trim_matches('/')
                .to_owned(),
            force_path_style: self.flag("S3_FORCE_PATH_STYLE"),
            keys: self.access_keys(),
        }))
    }

    fn s3_region(&self) -> &str {
        let set = self.raw.get("S3_REGION").or(self.raw.get("AWS_REGION"));
        set.unwrap_or("us-east-1")
    }

    fn access_keys(&mut self) -> Option<AccessKeys> {
        let (id, secret) = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
        match (self.raw.get(id), self.raw.get(secret)) {
            (Some(id), Some(secret)) => Some(AccessKeys {
                id: id.to_owned(),
                secret: secret.into(),
                session_token: self.raw.get("AWS_SESSION_TOKEN").map(Into::into),
            }),
            (Some(_), None) => {
                self.faults
                    .add(secret, "must be set together with AWS_ACCESS_KEY_ID");
                None
            }
            (None, Some(_)) => {
                self.faults
                    .add(id, "must be set together with AWS_SECRET_ACCESS_KEY");
                None
            }
            (None, None) => None,
        }
    }

    fn cors_origins(&mut self) -> Vec<String> {
        let text = self.raw.get("CORS_ORIGINS").unwrap_or("*");
        let origins: Vec<_> = text
            .split(',')
            .map(|o| o.trim().trim_end_matches('/').to_owned())
            .collect();
        let is_origin = |origin: &str| {
            Url::parse(origin)
                .is_ok_and(|url| url.has_host() && url.path() == "/" && url.query().is_none())
        };
        if text != "*" && !origins.iter().all(|origin| is_origin(origin)) {
            self.faults.add(
                "CORS_ORIGINS",
                "must be * or a list of origins such as https://app.example.org",
            );
        }
        origins
    }

    pub(super) fn topics(&mut self) -> AliasTable {
        let Some(text) = self.raw.get("TOPICS") else {
            return AliasTable::default();
        };
        AliasTable::parse(text).unwrap_or_else(|error| {
            self.faults.add("TOPICS", error);
            AliasTable::default()
        })
    }

    fn log_format(&mut self) -> LogFormat {
        use std::io::IsTerminal;
        match self.raw.get("LOG_FORMAT") {
            Some("json") => LogFormat::Json,
            None if !std::io::stderr().is_terminal() => LogFormat::Json,
            Some("pretty") | None => LogFormat::Pretty,
            Some(_) => {
                self.faults.add("LOG_FORMAT", "must be pretty or json");
                LogFormat::Json
            }
        }
    }

    pub(super) fn url(&mut self, name: &'static str) -> Option<Url> {
        self.url_or(name, None)
    }

    pub(super) fn url_or(&mut self, name: &'static str, default: Option<&str>) -> Option<Url> {
        let text = self.raw.get(name).or(default)?;
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Some(url),
            _ => {
                self.faults
                    .add(name, "must be a URL that begins with http:// or https://");
                None
            }
        }
    }

    pub(super) fn number(
        &mut self,
        name: &'static str,
        default: u32,
        range: RangeInclusive<u32>,
    ) -> u32 {
        let Some(text) = self.raw.get(name) else {
            return default;
        };
        match text.parse() {
            Ok(number) if range.contains(&number) => number,
            _ => {
                let (least, most) = range.into_inner();
                self.faults.add(
                    name,
                    format!("must be a whole number from {least} to {most}"),
                );
                default
            }
        }
    }

    fn seconds(&mut self, name: &'static str, default: u32) -> Duration {
        Duration::from_secs(self.number(name, default, 0..=86_400).into())
    }

    fn waiting(
        &mut self,
        (size, default_mib): (&'static str, u32),
        age: &'static str,
    ) -> WaitingSettings {
        let mib = self.number(size, default_mib, 1..=1_000_000);
        let seconds = self.number(age, THREE_DAYS_S, 0..=LONGEST_WAIT_S);
        WaitingSettings {
            max_bytes: MIB * u64::from(mib),
            max_age: Duration::from_secs(seconds.into()),
        }
    }

    fn flag(&mut self, name: &'static str) -> bool {
        match self.raw.get(name) {
            None | Some("false" | "0") => false,
            Some("true" | "1") => true,
            Some(_) => {
                self.faults.add(name, "must be true or false");
                false
            }
        }
    }
}

//! The list of all settings: the one place that names them.

/// One setting.
pub(crate) struct Variable {
    /// The environment variable; the key in `smartsight.toml` is the same in lower case.
    pub(crate) name: &'static str,
    /// Whether its value is masked when shown.
    pub(crate) secret: bool,
    /// The value when nothing is set, in words where it is derived.
    pub(crate) default: &'static str,
}

const fn plain(name: &'static str, default: &'static str) -> Variable {
    Variable {
        name,
        secret: false,
        default,
    }
}

const fn secret(name: &'static str) -> Variable {
    Variable {
        name,
        secret: true,
        default: "",
    }
}

/// All settings, in the order they are shown.
pub(crate) const VARIABLES: &[Variable] = &[
    plain("SMARTSIGHT_LISTEN", "127.0.0.1:8080"),
    plain("SMARTSIGHT_DATA_DIR", "./data"),
    plain("SMARTSIGHT_PUBLIC_URL", "(from the listen address)"),
    plain("SMARTSIGHT_MODE", "(open on loopback, else secured)"),
    plain("SMARTSIGHT_ADDRESS_FILE", ""),
    plain("DATABASE_URL", "(SQLite in the data folder)"),
    plain("DATABASE_MAX_CONNECTIONS", "20"),
    plain("REDIS_URL", "(each process counts by itself)"),
    plain("S3_BUCKET", "(folder store)"),
    plain("S3_ENDPOINT_URL", ""),
    plain("S3_PUBLIC_ENDPOINT_URL", "(S3_ENDPOINT_URL)"),
    plain("S3_REGION", "(AWS_REGION, else us-east-1)"),
    plain("AWS_REGION", ""),
    plain("S3_PREFIX", ""),
    plain("S3_FORCE_PATH_STYLE", "false"),
    secret("AWS_ACCESS_KEY_ID"),
    secret("AWS_SECRET_ACCESS_KEY"),
    secret("AWS_SESSION_TOKEN"),
    plain(
        "VISION_PROVIDERS",
        "(openai with a key or base URL, else local)",
    ),
    plain("VISION_MODEL", "(of the first provider; from the registry)"),
    plain("VISION_TIMEOUT_MS", "20000"),
    plain("VISION_MAX_SIDE_PX", "1600"),
    plain(
        "VISION_CHECK_TEXT",
        "(on where VISION_PROVIDERS names local behind others)",
    ),
    plain("VISION_REUSE", "on"),
    plain("REUSE_MAX_S", "300"),
    secret("OPENAI_API_KEY"),
    plain("OPENAI_BASE_URL", "https://api.openai.com/v1"),
    plain("OPENAI_VISION_MODEL", "(VISION_MODEL, else the registry)"),
    secret("ANTHROPIC_API_KEY"),
    plain("ANTHROPIC_BASE_URL", "https://api.anthropic.com"),
    plain("ANTHROPIC_VISION_MODEL", "(from the model registry)"),
    secret("GEMINI_API_KEY"),
    plain(
        "GEMINI_BASE_URL",
        "https://generativelanguage.googleapis.com",
    ),
    plain("GEMINI_VISION_MODEL", "(from the model registry)"),
    plain("REALTIME_URL", "(OPENAI_BASE_URL, as ws, with /realtime)"),
    plain("REALTIME_MODEL", "(from the model registry)"),
    plain("REALTIME_TRANSCRIPTION_MODEL", "(from the model registry)"),
    plain("REALTIME_VOICE", "marin"),
    plain("VOICE_TOPICS", "Bio,Math,English,Chem"),
    plain("VOICE_CONTEXT", "instructions"),
    plain("VOICE_MAX_PER_USER", "2"),
    plain("VOICE_MAX_SESSIONS", "300"),
    plain("VOICE_MINUTES_A_DAY", "120"),
    plain("VOICE_IDLE_S", "300"),
    plain("BUDGET_USD_PER_DAY", "(no limit)"),
    plain("MODEL_PRICES", "(the model registry)"),
    Variable {
        default: "(made in the data folder in open mode)",
        ..secret("JWT_SECRET")
    },
    secret("JWT_SECRET_PREVIOUS"),
    plain("GOOGLE_CLIENT_IDS", ""),
    secret("GOOGLE_CLIENT_SECRET"),
    plain("GOOGLE_ISSUER", "https://accounts.google.com"),
    Variable {
        default: "(mail goes to a folder)",
        ..secret("SMTP_URL")
    },
    plain("MAIL_FROM", "SmartSight <no-reply@localhost>"),
    plain("MAIL_PAGES_URL", ""),
    plain("AUDIT_KEEP_DAYS", "365"),
    plain("JOBS_AT_ONCE", "4"),
    plain("EVENTS_MAX_PER_USER", "10"),
    plain("EVENTS_MAX_PER_ADDRESS", "100"),
    plain("RATE_LIMIT_REQUESTS_PER_MIN", "1200"),
    plain("RATE_LIMIT_ADDRESS_PER_MIN", "3000"),
    plain("RATE_LIMIT_ANALYSES_PER_MIN", "120"),
    plain("CORS_ORIGINS", "*"),
    plain("TRUSTED_PROXIES", ""),
    plain("TOPICS", "(the built-in table)"),
    plain("TOPIC_MAX_GAP_S", "120"),
    plain("SESSION_IDLE_MIN", "30"),
    plain("JOURNAL_MAX_MB", "256"),
    plain("SPOOL_MAX_MB", "2048"),
    plain("JOURNAL_MAX_AGE_S", "259200"),
    plain("SPOOL_MAX_AGE_S", "259200"),
    plain("OTEL_EXPORTER_OTLP_ENDPOINT", "(no traces)"),
    secret("OTEL_EXPORTER_OTLP_HEADERS"),
    plain("OTEL_TRACES_SAMPLER_ARG", "1"),
    plain("LOG_FORMAT", "(pretty on a terminal, else json)"),
    plain("RUST_LOG", "info"),
];

/// The setting of this name.
pub(crate) fn variable(name: &str) -> Option<&'static Variable> {
    VARIABLES.iter().find(|variable| variable.name == name)
}

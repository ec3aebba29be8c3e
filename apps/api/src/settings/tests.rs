use super::model::{Mode, ObjectSettings, Provider};
use super::raw::Raw;
use super::{parse, registry, show};

const SECRET: &str = "0123456789abcdef0123456789abcdef";

#[track_caller]
fn faults(pairs: &[(&str, &str)]) -> String {
    parse::settings(&Raw::of(pairs)).unwrap_err().to_string()
}

/// The variables that have a fault, sorted.
fn named(faults: &str) -> Vec<&str> {
    let variable = |line: &'_ str| line.split(':').next().unwrap().len();
    let mut named: Vec<_> = faults.lines().map(|line| &line[..variable(line)]).collect();
    named.sort_unstable();
    named
}

#[test]
fn without_any_setting_the_server_is_open_on_loopback_with_local_vision() {
    let settings = parse::settings(&Raw::of(&[])).unwrap();
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.mode, Mode::Open);
    assert!(matches!(settings.vision.providers[..], [Provider::Local]));
    assert!(settings.database_url.starts_with("sqlite://"));
}

#[test]
fn a_key_makes_openai_the_provider() {
    let settings = parse::settings(&Raw::of(&[("OPENAI_API_KEY", "sk-x")])).unwrap();
    let [Provider::OpenAi(openai)] = &settings.vision.providers[..] else {
        panic!("{settings:?}")
    };
    assert!(!openai.model.is_empty());
}

#[test]
fn open_mode_on_a_public_address_is_refused() {
    let line = faults(&[
        ("SMARTSIGHT_LISTEN", "0.0.0.0:80"),
        ("SMARTSIGHT_MODE", "open"),
    ]);
    assert!(
        line.starts_with("SMARTSIGHT_MODE: open is refused on 0.0.0.0:80"),
        "{line}"
    );
    let settings = parse::settings(&Raw::of(&[
        ("SMARTSIGHT_LISTEN", "0.0.0.0:80"),
        ("JWT_SECRET", SECRET),
    ]));
    assert_eq!(settings.unwrap().mode, Mode::Secured);
}

#[test]
fn secured_mode_needs_a_secret_of_32_bytes() {
    let secured = ("SMARTSIGHT_MODE", "secured");
    let missing = faults(&[secured]);
    assert!(
        missing.starts_with("JWT_SECRET: must be set in secured mode"),
        "{missing}"
    );
    let short = faults(&[secured, ("JWT_SECRET", "short")]);
    assert_eq!(short, "JWT_SECRET: must have at least 32 bytes");
    let open = parse::settings(&Raw::of(&[])).unwrap();
    assert!(open.accounts.jwt_secret.is_none());
}

#[test]
fn settings_of_accounts_that_need_each_other_are_told() {
    let text = faults(&[
        ("JWT_SECRET_PREVIOUS", "short"),
        ("GOOGLE_CLIENT_SECRET", "x"),
        ("SMTP_URL", "smtp://mail.example"),
        ("MAIL_PAGES_URL", "here"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, somewhere"),
    ]);
    let expected = [
        "GOOGLE_CLIENT_IDS",
        "JWT_SECRET_PREVIOUS",
        "MAIL_FROM",
        "MAIL_PAGES_URL",
        "TRUSTED_PROXIES",
    ];
    assert_eq!(named(&text), expected);
}

#[test]
fn proxies_are_addresses_or_networks() {
    let given = [("TRUSTED_PROXIES", "10.0.0.0/8, ::1,192.0.2.7")];
    let settings = parse::settings(&Raw::of(&given)).unwrap();
    let proxies: Vec<_> = settings
        .trusted_proxies
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(proxies, ["10.0.0.0/8", "::1/128", "192.0.2.7/32"]);
}

#[test]
fn the_region_of_aws_is_taken_where_s3_has_none() {
    for (given, expected) in [
        (&[][..], "us-east-1"),
        (&[("AWS_REGION", "eu-west-1")], "eu-west-1"),
        (
            &[("AWS_REGION", "eu-west-1"), ("S3_REGION", "auto")],
            "auto",
        ),
    ] {
        let given = [&[("S3_BUCKET", "b")], given].concat();
        let settings = parse::settings(&Raw::of(&given)).unwrap();
        let ObjectSettings::S3(s3) = settings.objects else {
            panic!("{settings:?}")
        };
        assert_eq!(s3.region, expected);
    }
}

#[test]
fn all_faults_are_told_at_once_one_line_each() {
    let text = faults(&[
        ("DATABASE_URL", "mysql://x"),
        ("S3_PREFIX", "p"),
        ("VISION_PROVIDERS", "openai,psychic"),
        ("VISION_TIMEOUT_MS", "0"),
        ("LOG_FORMAT", "xml"),
        ("TOPICS", ","),
    ]);
    let expected = [
        "DATABASE_URL",
        "LOG_FORMAT",
        "OPENAI_API_KEY",
        "S3_BUCKET",
        "TOPICS",
        "VISION_PROVIDERS",
        "VISION_TIMEOUT_MS",
    ];
    assert_eq!(named(&text), expected);
}

#[test]
fn shown_settings_hold_no_secret() {
    let raw = Raw::of(&[
        ("OPENAI_API_KEY", "sk-secret"),
        (
            "DATABASE_URL",
            "postgres://hushed:hush@db/x?user=hushed&password=hush&sslmode=require",
        ),
        ("SMTP_URL", "smtps://u:hush@mail.example"),
        ("REDIS_URL", "redis://:hush@cache.example:6379/1"),
        ("JWT_SECRET", "hush"),
        ("SMARTSIGHT_LISTEN", "127.0.0.1:9000"),
    ]);
    let shown = show(&raw);
    assert!(
        !shown.contains("sk-secret") && !shown.contains("hush"),
        "{shown}"
    );
    for url in [
        "postgres://db/x?user=********&password=********&sslmode=require",
        "redis://cache.example:6379/1",
    ] {
        assert!(shown.contains(url), "{shown}");
    }
    assert!(shown.contains("127.0.0.1:9000  [test]"), "{shown}");
}

#[test]
fn the_registry_reads_and_names_one_default_for_vision_at_each_provider() {
    let models = registry::models().unwrap();
    for provider in ["openai", "anthropic", "gemini"] {
        let is_default = |m: &&registry::KnownModel| {
            m.default && m.used_for == "vision" && m.provider == provider
        };
        assert_eq!(models.iter().filter(is_default).count(), 1, "{provider}");
    }
}

#[test]
fn vision_must_end_before_the_request_does() {
    let allowed = |pairs: &[(&str, &str)]| parse::settings(&Raw::of(pairs)).is_ok();
    let both = ("VISION_PROVIDERS", "local,local");
    assert!(allowed(&[("VISION_TIMEOUT_MS", "90000")]));
    assert!(allowed(&[("VISION_TIMEOUT_MS", "90000"), both]));
    let line = faults(&[("VISION_TIMEOUT_MS", "90001"), both]);
    assert_eq!(
        line.trim(),
        "VISION_TIMEOUT_MS: must be a whole number from 100 to 90000"
    );
}

/// The models of a chain, in its order.
#[track_caller]
fn models(pairs: &[(&str, &str)]) -> Vec<String> {
    let keys = [
        ("OPENAI_API_KEY", "sk-x"),
        ("ANTHROPIC_API_KEY", "sk-ant-x"),
        ("GEMINI_API_KEY", "AIza-x"),
    ];
    let settings = parse::settings(&Raw::of(&[&keys, pairs].concat())).unwrap();
    let model = |provider: &Provider| match provider {
        Provider::OpenAi(openai) => openai.model.clone(),
        Provider::Anthropic(hosted) | Provider::Gemini(hosted) => hosted.model.clone(),
        Provider::Local => "local".to_owned(),
    };
    settings.vision.providers.iter().map(model).collect()
}

#[test]
fn a_chain_has_the_models_of_the_registry() {
    let chain = ("VISION_PROVIDERS", "openai, anthropic,gemini,local");
    let expected = [
        "gpt-6-luna",
        "claude-haiku-5-5",
        "gemini-3.8-flash",
        "local",
    ];
    assert_eq!(models(&[chain]), expected);
}

#[test]
fn vision_model_is_that_of_the_first_provider_and_each_can_have_its_own() {
    let set = [
        ("VISION_PROVIDERS", "local,anthropic,gemini"),
        ("VISION_MODEL", "claude-x"),
    ];
    assert_eq!(models(&set), ["local", "claude-x", "gemini-3.8-flash"]);
    let own = ("GEMINI_VISION_MODEL", "gemini-x");
    let set = [set[0], set[1], own];
    assert_eq!(models(&set), ["local", "claude-x", "gemini-x"]);
}

#[test]
fn a_provider_without_its_key_is_told() {
    let text = faults(&[("VISION_PROVIDERS", "anthropic,gemini")]);
    assert_eq!(named(&text), ["ANTHROPIC_API_KEY", "GEMINI_API_KEY"]);
}

#[test]
fn traces_go_where_they_are_told_and_nowhere_else() {
    let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");
    let traces = |pairs: &[(&str, &str)]| parse::settings(&Raw::of(pairs)).unwrap().traces;
    assert!(traces(&[("OTEL_TRACES_SAMPLER_ARG", "0.5")]).is_none());
    let headers = ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=a=b, x-team = c");
    let share = ("OTEL_TRACES_SAMPLER_ARG", "0.5");
    let traces = traces(&[endpoint, headers, share]).unwrap();
    assert_eq!((traces.headers.len(), traces.share), (2, 0.5));
    assert!(!format!("{traces:?}").contains("a=b"));
    let text = faults(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "x"),
        ("OTEL_TRACES_SAMPLER_ARG", "2"),
    ]);
    let expected = [
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "OTEL_EXPORTER_OTLP_HEADERS",
        "OTEL_TRACES_SAMPLER_ARG",
    ];
    assert_eq!(named(&text), expected);
}

#[test]
fn a_public_address_of_the_store_needs_a_bucket() {
    let public = ("S3_PUBLIC_ENDPOINT_URL", "https://objects.example.org");
    assert_eq!(named(&faults(&[public])), ["S3_BUCKET"]);
    parse::settings(&Raw::of(&[public, ("S3_BUCKET", "b")])).unwrap();
}

use super::model::{Mode, Provider};
use super::raw::Raw;
use super::{parse, registry, show};

#[track_caller]
fn faults(pairs: &[(&str, &str)]) -> String {
    parse::settings(&Raw::of(pairs)).unwrap_err().to_string()
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
    let settings = parse::settings(&Raw::of(&[("SMARTSIGHT_LISTEN", "0.0.0.0:80")])).unwrap();
    assert_eq!(settings.mode, Mode::Secured);
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
    let mut named: Vec<_> = text
        .lines()
        .map(|line| line.split(':').next().unwrap())
        .collect();
    named.sort_unstable();
    let expected = [
        "DATABASE_URL",
        "LOG_FORMAT",
        "OPENAI_API_KEY",
        "S3_BUCKET",
        "TOPICS",
        "VISION_PROVIDERS",
        "VISION_TIMEOUT_MS",
    ];
    assert_eq!(named, expected);
}

#[test]
fn shown_settings_hold_no_secret() {
    let raw = Raw::of(&[
        ("OPENAI_API_KEY", "sk-secret"),
        ("DATABASE_URL", "postgres://u:hush@db/x"),
        ("SMARTSIGHT_LISTEN", "127.0.0.1:9000"),
    ]);
    let shown = show(&raw);
    assert!(
        !shown.contains("sk-secret") && !shown.contains("hush"),
        "{shown}"
    );
    assert!(shown.contains("127.0.0.1:9000  [test]"), "{shown}");
}

#[test]
fn the_registry_reads_and_names_one_default_for_vision() {
    let models = registry::models().unwrap();
    let defaults = models
        .iter()
        .filter(|m| m.default && m.used_for == "vision")
        .count();
    assert_eq!(defaults, 1);
}

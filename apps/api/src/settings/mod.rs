//! Settings: read once from the environment and `smartsight.toml`, checked as a whole, then
//! immutable.

mod accounts;
mod background;
mod fault;
mod limits;
mod model;
mod parse;
mod raw;
mod registry;
mod reuse;
mod show;
mod spending;
mod traces;
mod variables;
mod vision;
mod voice;

pub(crate) use background::BackgroundSettings;
pub(crate) use fault::Faults;
pub(crate) use model::{
    AccessKeys, GoogleSettings, HostedSettings, LogFormat, Mode, ObjectSettings, OpenAiSettings,
    Provider, RateSettings, RealtimeModelSettings, S3Settings, Settings, SpendingSettings,
    TraceSettings, VoiceSettings, WaitingSettings,
};
pub(crate) use raw::Raw;
pub(crate) use registry::{default_model, known_model};
pub(crate) use show::show;

/// Reads and checks all settings.
///
/// # Errors
/// Every fault there is, one line each.
pub(crate) fn load() -> Result<(Settings, Raw), Faults> {
    let raw = Raw::read("smartsight.toml")?;
    let settings = parse::settings(&raw)?;
    Ok((settings, raw))
}

/// Settings given as pairs; for tests.
#[cfg(test)]
#[track_caller]
pub(crate) fn tests_only(pairs: &[(&str, &str)]) -> Settings {
    parse::settings(&Raw::of(pairs)).unwrap()
}

#[cfg(test)]
mod tests;

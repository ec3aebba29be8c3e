//! The settings of the voice tutor.

use std::time::Duration;

use realtime::RealtimeSettings;
use spending::PriceTable;
use url::Url;
use voice::client::VoiceName;
use voice::{ContextMode, LimitRules, VoiceRules};

use super::model::{RealtimeModelSettings, VoiceSettings};
use super::parse::Reader;
use super::registry;

const MOST: u32 = 1_000_000;
const OPENAI: &str = "https://api.openai.com/v1";

impl Reader<'_> {
    pub(super) fn voice(&mut self, prices: &PriceTable) -> VoiceSettings {
        let usual = VoiceRules::default();
        let LimitRules {
            per_user,
            in_all,
            minutes_a_day,
            ..
        } = usual.limits;
        VoiceSettings {
            model: self.realtime(prices),
            voice: self.tutor_voice(usual.voice),
            topics: self.voice_topics(usual.topics),
            context: self.voice_context(),
            max_per_user: self.number("VOICE_MAX_PER_USER", per_user, 0..=MOST),
            max_sessions: self.number("VOICE_MAX_SESSIONS", in_all, 0..=MOST),
            minutes_a_day: self.number("VOICE_MINUTES_A_DAY", minutes_a_day, 0..=1440),
            idle: Duration::from_secs(self.number("VOICE_IDLE_S", 300, 10..=3600).into()),
        }
    }

    /// With a key, or an address: servers in the own house may need no key.
    fn realtime(&mut self, prices: &PriceTable) -> Option<RealtimeModelSettings> {
        let key = self.raw.get("OPENAI_API_KEY");
        if key.is_none() && self.raw.get("REALTIME_URL").is_none() {
            return None;
        }
        let named = |reader: &Self, name: &str, used_for| {
            let set = reader.raw.get(name).map(str::to_owned);
            set.or_else(|| registry::default_model("openai", used_for))
        };
        let model = named(self, "REALTIME_MODEL", "realtime");
        if model.is_none() {
            let fix = "must be set: the registry names no default";
            self.faults.add("REALTIME_MODEL", fix);
        }
        let model = model?;
        Some(RealtimeModelSettings {
            url: self.realtime_url()?,
            api_key: key.map(Into::into),
            prices: prices.of("openai", &model),
            transcription_model: named(self, "REALTIME_TRANSCRIPTION_MODEL", "transcription"),
            model,
        })
    }

    /// A base address that is no URL is told with the provider openai.
    fn realtime_url(&mut self) -> Option<Url> {
        let Some(text) = self.raw.get("REALTIME_URL") else {
            let base = self.raw.get("OPENAI_BASE_URL").unwrap_or(OPENAI);
            return RealtimeSettings::url_beside(&Url::parse(base).ok()?);
        };
        let url = Url::parse(text).ok();
        let url = url.filter(|url| matches!(url.scheme(), "ws" | "wss") && url.has_host());
        if url.is_none() {
            let fix = "must be a URL that begins with ws:// or wss://";
            self.faults.add("REALTIME_URL", fix);
        }
        url
    }

    fn tutor_voice(&mut self, usual: String) -> String {
        let Some(text) = self.raw.get("REALTIME_VOICE") else {
            return usual;
        };
        if VoiceName::parse(text).is_err() {
            let fix = "must be a name of letters, digits, - and _";
            self.faults.add("REALTIME_VOICE", fix);
        }
        text.to_owned()
    }

    /// By whatever name `TOPICS` knows them.
    fn voice_topics(&mut self, usual: Vec<String>) -> Vec<String> {
        let Some(text) = self.raw.get("VOICE_TOPICS") else {
            return usual;
        };
        // Its own faults are told once.
        let names = self.raw.get("TOPICS").map(topics::AliasTable::parse);
        let names = names.and_then(Result::ok).unwrap_or_default();
        let listed = text
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let canonical = |name| names.canonical(Some(name)).as_str().to_owned();
        listed.map(canonical).collect()
    }

    fn voice_context(&mut self) -> ContextMode {
        match self.raw.get("VOICE_CONTEXT") {
            Some("instructions") | None => ContextMode::Instructions,
            Some("items") => ContextMode::Items,
            Some(_) => {
                let fix = "must be instructions or items";
                self.faults.add("VOICE_CONTEXT", fix);
                ContextMode::Instructions
            }
        }
    }
}

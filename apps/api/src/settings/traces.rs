//! The settings of traces.

use std::collections::HashMap;

use secrecy::SecretString;

use super::model::TraceSettings;
use super::parse::Reader;

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";
const SHARE: &str = "OTEL_TRACES_SAMPLER_ARG";

impl Reader<'_> {
    /// `None` where no collector is named.
    pub(super) fn traces(&mut self) -> Option<TraceSettings> {
        let (endpoint, headers, share) = (self.url(ENDPOINT), self.headers(), self.share());
        Some(TraceSettings {
            endpoint: endpoint?,
            headers,
            share,
        })
    }

    fn headers(&mut self) -> HashMap<String, SecretString> {
        let text = self.raw.get(HEADERS).unwrap_or_default();
        let pairs = text.split(',').filter(|pair| !pair.trim().is_empty());
        let read = |pair: &str| {
            let (name, value) = pair.split_once('=')?;
            let name = name.trim().to_owned();
            (!name.is_empty()).then(|| (name, value.trim().into()))
        };
        let headers: Option<HashMap<_, _>> = pairs.map(read).collect();
        headers.unwrap_or_else(|| {
            let fix = "must be a list such as name=value,name=value";
            self.faults.add(HEADERS, fix);
            HashMap::new()
        })
    }

    fn share(&mut self) -> f64 {
        let Some(text) = self.raw.get(SHARE) else {
            return 1.0;
        };
        let share = text.parse().ok();
        share
            .filter(|share| (0.0..=1.0).contains(share))
            .unwrap_or_else(|| {
                self.faults.add(SHARE, "must be a number from 0 to 1");
                1.0
            })
    }
}

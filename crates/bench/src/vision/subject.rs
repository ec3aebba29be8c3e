//! What is measured: the adapters, or a server.

use std::time::Duration;

use anyhow::{Context, ensure};
use imaging::{Imaging, Limits};
use local_vision::{LocalVision, Settings};
use serde::Deserialize;
use vision::{Bill, ImageInput, ImagePreparer, VisionModel};

use super::processor;
use super::truth::Truth;

/// What was said of one file.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Seen {
    pub(super) is_studying: bool,
    pub(super) topic: Option<String>,
    pub(super) subtopic: Option<String>,
    pub(super) extracted_text: String,
    /// Processor seconds it took, where they can be told.
    #[serde(skip)]
    pub(super) seconds: Option<f64>,
}

/// Looks at files.
pub(super) enum Looker {
    /// By calling the adapters.
    Adapters {
        imaging: Imaging,
        model: LocalVision,
    },
    /// By asking a server.
    Server {
        client: reqwest::Client,
        address: String,
        process: Option<u32>,
    },
}

impl Looker {
    /// Through the server at `url`, or through the adapters.
    pub(super) fn new(url: Option<String>, process: Option<u32>) -> anyhow::Result<Self> {
        Ok(match url {
            None => Self::Adapters {
                imaging: Imaging::new(Limits::default()),
                model: LocalVision::new(Settings::default()),
            },
            Some(url) => Self::Server {
                client: reqwest::Client::builder().build()?,
                address: format!("{}/api/upload-and-analyze", url.trim_end_matches('/')),
                process,
            },
        })
    }

    /// Looks at one file, and at the clock of the processor.
    pub(super) async fn look(&self, truth: &Truth) -> anyhow::Result<Seen> {
        let file = testkit::data::bytes(&truth.file);
        let process = match self {
            Self::Adapters { .. } => Some(None),
            Self::Server { process, .. } => process.map(Some),
        };
        let before = process.map(processor::seconds).transpose()?;
        let seen = match self {
            Self::Adapters { imaging, model } => look(imaging, model, file).await,
            Self::Server {
                client, address, ..
            } => ask(client, address, &truth.file, file).await,
        };
        let after = process.map(processor::seconds).transpose()?;
        Ok(Seen {
            seconds: after.zip(before).map(|(after, before)| after - before),
            ..seen.with_context(|| truth.file.clone())?
        })
    }
}

async fn look(imaging: &Imaging, model: &LocalVision, file: Vec<u8>) -> anyhow::Result<Seen> {
    let prepared = imaging.prepare(file.into(), model.view()).await?;
    let input = ImageInput {
        view: prepared.view,
        link: None,
        student: "bench".to_owned(),
        within: Duration::from_mins(1),
        bill: Bill::default(),
    };
    let content = model.analyze(&input).await?.content;
    Ok(Seen {
        is_studying: content.is_studying,
        topic: content.topic,
        subtopic: content.subtopic,
        extracted_text: content.extracted_text,
        seconds: None,
    })
}

async fn ask(
    client: &reqwest::Client,
    address: &str,
    name: &str,
    file: Vec<u8>,
) -> anyhow::Result<Seen> {
    let part = reqwest::multipart::Part::bytes(file).file_name(name.to_owned());
    let form = reqwest::multipart::Form::new().part("image", part);
    let answer = client
        .post(address)
        .header("X-User-Id", "bench")
        .multipart(form)
        .send()
        .await?;
    let status = answer.status();
    let body = answer.text().await?;
    ensure!(status.is_success(), "{status}: {body}");
    let mut body: serde_json::Value = serde_json::from_str(&body)?;
    let content = body["data"]["analysis"]["contentAnalysis"].take();
    serde_json::from_value(content).context("the answer's contentAnalysis")
}

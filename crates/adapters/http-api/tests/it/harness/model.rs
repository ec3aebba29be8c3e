//! A vision model that says what it is told.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use sessions::ContentAnalysis;
use tokio::sync::Semaphore;
use vision::{ImageInput, ModelError, Sighting, ViewSpec, VisionModel};

/// Answers in the order of its script; after that it sees Biology.
pub(crate) struct ScriptedModel {
    script: Mutex<VecDeque<Result<Sighting, ModelError>>>,
    calls: AtomicUsize,
    gate: Semaphore,
}

impl ScriptedModel {
    pub(crate) fn new() -> Self {
        Self {
            script: Mutex::default(),
            calls: AtomicUsize::new(0),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
        }
    }

    pub(crate) fn then(&self, answer: Result<Sighting, ModelError>) {
        self.script.lock().unwrap().push_back(answer);
    }

    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// Answers wait until [`Self::go_on`].
    pub(crate) fn hold(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    pub(crate) fn go_on(&self) {
        self.gate.add_permits(1000);
    }
}

#[async_trait]
impl VisionModel for ScriptedModel {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn view(&self) -> ViewSpec {
        ViewSpec::Jpeg { max_side: 64 }
    }

    async fn analyze(&self, _: &ImageInput) -> Result<Sighting, ModelError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let _permit = self.gate.acquire().await.unwrap();
        let next = self.script.lock().unwrap().pop_front();
        next.unwrap_or_else(|| Ok(sees("Biology", "Photosynthesis")))
    }
}

/// An active student with this in view.
pub(crate) fn sees(topic: &str, subtopic: &str) -> Sighting {
    Sighting {
        content: ContentAnalysis {
            is_studying: true,
            is_active: true,
            is_distracted: false,
            topic: Some(topic.to_owned()),
            subtopic: Some(subtopic.to_owned()),
            extracted_text: format!("A page about {subtopic}."),
        },
        model: "scripted-1".to_owned(),
    }
}

//! One adapter, one simulator.

use std::io::Cursor;
use std::marker::PhantomData;
use std::time::Duration;

use bytes::Bytes;
use image::{ImageFormat, RgbImage};
use vision::{Bill, ImageInput, ModelError, Sighting, View, VisionModel};

use super::{Adapter, Wishes};
use crate::sim::{Fault, Script, SimOptions, Simulator, Step};

pub(super) const KEY: &str = "the-right-key";

pub(super) struct House<A> {
    pub(super) simulator: Simulator,
    pub(super) wishes: Wishes,
    adapter: PhantomData<A>,
}

impl<A: Adapter> House<A> {
    /// A simulator that takes one key and one model, and settings that fit.
    pub(super) async fn new() -> Self {
        let simulator = Simulator::start_with(SimOptions {
            keys: Some(vec![KEY.to_owned()]),
            models: Some(vec!["m-1".to_owned()]),
            ..SimOptions::default()
        })
        .await;
        let wishes = Wishes {
            base: A::base(&simulator),
            key: KEY.to_owned(),
            model: "m-1".to_owned(),
            timeout: Duration::from_secs(10),
            max_side_px: 1600,
            topics: ["Bio", "Math"].map(str::to_owned).into(),
            max_tokens: None,
        };
        Self {
            simulator,
            wishes,
            adapter: PhantomData,
        }
    }

    /// A house whose simulator plays these steps.
    pub(super) async fn with(steps: impl IntoIterator<Item = Step>) -> Self {
        let house = Self::new().await;
        house.simulator.script(Script::new().queue(steps));
        house
    }

    #[track_caller]
    pub(super) fn model(&self) -> A::Model {
        A::model(self.wishes.clone()).unwrap_or_else(|fault| panic!("{fault}"))
    }

    pub(super) async fn look(&self, image: &ImageInput) -> Result<Sighting, ModelError> {
        self.model().analyze(image).await
    }

    pub(super) async fn sees(&self, image: &ImageInput) -> Sighting {
        let seen = self.look(image).await;
        seen.unwrap_or_else(|error| panic!("{error}"))
    }

    /// The failure to look, in words.
    pub(super) async fn complaint(&self) -> String {
        match self.look(&page()).await {
            Err(error) => error.to_string(),
            Ok(seen) => panic!("{seen:?}"),
        }
    }
}

/// The answer to one step, and how many requests it took.
pub(super) async fn failure<A: Adapter>(step: Step) -> (ModelError, u64) {
    let house = House::<A>::with([step]).await;
    match house.look(&page()).await {
        Err(error) => (error, house.simulator.request_count()),
        Ok(seen) => panic!("{seen:?}"),
    }
}

/// Milliseconds between attempts, so that tests take none.
pub(super) fn rate_limit(retry_after_ms: u64) -> Step {
    Step::fault(Fault::RateLimit {
        retry_after_ms: Some(retry_after_ms),
    })
}

/// A small black JPEG, to be looked at within a minute.
pub fn page() -> ImageInput {
    let mut file = Cursor::new(Vec::new());
    let written = RgbImage::new(64, 48).write_to(&mut file, ImageFormat::Jpeg);
    written.unwrap_or_else(|error| panic!("{error}"));
    ImageInput {
        view: View::Jpeg {
            bytes: Bytes::from(file.into_inner()),
            width: 64,
            height: 48,
        },
        link: None,
        student: "student-1".to_owned(),
        within: Duration::from_mins(1),
        bill: Bill::default(),
    }
}

/// The file of a view.
pub(super) fn file(image: &ImageInput) -> &Bytes {
    match &image.view {
        View::Jpeg { bytes, .. } => bytes,
        View::Grey { .. } => panic!("{image:?}"),
    }
}

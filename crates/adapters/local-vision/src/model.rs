//! The port.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use vision::{ImageInput, ModelError, Sighting, View, ViewSpec, VisionModel};

use crate::Settings;
use crate::judge::judge;
use crate::look;
use crate::luma::Luma;
use crate::tesseract::Tesseract;

/// Print of eight points on a page that fills the frame is still legible at this size.
const MAX_SIDE: u32 = 4096;
/// How the model is named in answers.
const MODEL: &str = "local-vision-1";

/// Looks at photos on this machine. Share one between all requests: its bound on photos looked at
/// in the same moment counts for all calls together.
#[derive(Debug, Clone)]
pub struct LocalVision {
    pub(crate) settings: Settings,
    pub(crate) reader: Tesseract,
    pub(crate) lanes: Arc<Semaphore>,
}

impl LocalVision {
    /// A model that runs the reader of these settings; nothing is started yet.
    pub fn new(settings: Settings) -> Self {
        Self {
            reader: Tesseract::new(settings.clone()),
            lanes: Arc::new(Semaphore::new(settings.processes.get())),
            settings,
        }
    }

    /// Asks the reader for its version ("tesseract 5.3.0") and languages.
    ///
    /// # Errors
    /// [`ModelError::Unavailable`] with what to install, when it is missing or lacks a language.
    pub async fn check(&self) -> Result<String, ModelError> {
        timeout(self.settings.deadline, self.reader.version())
            .await
            .unwrap_or(Err(ModelError::Timeout))
    }

    /// Waits for a lane and looks.
    async fn look(&self, picture: Luma) -> Result<Sighting, ModelError> {
        let closed = |_| ModelError::Unavailable("local vision is shutting down".to_owned());
        let _lane = self.lanes.acquire().await.map_err(closed)?;
        let reading = look::read(&self.reader, picture).await?;
        Ok(Sighting {
            content: judge(&reading),
            model: MODEL.to_owned(),
        })
    }
}

#[async_trait]
impl VisionModel for LocalVision {
    fn name(&self) -> &'static str {
        "local"
    }

    fn view(&self) -> ViewSpec {
        ViewSpec::Grey { max_side: MAX_SIDE }
    }

    async fn analyze(&self, image: &ImageInput) -> Result<Sighting, ModelError> {
        let picture = picture(&image.view)?;
        timeout(self.settings.deadline.min(image.within), self.look(picture))
            .await
            .unwrap_or(Err(ModelError::Timeout))
    }
}

pub(crate) fn picture(view: &View) -> Result<Luma, ModelError> {
    let View::Grey {
        pixels,
        width,
        height,
    } = view
    else {
        return Err(ModelError::BadOutput(
            "local vision was given a view other than grey".to_owned(),
        ));
    };
    Luma::new(pixels.to_vec(), *width as usize, *height as usize)
        .ok_or_else(|| ModelError::BadOutput("the view's pixels do not fill it".to_owned()))
}

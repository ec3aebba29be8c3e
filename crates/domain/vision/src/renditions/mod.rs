//! Smaller copies of images, made in jobs, and links to what may be shown of an image.
//!
//! `links` tells what there is and asks for what is missing: most pictures of a sitting are never
//! looked at. `ask` accepts a job for an image, `make` is what it does.

mod ask;
mod links;
mod make;

use std::sync::Arc;

use jobs::JobStore;
use kernel::{Clock, Ids};
use objects::ObjectStore;
use sessions::Profiles;

use crate::image::ImagePreparer;
use crate::vision::VisionRules;

pub use links::ImageLinks;
pub use make::ImageHandler;

/// The kind of these jobs.
const KIND: &str = "image";
/// A copy to show on a screen: its name, and its longer side in pixels.
const DISPLAY: (&str, u32) = ("display", 1600);
/// A copy to show among others.
const THUMBNAIL: (&str, u32) = ("thumbnail", 320);

/// Makes smaller copies of images.
#[derive(Clone)]
pub struct Renditions {
    ports: Arc<RenditionPorts>,
    rules: VisionRules,
}

/// What [`Renditions`] works with.
pub struct RenditionPorts {
    /// Decodes images.
    pub images: Arc<dyn ImagePreparer>,
    /// Keeps them.
    pub objects: Arc<dyn ObjectStore>,
    /// Accepts jobs.
    pub jobs: Arc<dyn JobStore>,
    /// Reads profiles.
    pub profiles: Profiles,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
}

impl Renditions {
    /// The facade over its ports. Links work as long as those to images.
    pub fn new(ports: RenditionPorts, rules: VisionRules) -> Self {
        Self {
            ports: Arc::new(ports),
            rules,
        }
    }
}

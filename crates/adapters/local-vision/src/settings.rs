//! How the reader is run.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

/// Where the reader is and what it may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The program: a path, or a name that is looked up in `PATH`.
    pub program: PathBuf,
    /// Its languages as it names them, such as `eng` or `kor+eng`.
    pub languages: String,
    /// The most photos prepared and read at the same moment.
    pub processes: NonZeroUsize,
    /// How long one photo may take, the wait for its turn included.
    pub deadline: Duration,
}

impl Default for Settings {
    /// `tesseract` from `PATH`, English, one photo for each processor, 30 seconds.
    fn default() -> Self {
        Self {
            program: "tesseract".into(),
            languages: "eng".to_owned(),
            processes: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            deadline: Duration::from_secs(30),
        }
    }
}

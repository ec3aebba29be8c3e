//! The child process.

use std::io;
use std::process::Stdio;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use vision::ModelError;

use super::table::{self, Word};
use super::tiff::tiff;
use crate::Settings;
use crate::luma::Luma;

/// An answer is cut here; a page has some 50 kB.
const MAX_ANSWER_BYTES: u64 = 8 << 20;
const MAX_COMPLAINT_BYTES: u64 = 4 << 10;

/// What the reader takes a picture for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Anything: columns, figures, tables.
    Page,
    /// One line.
    Line,
    /// One line that is taken as it is, without a look at single letters: for blurred ones.
    BlurredLine,
}

impl Layout {
    /// The program's number for it.
    const fn segmentation_mode(self) -> &'static str {
        match self {
            Self::Page => "3",
            Self::Line => "7",
            Self::BlurredLine => "13",
        }
    }
}

/// The program and its languages.
#[derive(Debug, Clone)]
pub(crate) struct Tesseract {
    settings: Settings,
}

impl Tesseract {
    pub(crate) fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// The program's version line, after checking that it has the languages.
    ///
    /// # Errors
    /// [`ModelError::Unavailable`] that says what to install.
    pub(crate) async fn version(&self) -> Result<String, ModelError> {
        let listed = self.output(&["--list-langs"]).await?;
        for language in self.settings.languages.split('+') {
            if !listed.lines().any(|line| line.trim() == language) {
                return Err(missing_language(language));
            }
        }
        let version = self.output(&["--version"]).await?;
        Ok(version.lines().next().unwrap_or_default().trim().to_owned())
    }

    /// Reads the words of pictures: one after the other, each in reading order.
    ///
    /// The process dies with the returned future.
    pub(crate) async fn read(
        &self,
        pictures: &[Luma],
        layout: Layout,
    ) -> Result<Vec<Word>, ModelError> {
        if pictures.is_empty() {
            return Ok(Vec::new());
        }
        let languages = self.settings.languages.as_str();
        let mode = layout.segmentation_mode();
        let arguments = ["stdin", "stdout", "-l", languages, "--psm", mode, "tsv"];
        let mut child = self.spawn(&arguments)?;
        let answer = converse(&mut child, &tiff(pictures)).await;
        let (answer, complaint) = answer.map_err(|error| self.broken(&error))?;
        let status = child.wait().await.map_err(|error| self.broken(&error))?;
        if !status.success() {
            let last = complaint.lines().last().unwrap_or("no reason given");
            return Err(ModelError::Unavailable(format!(
                "tesseract failed ({status}): {last}"
            )));
        }
        Ok(table::words(&answer))
    }

    async fn output(&self, arguments: &[&str]) -> Result<String, ModelError> {
        let mut child = self.spawn(arguments)?;
        let answer = converse(&mut child, &[]).await;
        let (answer, complaint) = answer.map_err(|error| self.broken(&error))?;
        // Some versions answer on the error stream.
        Ok(answer + &complaint)
    }

    fn spawn(&self, arguments: &[&str]) -> Result<Child, ModelError> {
        Command::new(&self.settings.program)
            .args(arguments)
            // One photo, one processor: how many run at once is decided by the caller.
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| self.broken(&error))
    }

    fn broken(&self, error: &io::Error) -> ModelError {
        let program = self.settings.program.display();
        ModelError::Unavailable(if error.kind() == io::ErrorKind::NotFound {
            format!("{program} is not installed; `apt-get install tesseract-ocr` installs it")
        } else {
            format!("{program} cannot be run: {error}")
        })
    }
}

fn missing_language(language: &str) -> ModelError {
    ModelError::Unavailable(format!(
        "tesseract cannot read {language}; `apt-get install tesseract-ocr-{}` installs it",
        language.replace('_', "-")
    ))
}

/// Writes `input` while the answer and the complaints are read, so that neither side waits for the
/// other.
async fn converse(child: &mut Child, input: &[u8]) -> io::Result<(String, String)> {
    let stdin = child.stdin.take();
    let write = async move {
        let Some(mut stdin) = stdin else {
            return Ok(());
        };
        match stdin.write_all(input).await {
            // It went away without reading all; its exit status says more.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written,
        }
    };
    let stdout = bounded(child.stdout.take(), MAX_ANSWER_BYTES);
    let stderr = bounded(child.stderr.take(), MAX_COMPLAINT_BYTES);
    let ((), answer, complaint) = tokio::try_join!(write, stdout, stderr)?;
    Ok((answer, complaint))
}

async fn bounded(
    stream: Option<impl tokio::io::AsyncRead + Unpin>,
    most_bytes: u64,
) -> io::Result<String> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        (&mut stream)
            .take(most_bytes)
            .read_to_end(&mut bytes)
            .await?;
        // What is too much is read and dropped, so that the process does not hang on a full pipe.
        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

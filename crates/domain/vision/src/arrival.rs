//! Images that clients have put into the store themselves.

use objects::{ArrivalError, ObjectKey, Promise, Uploads};

use crate::error::AnalyzeError;
use crate::image::Prepared;
use crate::vision::Vision;

impl Vision {
    /// The same, which also takes what was put behind upload links.
    #[must_use]
    pub fn receiving(self, uploads: Uploads) -> Self {
        let uploads = Some(uploads);
        Self { uploads, ..self }
    }

    /// What was promised of a stored image that nobody has asked for yet.
    pub(crate) async fn promised(&self, key: &ObjectKey) -> Result<Option<Promise>, AnalyzeError> {
        match &self.uploads {
            Some(uploads) => Ok(uploads.arrived(key).await?),
            None => Ok(None),
        }
    }

    /// From here on the image is one like any other, if it is what was promised.
    pub(crate) async fn claim(
        &self,
        key: &ObjectKey,
        promise: Option<&Promise>,
        (file, prepared): (&[u8], &Prepared),
    ) -> Result<(), AnalyzeError> {
        if let (Some(uploads), Some(promise)) = (&self.uploads, promise) {
            let found = (file, prepared.format.content_type());
            uploads.claim(key, promise, found).await?;
        }
        Ok(())
    }
}

impl From<ArrivalError> for AnalyzeError {
    fn from(error: ArrivalError) -> Self {
        match error {
            ArrivalError::Missing => Self::ObjectNotFound,
            ArrivalError::Mismatch(field) => Self::Mismatch(field),
            ArrivalError::Port(error) => Self::Storage(error),
        }
    }
}

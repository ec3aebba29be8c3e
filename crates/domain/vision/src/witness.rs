//! A second opinion on whether there is text in a picture.

use std::pin::pin;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::{Either, select};
use kernel::UserId;

use crate::image::{View, ViewSpec};
use crate::insight::Insight;
use crate::model::ModelError;
use crate::vision::{Accepted, Vision};

/// Tells whether there is text in a picture, without a provider.
#[async_trait]
pub trait TextWitness: Send + Sync {
    /// What it wants to see.
    fn view(&self) -> ViewSpec;

    /// Whether there is text; `None` when it cannot tell, or has no time to look.
    async fn sees_text(&self, view: &View) -> Option<bool>;
}

impl Vision {
    /// The same, marking what a model says that this witness contradicts.
    #[must_use]
    pub fn with_witness(self, witness: Arc<dyn TextWitness>) -> Self {
        Self {
            witness: Some(witness),
            ..self
        }
    }

    /// What a model says. The witness looks meanwhile and is not waited for: what it has not seen by
    /// then is not disputed.
    pub(crate) async fn look_beside_witness(
        &self,
        user: UserId,
        image: &Accepted,
    ) -> Result<Insight, ModelError> {
        let Some(witness) = self.witness.as_deref() else {
            return self.look(user, image).await;
        };
        let looking = pin!(self.look(user, image));
        let testifying = pin!(self.testify(witness, image));
        match select(looking, testifying).await {
            Either::Left((seen, _)) => seen,
            Either::Right((witnessed, looking)) => {
                let insight = looking.await?.compared_with(witnessed);
                if insight.text_disputed {
                    let model = &insight.sighting.model;
                    tracing::info!(model, key = %image.key, "it is disputed whether there is text");
                }
                Ok(insight)
            }
        }
    }

    async fn testify(&self, witness: &dyn TextWitness, image: &Accepted) -> Option<bool> {
        let prepared = self
            .ports
            .images
            .prepare(image.file.clone(), witness.view());
        witness.sees_text(&prepared.await.ok()?.view).await
    }
}

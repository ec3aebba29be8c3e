//! Asking the models, first to last.

use std::time::Duration;

use futures_util::future::{Either, select};
use kernel::UserId;
use patience::Standing;
use url::Url;

use crate::chain::Link;
use crate::image::{Prepared, View, ViewSpec};
use crate::insight::{Insight, SaidBy};
use crate::model::{ImageInput, ModelError, Sighting, VisionModel};
use crate::vision::{Accepted, Delivery, Vision};

/// Models keep their time themselves; one that does not is given up so much later.
const GRACE: Duration = Duration::from_millis(250);

impl Vision {
    /// Each model's name and how it stands, in the order they are asked.
    pub fn standings(&self) -> Vec<(&'static str, Standing)> {
        self.ports.models.standings()
    }

    /// The first usable answer. When no model has one, the first failure is returned: it is that
    /// of the model the operator meant to use.
    pub(crate) async fn look(&self, user: UserId, image: &Accepted) -> Result<Insight, ModelError> {
        let clock = &self.ports.clock;
        let mut round = self.ports.models.round(clock.now());
        let mut first_error = None;
        while let Some((link, within)) = round.next(clock.now()) {
            let seen = self.ask(link, user, image, within).await;
            link.learns(clock.now(), &seen);
            match seen {
                Ok(sighting) if self.ports.models.is_first(link) => {
                    return Ok(Insight::new(SaidBy::First, sighting));
                }
                Ok(sighting) => return Ok(Insight::new(SaidBy::Fallback, sighting)),
                Err(error) => {
                    tracing::warn!(provider = link.model.name(), error = %error, "vision model failed");
                    first_error.get_or_insert(error);
                }
            }
        }
        Err(first_error.unwrap_or(ModelError::Unavailable(
            "no vision model is set up".to_owned(),
        )))
    }

    async fn ask(
        &self,
        link: &Link,
        user: UserId,
        image: &Accepted,
        within: Duration,
    ) -> Result<Sighting, ModelError> {
        let looking = self.show(link.model.as_ref(), user, image, within);
        let patience = self.ports.timer.sleep(within + GRACE);
        match select(Box::pin(looking), patience).await {
            Either::Left((seen, _)) => seen,
            Either::Right(((), _)) => Err(ModelError::Timeout),
        }
    }

    async fn show(
        &self,
        model: &dyn VisionModel,
        user: UserId,
        image: &Accepted,
        within: Duration,
    ) -> Result<Sighting, ModelError> {
        let view = self.view_for(model.view(), image).await?;
        let link = self.view_link(&view, image).await;
        let account = self.account(user);
        let input = ImageInput {
            view,
            link,
            student: user.pseudonym(),
            within,
            bill: account.bill(),
        };
        model.analyze(&input).await
    }

    async fn view_for(&self, spec: ViewSpec, image: &Accepted) -> Result<View, ModelError> {
        let first = self.ports.models.first();
        if first.is_some_and(|first| first.view() == spec) {
            return Ok(image.prepared.view.clone());
        }
        let prepared = self.ports.images.prepare(image.file.clone(), spec).await;
        let Prepared { view, .. } =
            prepared.map_err(|fault| ModelError::Unavailable(format!("no view: {fault}")))?;
        Ok(view)
    }

    /// A link to the view, where links are wanted and the store takes it; else the bytes go.
    async fn view_link(&self, view: &View, image: &Accepted) -> Option<Url> {
        let (Delivery::Links, View::Jpeg { bytes, .. }) = (self.rules.delivery, view) else {
            return None;
        };
        let key = image.key.rendition("view");
        let objects = &self.ports.objects;
        let stored = self.put_in_time(&key, "image/jpeg", bytes.clone()).await;
        let linked = match stored {
            Ok(()) => {
                objects
                    .link(&key, self.ports.clock.now(), self.rules.link_ttl)
                    .await
            }
            Err(error) => Err(error),
        };
        linked
            .inspect_err(
                |error| tracing::warn!(key = %key, error = %error, "no link, bytes are sent"),
            )
            .ok()
            .map(|link| link.url)
    }
}

//! `POST /v1/responses`.
//!
//! Order: the request is checked as the provider checks it (`request`, `schema`, `image`), a step
//! is taken from the script, the model's words are made, put into a response object (`object`,
//! `tokens`) and sent whole or as a stream (`stream`).

mod faults;
mod image;
mod object;
mod request;
mod schema;
mod stream;
pub(super) mod tokens;

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Router};
use bytes::Bytes;

use self::request::Request;
use super::error::ApiError;
use super::models;
use super::picture::SeenImage;
use super::script::{Asked, Fault, Reply};
use super::sending;
use super::state::State;
use super::wire::Cut;
use super::words;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new().route("/v1/responses", post(create))
}

async fn create(
    Shared(state): Shared<Arc<State>>,
    Extension(cut): Extension<Cut>,
    body: Bytes,
) -> Response {
    match answer(&state, cut, &body).await {
        Ok(response) => response,
        Err(error) => error.into_response(),
    }
}

async fn answer(state: &State, cut: Cut, body: &[u8]) -> Result<Response, ApiError> {
    let request = Request::parse(body)?;
    models::check(state, request.model())?;
    let images = image::look_at_all(&request).await?;
    let step = sending::next_step(state, asked(&request, &images), &cut).await;
    if let Reply::Fault(fault) = &step.reply {
        faults::error(fault, &request).map_or(Ok(()), Err)?;
    }
    let words = words::of(&step, &request.question(&images));
    let object = object::build(state.serial(), &request, &images, words);
    state.bill(object::bill(&object, &images));
    Ok(if request.streams() {
        let broken = matches!(step.reply, Reply::Fault(Fault::StreamError));
        sending::events(stream::events(&object, broken), &step.reply, cut)
    } else {
        sending::whole_object(&object, &step.reply, cut)
    })
}

fn asked(request: &Request, images: &[SeenImage]) -> Asked {
    Asked {
        student: request.student().to_owned(),
        images: images.iter().map(|image| image.sha256.clone()).collect(),
        body: request.body.clone(),
        ..Asked::default()
    }
}

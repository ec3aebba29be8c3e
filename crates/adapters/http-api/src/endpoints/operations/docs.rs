//! `GET /api-docs` and `GET /api-docs/openapi.json`

use std::sync::Arc;

use axum::{Extension, Json, Router};
use utoipa::openapi::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::state::Shared;

/// Where the Swagger UI is found.
pub(crate) const DOCS_PATH: &str = "/api-docs";
const DOCUMENT_PATH: &str = "/api-docs/openapi.json";

/// The OpenAPI document.
#[derive(Clone)]
pub(crate) struct Document(Arc<OpenApi>);

impl Document {
    pub(crate) fn new(document: OpenApi) -> Self {
        Self(Arc::new(document))
    }
}

/// This document
#[utoipa::path(
    get, path = "/api-docs/openapi.json", tag = "Operations", security(()),
    responses((status = 200, description = "OpenAPI 3.1.", body = Object, content_type = "application/json")),
)]
pub(super) async fn openapi_document(
    Extension(Document(document)): Extension<Document>,
) -> Json<Arc<OpenApi>> {
    Json(document)
}

/// The pages that show the document.
pub(crate) fn swagger_ui() -> Router<Shared> {
    let config = Config::from(DOCUMENT_PATH).try_it_out_enabled(true);
    SwaggerUi::new(DOCS_PATH).config(config).into()
}

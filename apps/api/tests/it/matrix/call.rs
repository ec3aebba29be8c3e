//! Requests, apart from who sends them.

use std::sync::atomic::{AtomicU32, Ordering};

use image::{ExtendedColorType, ImageEncoder};
use reqwest::RequestBuilder;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

/// One request.
pub(super) struct Call {
    /// With its query, below the mount.
    pub(super) path: String,
    headers: Vec<(&'static str, String)>,
    body: Body,
}

enum Body {
    Nothing,
    Json(Value),
    /// An image and these fields.
    Form(Vec<(&'static str, String)>),
}

/// A request without a body.
pub(super) fn at(path: impl Into<String>) -> Call {
    Call {
        path: path.into(),
        headers: Vec::new(),
        body: Body::Nothing,
    }
}

impl Call {
    pub(super) fn json(self, value: Value) -> Self {
        let body = Body::Json(value);
        Self { body, ..self }
    }

    /// A form with an image and these fields.
    pub(super) fn form<const N: usize>(self, fields: [(&'static str, &str); N]) -> Self {
        let fields = fields.map(|(name, value)| (name, value.to_owned()));
        let body = Body::Form(fields.into());
        Self { body, ..self }
    }

    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(super) fn fill(&self, mut request: RequestBuilder) -> RequestBuilder {
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        match &self.body {
            Body::Nothing => request,
            Body::Json(value) => request.json(value),
            Body::Form(fields) => request.multipart(form(fields)),
        }
    }
}

fn form(fields: &[(&'static str, String)]) -> Form {
    let image = Part::bytes(picture()).file_name("picture.png");
    let whole = Form::new().part("image", image);
    let add = |form: Form, (name, value): &(&'static str, String)| form.text(*name, value.clone());
    fields.iter().fold(whole, add)
}

/// A small picture.
fn picture() -> Vec<u8> {
    let mut png = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut png);
    let pixels = [200; 32 * 32];
    let written = encoder.write_image(&pixels, 32, 32, ExtendedColorType::L8);
    written.unwrap();
    png
}

/// A number that was not given before.
pub(super) fn fresh() -> u32 {
    static LAST: AtomicU32 = AtomicU32::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

/// An address that nobody has.
pub(super) fn fresh_email() -> String {
    format!("somebody-{}@example.org", fresh())
}

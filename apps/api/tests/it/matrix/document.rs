//! The OpenAPI document as a server serves it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::call::at;
use super::people::World;
use super::who::Who;
use crate::harness::Answer;

/// The mount that the document describes.
pub(super) const MOUNT: &str = "/api/v1";
/// The other one.
pub(super) const OTHER_MOUNT: &str = "/api";
const HEADER_OF_SESSION: &str = "X-Session-Id";

/// The document. An operation is called by its method and its path below the mount, as
/// `GET /session/{sessionId}`.
pub(super) struct Document(Value);

impl Document {
    pub(super) async fn served(world: &World) -> Self {
        let call = at("/api-docs/openapi.json");
        Self(world.ask("GET", "", &call, Who::Nobody).await.body)
    }

    pub(super) fn operations(&self) -> BTreeSet<String> {
        self.each().map(|(operation, _)| operation).collect()
    }

    /// Whether an answer's status, and of a failure its code, are among those of the operation.
    pub(super) fn lists(&self, operation: &str, answer: &Answer) -> bool {
        let mut all = self.each();
        let found = all.find(|(name, _)| name == operation);
        let (_, document) = found.unwrap_or_else(|| panic!("no {operation}"));
        let response = &document["responses"][answer.status.as_str()];
        let examples = &response["content"]["application/json"]["examples"];
        match code_of(answer) {
            Some(code) => examples[code].is_object(),
            None => response.is_object() && !answer.status.is_client_error(),
        }
    }

    /// Where the operations take an id of something somebody has: `path sessionId`, `query …`,
    /// `header …`, `body …` (JSON), `form …`.
    pub(super) fn places(&self) -> BTreeSet<(String, String)> {
        let mut places = BTreeSet::new();
        for (operation, document) in self.each() {
            let of_body = self.properties(document);
            let all = parameters(document).chain(of_body);
            places.extend(all.map(|place| (operation.clone(), place)));
        }
        places
    }

    fn each(&self) -> impl Iterator<Item = (String, &Value)> {
        let paths = self.0["paths"].as_object().unwrap().iter();
        paths.flat_map(|(path, item)| {
            let path = path.strip_prefix(MOUNT).unwrap_or(path);
            let methods = item.as_object().unwrap().iter();
            methods.map(move |(method, document)| {
                (format!("{} {path}", method.to_uppercase()), document)
            })
        })
    }

    fn properties(&self, document: &Value) -> impl Iterator<Item = String> {
        let contents = document["requestBody"]["content"].as_object();
        contents.into_iter().flatten().flat_map(|(kind, content)| {
            let is_form = kind == "multipart/form-data";
            let place = if is_form { "form" } else { "body" };
            let names = self.names(&content["schema"]).into_iter();
            let ids = names.filter(|name| name.ends_with("Id") || name.ends_with("Key"));
            ids.map(move |name| format!("{place} {name}"))
        })
    }

    /// The members of a schema, of whichever of its alternatives.
    fn names(&self, schema: &Value) -> BTreeSet<String> {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = self.0.pointer(reference.strip_prefix('#').unwrap());
            return self.names(target.unwrap());
        }
        let own = schema["properties"].as_object().into_iter().flatten();
        let mut names: BTreeSet<String> = own.map(|(name, _)| name.clone()).collect();
        for group in ["oneOf", "anyOf", "allOf"] {
            let parts = schema[group].as_array().into_iter().flatten();
            names.extend(parts.flat_map(|part| self.names(part)));
        }
        names
    }
}

/// The code of a failure, in the envelope or in the plain shape.
pub(super) fn code_of(answer: &Answer) -> Option<&str> {
    let error = &answer.body["error"];
    let plain = || error.as_str().and(answer.body["code"].as_str());
    error["code"].as_str().or_else(plain)
}

fn parameters(document: &Value) -> impl Iterator<Item = String> {
    let parameters = document["parameters"].as_array();
    parameters.into_iter().flatten().filter_map(|parameter| {
        let (place, name) = (parameter["in"].as_str()?, parameter["name"].as_str()?);
        let is_id = match place {
            "header" => name == HEADER_OF_SESSION,
            _ => name.ends_with("Id") || name == "key",
        };
        is_id.then(|| format!("{place} {name}"))
    })
}

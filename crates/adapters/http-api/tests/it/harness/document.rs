//! The OpenAPI document as the contract that answers are held against.

use std::sync::LazyLock;

use http::{Method, StatusCode};
use serde_json::Value;

use super::Answer;

static CONTRACT: LazyLock<Contract> =
    LazyLock::new(|| Contract(serde_json::to_value(http_api::openapi()).unwrap()));

/// The document as JSON.
pub(crate) struct Contract(pub(crate) Value);

/// One operation of the document.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) document: Value,
}

impl Contract {
    pub(crate) fn get() -> &'static Self {
        &CONTRACT
    }

    pub(crate) fn operations(&self) -> Vec<Operation> {
        let paths = self.0["paths"].as_object().unwrap().iter();
        let of_path = |(path, item): (&String, &Value)| -> Vec<Operation> {
            let methods = item.as_object().unwrap().iter();
            let operation = |(method, document): (&String, &Value)| Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                document: document.clone(),
            };
            methods.map(operation).collect()
        };
        paths.flat_map(of_path).collect()
    }

    /// Fails unless the document lists the answer's status and, of a failure, its code.
    #[track_caller]
    pub(crate) fn check(&self, method: &Method, path: &str, answer: &Answer) {
        let Some(operation) = self.find(method, path) else {
            let known = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED];
            let is_page = path.contains("/api-docs") || *method == Method::OPTIONS;
            assert!(
                is_page || known.contains(&answer.status),
                "{method} {path} is not documented"
            );
            return;
        };
        let response = &operation.document["responses"][answer.status.as_str()];
        assert!(
            response.is_object(),
            "{method} {path}: {} {} is not documented",
            answer.status,
            answer.body
        );
        if answer.status.is_client_error() || answer.status.is_server_error() {
            let narrowed =
                &response["content"]["application/json"]["schema"]["allOf"][1]["properties"];
            let (codes, code) = match &answer.body["error"] {
                // The plain shape, of which one failure is told by its words alone.
                Value::String(_) => (&narrowed["code"]["enum"], plain_code(&answer.body)),
                error => (
                    &narrowed["error"]["properties"]["code"]["enum"],
                    error["code"].clone(),
                ),
            };
            assert!(
                codes.as_array().unwrap().contains(&code),
                "{method} {path}: {code} is not documented"
            );
        }
    }

    /// Static segments win over parameters. What operators look at is documented at the root only.
    fn find(&self, method: &Method, path: &str) -> Option<Operation> {
        let method = if *method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        let rest = path
            .strip_prefix("/api/v1")
            .or(path.strip_prefix("/api"))
            .unwrap_or(path);
        let mounted = format!("/api/v1{rest}");
        let fits = |operation: &Operation| {
            let path = if operation.path.starts_with("/api/v1") {
                &mounted
            } else {
                rest
            };
            operation.method == *method && is_of(&operation.path, path)
        };
        let mut fitting: Vec<_> = self.operations().into_iter().filter(fits).collect();
        fitting.sort_by_key(|operation| operation.path.matches('{').count());
        fitting.into_iter().next()
    }
}

fn plain_code(body: &Value) -> Value {
    match &body["code"] {
        Value::Null => "SEGMENT_EMPTY".into(),
        code => code.clone(),
    }
}

fn is_of(template: &str, path: &str) -> bool {
    if let Some(objects) = template.strip_suffix("{key}") {
        return path.starts_with(objects);
    }
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template
            .zip(path)
            .all(|(part, text)| part == text || (part.starts_with('{') && !text.is_empty()))
}

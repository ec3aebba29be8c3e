//! The OpenAPI document.

use serde_json::Value;

use crate::harness::Contract;

#[test]
fn every_route_of_the_contract_is_documented_and_nothing_else_is() {
    let operations = Contract::get().operations();
    let mut lines: Vec<_> = operations
        .iter()
        .map(|one| format!("{} {}", one.method, one.path))
        .collect();
    lines.sort();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    DELETE /api/v1/auth/devices/{deviceId}
    DELETE /api/v1/bookmark/{bookmarkId}
    DELETE /api/v1/user
    GET /api-docs/openapi.json
    GET /api/v1/admin/audit
    GET /api/v1/admin/stats
    GET /api/v1/admin/usage
    GET /api/v1/admin/users
    GET /api/v1/admin/users/{userId}
    GET /api/v1/auth/devices
    GET /api/v1/auth/google/callback
    GET /api/v1/auth/google/start
    GET /api/v1/auth/me
    GET /api/v1/bookmark
    GET /api/v1/help-count
    GET /api/v1/image
    GET /api/v1/jobs/{jobId}
    GET /api/v1/objects/{key}
    GET /api/v1/session
    GET /api/v1/session/active
    GET /api/v1/session/{sessionId}
    GET /api/v1/session/{sessionId}/events
    GET /api/v1/session/{sessionId}/segments
    GET /api/v1/session/{sessionId}/topic-stats
    GET /api/v1/today/topic-stats
    GET /api/v1/topic
    GET /api/v1/topic/daily
    GET /api/v1/topic/weekly
    GET /api/v1/user/export
    GET /api/v1/user/profile
    GET /api/v1/user/usage
    GET /api/v1/voice
    GET /api/v1/voice/{voiceSessionId}
    GET /api/v1/ws
    GET /api/v1/ws/events
    GET /health/live
    GET /health/ready
    GET /metrics
    PATCH /api/v1/admin/users/{userId}
    PATCH /api/v1/bookmark/{bookmarkId}
    PATCH /api/v1/user/profile
    POST /api/v1/analyze
    POST /api/v1/auth/email/resend
    POST /api/v1/auth/email/verify
    POST /api/v1/auth/google
    POST /api/v1/auth/login
    POST /api/v1/auth/logout
    POST /api/v1/auth/password/forgot
    POST /api/v1/auth/password/reset
    POST /api/v1/auth/refresh
    POST /api/v1/auth/register
    POST /api/v1/bookmark
    POST /api/v1/help-count
    POST /api/v1/session/segment
    POST /api/v1/session/start
    POST /api/v1/session/{sessionId}/end
    POST /api/v1/upload
    POST /api/v1/upload-and-analyze
    POST /api/v1/upload/presign
    PUT /api/v1/objects/{key}
    "#);
}

#[test]
fn every_reference_leads_somewhere() {
    let document = &Contract::get().0;
    let mut references = Vec::new();
    collect(document, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect<'a>(value: &'a Value, references: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str));
            members
                .values()
                .for_each(|member| collect(member, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}

#[test]
fn every_operation_is_named_once_described_and_tagged() {
    let mut names = Vec::new();
    for operation in Contract::get().operations() {
        let text = |name: &str| {
            operation.document[name]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        };
        assert!(!text("summary").is_empty(), "{operation:?}");
        assert_eq!(
            operation.document["tags"].as_array().unwrap().len(),
            1,
            "{operation:?}"
        );
        names.push(text("operationId"));
    }
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn every_code_of_the_catalogue_can_be_given_by_some_operation() {
    let text = Contract::get().0["paths"].to_string();
    for code in http_api::ErrorCode::ALL {
        // Routes that are not there have no operation.
        let is_given = text.contains(&format!("\"{}\"", code.as_str()));
        assert!(is_given, "{code:?}");
    }
}

//! The rows: every operation, who gets in, and what they are answered.

use serde_json::{Value, json};

use super::call::{Call, at, fresh_email};
use super::people::Person;
use super::who::{Standing, Who};
use crate::harness::PASSWORD;

use Door::{Admins, Callers, Entrance, Everybody};
use Things::{Own, Shared};

/// Who gets in.
#[derive(Clone, Copy)]
pub(super) enum Door {
    /// Whoever has a good token.
    Callers,
    /// Admins.
    Admins,
    /// Everybody but foreign pages; no token is asked for, and a bad one does not matter.
    Entrance,
    /// Everybody; no token is asked for, and a bad one does not matter.
    Everybody,
}

/// Whether a call takes something away.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Things {
    /// It does not.
    Shared,
    /// It does: each caller who gets in has things of their own.
    Own,
}

/// One row.
pub(super) struct Row {
    pub(super) operation: &'static str,
    door: Door,
    pub(super) things: Things,
    /// Status and code for whoever gets in; a success has no code.
    answer: Expected,
    pub(super) call: fn(&Person) -> Call,
}

/// Status and code.
pub(super) type Expected = (u16, &'static str);

const OK: Expected = (200, "");
const ACCEPTED: Expected = (202, "");
const NO_CODE: Expected = (400, "MAILED_TOKEN_INVALID");
const NO_GOOGLE: Expected = (404, "GOOGLE_NOT_SET_UP");
const NOT_BEGUN: Expected = (401, "GOOGLE_TOKEN_INVALID");
const NO_TALK: Expected = (404, "VOICE_SESSION_NOT_FOUND");
const NO_SOCKET: Expected = (426, "UPGRADE_REQUIRED");
const NO_JOB: Expected = (404, "JOB_NOT_FOUND");
const SOCKET: &str = "GET /ws";
const EVENTS: &str = "GET /ws/events";
const LINK: &str = "GET /objects/{key}";
const UPLOAD_LINK: &str = "PUT /objects/{key}";
const FORGED_LINK: Expected = (403, "LINK_INVALID");

const fn row(
    operation: &'static str,
    (door, things): (Door, Things),
    answer: Expected,
    call: fn(&Person) -> Call,
) -> Row {
    Row {
        operation,
        door,
        things,
        answer,
        call,
    }
}

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("POST /upload-and-analyze", (Callers, Shared), OK, |me| at("/upload-and-analyze").form([("sessionId", &me.session)])),
    row("POST /upload", (Callers, Shared), OK, |_| at("/upload").form([])),
    row("POST /analyze", (Callers, Shared), OK, |me| at("/analyze").json(json!({ "s3Key": me.key }))),
    row("GET /image", (Callers, Shared), OK, |me| at(format!("/image?s3Key={}", me.key))),
    row("POST /upload/presign", (Callers, Shared), OK, |_| at("/upload/presign").json(json!({ "contentType": "image/png", "size": 7 }))),
    row(UPLOAD_LINK, (Everybody, Shared), FORGED_LINK, |me| at(format!("/objects/{}?expires=1&size=1&type=image/png&signature=x", me.key))),
    row(LINK, (Everybody, Shared), OK, |me| at(me.link_to(&me.key))),

    row("GET /jobs/{jobId}", (Callers, Shared), NO_JOB, |me| at(format!("/jobs/{}", me.session))),
    row(EVENTS, (Callers, Shared), NO_SOCKET, |_| at("/ws/events")),

    row("POST /session/start", (Callers, Shared), OK, |_| at("/session/start")),
    row("POST /session/{sessionId}/end", (Callers, Own), OK, |me| at(format!("/session/{}/end", me.session))),
    row("GET /session/active", (Callers, Shared), OK, |_| at("/session/active")),
    row("GET /session", (Callers, Shared), OK, |_| at("/session")),
    row("GET /session/{sessionId}", (Callers, Shared), OK, |me| at(format!("/session/{}", me.session))),
    row("GET /session/{sessionId}/events", (Callers, Shared), OK, |me| at(format!("/session/{}/events", me.session))),
    row("GET /session/{sessionId}/topic-stats", (Callers, Shared), OK, |me| at(format!("/session/{}/topic-stats", me.session))),

    row("POST /session/segment", (Callers, Shared), OK, |me| at("/session/segment").json(segment(&me.session))),
    row("GET /session/{sessionId}/segments", (Callers, Shared), OK, |me| at(format!("/session/{}/segments", me.session))),

    row("GET /today/topic-stats", (Callers, Shared), OK, |_| at("/today/topic-stats")),
    row("GET /topic", (Callers, Shared), OK, |_| at("/topic")),
    row("GET /topic/daily", (Callers, Shared), OK, |_| at("/topic/daily")),
    row("GET /topic/weekly", (Callers, Shared), OK, |_| at("/topic/weekly")),

    row("POST /bookmark", (Callers, Shared), OK, |me| at("/bookmark").json(json!({ "analysisId": me.analysis }))),
    row("GET /bookmark", (Callers, Shared), OK, |me| at(format!("/bookmark?sessionId={}", me.session))),
    row("PATCH /bookmark/{bookmarkId}", (Callers, Shared), OK, |me| at(format!("/bookmark/{}", me.bookmark)).json(json!({ "note": "exam" }))),
    row("DELETE /bookmark/{bookmarkId}", (Callers, Own), OK, |me| at(format!("/bookmark/{}", me.bookmark))),
    row("POST /help-count", (Callers, Shared), OK, |me| at("/help-count").json(json!({ "sessionId": me.session }))),
    row("GET /help-count", (Callers, Shared), OK, |_| at("/help-count")),

    row("GET /voice", (Callers, Shared), OK, |me| at(format!("/voice?sessionId={}", me.session))),
    row("GET /voice/{voiceSessionId}", (Callers, Shared), NO_TALK, |me| at(format!("/voice/{}", me.session))),
    row(SOCKET, (Callers, Shared), NO_SOCKET, |me| at(format!("/ws?sessionId={}", me.session))),

    row("GET /user/profile", (Callers, Shared), OK, |_| at("/user/profile")),
    row("PATCH /user/profile", (Callers, Shared), OK, |_| at("/user/profile").json(json!({ "name": "Ada" }))),
    row("GET /user/usage", (Callers, Shared), OK, |_| at("/user/usage")),
    row("GET /user/export", (Callers, Shared), OK, |_| at("/user/export")),
    row("DELETE /user", (Callers, Own), OK, |_| at("/user")),

    row("GET /auth/me", (Callers, Shared), OK, |_| at("/auth/me")),
    row("GET /auth/devices", (Callers, Shared), OK, |_| at("/auth/devices")),
    row("DELETE /auth/devices/{deviceId}", (Callers, Own), OK, |me| at(format!("/auth/devices/{}", me.device))),
    row("POST /auth/email/resend", (Callers, Own), ACCEPTED, |_| at("/auth/email/resend")),

    row("POST /auth/register", (Entrance, Shared), OK, |_| at("/auth/register").json(account(&fresh_email()))),
    row("POST /auth/login", (Entrance, Shared), OK, |me| at("/auth/login").json(account(&me.email))),
    row("POST /auth/refresh", (Entrance, Own), OK, |me| at("/auth/refresh").json(json!({ "refreshToken": me.refresh }))),
    row("POST /auth/logout", (Entrance, Own), OK, |me| at("/auth/logout").json(json!({ "refreshToken": me.refresh }))),
    row("POST /auth/google", (Entrance, Shared), NO_GOOGLE, |_| at("/auth/google").json(json!({ "idToken": "x" }))),
    row("GET /auth/google/start", (Entrance, Shared), NO_GOOGLE, |_| at("/auth/google/start")),
    row("GET /auth/google/callback", (Entrance, Shared), NOT_BEGUN, |_| at("/auth/google/callback?code=x&state=x")),

    row("POST /auth/password/forgot", (Everybody, Shared), ACCEPTED, |_| at("/auth/password/forgot").json(json!({ "email": fresh_email() }))),
    row("POST /auth/password/reset", (Everybody, Shared), NO_CODE, |_| at("/auth/password/reset").json(json!({ "token": "x", "password": PASSWORD }))),
    row("POST /auth/email/verify", (Everybody, Shared), NO_CODE, |_| at("/auth/email/verify").json(json!({ "token": "x" }))),

    row("GET /admin/users", (Admins, Shared), OK, |_| at("/admin/users")),
    row("GET /admin/users/{userId}", (Admins, Shared), OK, |me| at(format!("/admin/users/{}", me.other))),
    row("PATCH /admin/users/{userId}", (Admins, Shared), OK, |me| at(format!("/admin/users/{}", me.other)).json(json!({ "disabled": false }))),
    row("GET /admin/audit", (Admins, Shared), OK, |_| at("/admin/audit")),
    row("GET /admin/stats", (Admins, Shared), OK, |_| at("/admin/stats")),
    row("GET /admin/usage", (Admins, Shared), OK, |_| at("/admin/usage")),

    row("GET /health/live", (Everybody, Shared), OK, |_| at("/health/live")),
    row("GET /health/ready", (Everybody, Shared), OK, |_| at("/health/ready")),
    row("GET /metrics", (Everybody, Shared), OK, |_| at("/metrics")),
    row("GET /api-docs/openapi.json", (Everybody, Shared), OK, |_| at("/api-docs/openapi.json")),
];

fn account(email: &str) -> Value {
    json!({ "email": email, "password": PASSWORD })
}

/// A segment without sound.
pub(super) fn segment(session: &str) -> Value {
    json!({ "sessionId": session, "evaluatorId": "e", "clientId": "c", "imageIndex": 0, "signedUrl": "https://images.example/0" })
}

impl Row {
    pub(super) fn method(&self) -> &'static str {
        let method = self.operation.split_once(' ');
        method.map_or(self.operation, |(method, _)| method)
    }

    /// What operators look at is not below the mounts in the document.
    pub(super) fn is_mounted(&self) -> bool {
        let path = self.operation.split_once(' ').unwrap().1;
        let of_operators = ["/health", "/metrics", "/api-docs"];
        !of_operators.iter().any(|start| path.starts_with(start))
    }

    /// What the contract says of this cell.
    pub(super) fn expected(&self, who: Who, me: &Person) -> Expected {
        // A socket can do all that its user can.
        let changes = self.method() != "GET" || [SOCKET, EVENTS].contains(&self.operation);
        match (self.door, who.standing()) {
            (Callers | Admins, Standing::Refused) => (401, "UNAUTHORIZED"),
            (Callers | Admins | Entrance, Standing::Foreign) if changes => (403, "FORBIDDEN"),
            (Admins, Standing::User | Standing::Foreign) => (403, "FORBIDDEN"),
            _ if self.is_of_links() && me.link.is_none() => (404, "NOT_FOUND"),
            _ => self.answer,
        }
    }

    fn is_of_links(&self) -> bool {
        [LINK, UPLOAD_LINK].contains(&self.operation)
    }

    /// Whether the call takes something away from this caller.
    pub(super) fn costs(&self, who: Who, me: &Person) -> bool {
        self.things == Own && self.expected(who, me) == self.answer
    }
}

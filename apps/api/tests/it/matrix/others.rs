//! An id of another user's is answered as one that nobody has.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::call::{Call, at, fresh};
use super::document::{Document, MOUNT};
use super::people::{Person, World};
use super::rows::segment;
use super::who::Who;
use crate::harness::{Answer, Setup, everywhere};

/// An id that is well formed and nobody's.
const NOBODYS: &str = "0197a1b2-0000-7000-8000-000000000001";

/// A place where an operation takes an id, and the id somebody has for it.
struct Place {
    operation: &'static str,
    at: &'static str,
    id: fn(&Person) -> &str,
    call: fn(&Person, &str) -> Call,
}

const fn place(
    (operation, at): (&'static str, &'static str),
    id: fn(&Person) -> &str,
    call: fn(&Person, &str) -> Call,
) -> Place {
    Place {
        operation,
        at,
        id,
        call,
    }
}

fn session(person: &Person) -> &str {
    &person.session
}

fn bookmark(person: &Person) -> &str {
    &person.bookmark
}

fn user(person: &Person) -> &str {
    &person.user
}

fn key(person: &Person) -> &str {
    &person.key
}

/// What a client calls its people and sittings is its own affair.
const SEGMENT: &str = "POST /session/segment";
/// Nobody here has a genuine one.
const UPLOAD_LINK: &str = "PUT /objects/{key}";
/// Nobody here has talked.
const TALK: &str = "GET /voice/{voiceSessionId}";
/// Nobody here has a job.
const JOB: &str = "GET /jobs/{jobId}";

/// What takes something away from its owner comes last.
#[rustfmt::skip]
const PLACES: &[Place] = &[
    place(("POST /upload-and-analyze", "header X-Session-Id"), session, |_, id| at("/upload-and-analyze").form([]).header("X-Session-Id", id)),
    place(("POST /upload-and-analyze", "form sessionId"), session, |_, id| at("/upload-and-analyze").form([("sessionId", id)])),
    place(("POST /analyze", "header X-Session-Id"), session, |me, id| at("/analyze").json(json!({ "s3Key": me.key })).header("X-Session-Id", id)),
    place(("POST /analyze", "body sessionId"), session, |me, id| at("/analyze").json(json!({ "s3Key": me.key, "sessionId": id }))),
    place(("POST /analyze", "form sessionId"), session, |_, id| at("/analyze").form([("sessionId", id)])),
    place(("POST /analyze", "body s3Key"), key, |_, id| at("/analyze").json(json!({ "s3Key": id }))),
    place(("GET /objects/{key}", "path key"), key, |me, id| at(me.link_to(id))),
    place((UPLOAD_LINK, "path key"), key, |_, id| at(format!("/objects/{id}?expires=1&size=1&type=image/png&signature=x"))),
    place(("GET /session/{sessionId}/segments", "path sessionId"), session, |_, id| at(format!("/session/{id}/segments"))),
    place((SEGMENT, "body sessionId"), session, |_, id| at("/session/segment").json(segment(id))),
    place((SEGMENT, "body evaluatorId"), user, |_, id| at("/session/segment").json(json!({ "evaluatorId": id, "imageIndex": 0, "signedUrl": "x" }))),
    place((SEGMENT, "body clientId"), user, |_, id| at("/session/segment").json(json!({ "clientId": id, "imageIndex": 0, "signedUrl": "x" }))),
    place(("GET /session/{sessionId}", "path sessionId"), session, |_, id| at(format!("/session/{id}"))),
    place(("GET /session/{sessionId}/events", "path sessionId"), session, |_, id| at(format!("/session/{id}/events"))),
    place(("GET /session/{sessionId}/topic-stats", "path sessionId"), session, |_, id| at(format!("/session/{id}/topic-stats"))),
    place(("GET /bookmark", "query sessionId"), session, |_, id| at(format!("/bookmark?sessionId={id}"))),
    place(("POST /bookmark", "body analysisId"), |person| &person.analysis, |_, id| at("/bookmark").json(json!({ "analysisId": id }))),
    place(("POST /help-count", "body sessionId"), session, |_, id| at("/help-count").json(json!({ "sessionId": id }))),
    place(("GET /voice", "query sessionId"), session, |_, id| at(format!("/voice?sessionId={id}"))),
    place((JOB, "path jobId"), session, |_, id| at(format!("/jobs/{id}"))),
    place((TALK, "path voiceSessionId"), session, |_, id| at(format!("/voice/{id}"))),
    place(("GET /ws", "query sessionId"), session, |_, id| at(format!("/ws?sessionId={id}"))),
    place(("GET /admin/users/{userId}", "path userId"), user, |_, id| at(format!("/admin/users/{id}"))),
    place(("PATCH /admin/users/{userId}", "path userId"), user, |_, id| at(format!("/admin/users/{id}")).json(json!({ "disabled": true }))),
    place(("GET /admin/audit", "query userId"), user, |_, id| at(format!("/admin/audit?userId={id}"))),
    place(("GET /admin/usage", "query userId"), user, |_, id| at(format!("/admin/usage?userId={id}"))),
    place(("PATCH /bookmark/{bookmarkId}", "path bookmarkId"), bookmark, |_, id| at(format!("/bookmark/{id}")).json(json!({ "note": "mine" }))),
    place(("DELETE /bookmark/{bookmarkId}", "path bookmarkId"), bookmark, |_, id| at(format!("/bookmark/{id}"))),
    place(("DELETE /auth/devices/{deviceId}", "path deviceId"), |person| &person.device, |_, id| at(format!("/auth/devices/{id}"))),
    place(("POST /session/{sessionId}/end", "path sessionId"), session, |_, id| at(format!("/session/{id}/end"))),
];

everywhere! {
    an_id_of_another_user_is_answered_as_one_that_nobody_has,
}

async fn an_id_of_another_user_is_answered_as_one_that_nobody_has(setup: Setup) {
    let world = World::start(setup).await;
    let document = Document::served(&world).await;
    let mut wrong = Vec::new();
    for place in PLACES {
        let theirs = (place.id)(&world.bob).to_owned();
        let nobodys = missing(&theirs);
        let answered = told(&place.ask(&world, &world.ada, &theirs).await);
        let expected = told(&place.ask(&world, &world.ada, &nobodys).await);
        let owner = place.ask(&world, &world.bob, &theirs).await;
        let name = format!("{}, {}", place.operation, place.at);
        if answered != expected {
            wrong.push(format!("{name}: {answered:?}, nobody's: {expected:?}"));
        }
        if is_refused(&owner) != place.is_closed(&world) {
            wrong.push(format!("{name}: the owner is answered {owner:?}"));
        }
        if !document.lists(place.operation, &owner) {
            wrong.push(format!("{name}: {owner:?} is not documented"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_place_of_an_id_in_the_document_is_tried() {
    let world = World::start(Setup::default().secured()).await;
    let tried = PLACES
        .iter()
        .map(|place| (place.operation.to_owned(), place.at.to_owned()));
    let tried: BTreeSet<_> = tried.collect();
    assert_eq!(tried, Document::served(&world).await.places());
}

#[tokio::test]
async fn an_idempotency_key_of_another_user_is_as_good_as_a_new_one() {
    let world = World::start(Setup::default().secured()).await;
    let call = at("/session/start").header("Idempotency-Key", &format!("key-{}", fresh()));
    let start = async |me: &Person| {
        let answer = world.ask_as((Who::User, me), "POST", MOUNT, &call).await;
        let is_repeated = answer.headers.contains_key("Idempotency-Replayed");
        (answer.data()["sessionId"].clone(), is_repeated)
    };
    let (bobs, adas) = (start(&world.bob).await, start(&world.ada).await);
    assert!(!bobs.1 && !adas.1);
    assert_ne!(bobs.0, adas.0);
    assert_eq!(start(&world.bob).await, (bobs.0, true));
}

impl Place {
    async fn ask(&self, world: &World, me: &Person, id: &str) -> Answer {
        let method = self.operation.split_once(' ').unwrap().0;
        let call = (self.call)(me, id);
        world.ask_as((Who::User, me), method, MOUNT, &call).await
    }

    /// Whether the owner gets nothing here either: no admin, has not talked, has no job, or no links
    /// of this server's.
    fn is_closed(&self, world: &World) -> bool {
        let of_links = self.operation.contains("/objects/");
        self.operation.contains(" /admin/")
            || [TALK, JOB, UPLOAD_LINK].contains(&self.operation)
            || of_links && world.bob.link.is_none()
    }
}

fn is_refused(answer: &Answer) -> bool {
    [403, 404].contains(&answer.status.as_u16())
}

/// An id of the same form: a key of the same folder, else a UUID.
fn missing(id: &str) -> String {
    match id.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{NOBODYS}.png"),
        None => NOBODYS.to_owned(),
    }
}

/// All that an answer tells, but for the name of the request.
fn told(answer: &Answer) -> (u16, Value) {
    let mut body = answer.body.clone();
    if let Some(error) = body["error"].as_object_mut() {
        error.remove("requestId");
    }
    // Follows from what was asked.
    if let Some(answer) = body.as_object_mut() {
        answer.remove("segmentId");
    }
    (answer.status.as_u16(), body)
}

//! What is asked for.

use std::collections::BTreeSet;

use anyhow::Context as _;

use super::system::System;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// The student.
    Student,
    /// An admin who is signed in.
    Admin,
}

/// One call. Words in braces stand for what differs between systems.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    /// Its name in the table, and the path after `/api/v1`.
    pub(super) name: &'static str,
    pub(super) who: Who,
}

const UPLOAD: &str = "POST /upload-and-analyze";

impl Call {
    /// Whether it is the one that writes.
    pub(super) fn is_upload(&self) -> bool {
        self.name == UPLOAD
    }
}

const STUDENT: &[&str] = &[
    "/session/active",
    "/session",
    "/session?limit=10&cursor={sessionCursor}",
    "/session?date={day}",
    "/session/{session}",
    "/session/{session}/events",
    "/session/{session}/events?limit=10&cursor={eventCursor}",
    "/session/{session}/topic-stats",
    "/session/{running}/topic-stats",
    "/session/{session}/segments",
    "/today/topic-stats",
    "/topic/daily?date={day}",
    "/topic/weekly?weekOf={day}",
    "/topic",
    "/bookmark",
    "/bookmark?sessionId={session}",
    "/help-count?from={weekAgo}&to={day}",
    "/voice",
    "/voice?sessionId={session}",
    "/user/profile",
    UPLOAD,
];

const ADMIN: &[&str] = &[
    "/auth/me",
    "/auth/devices",
    "/admin/users",
    "/admin/users/{admin}",
    "/admin/stats",
    "/admin/audit",
    "/admin/usage",
    "/admin/jobs",
    "/user/usage",
];

/// Reads of the document that are left out, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    (
        "/user/export",
        "hands out everything of one user: it grows with that",
    ),
    ("/objects/{key}", "bytes of one object"),
    ("/auth/google/start", "asks no database"),
    ("/auth/google/callback", "asks another server"),
    ("/ws", "a conversation"),
    ("/ws/events", "a subscription"),
    (
        "/voice/{voiceSessionId}",
        "no student of the load has talked",
    ),
    ("/jobs/{jobId}", "one row by its key"),
    ("/image", "bytes of one object"),
];

/// All calls there are here and in the server.
pub(super) async fn all(system: &System) -> anyhow::Result<Vec<Call>> {
    let there: BTreeSet<String> = reads_of(system)
        .await?
        .iter()
        .map(|path| shape(path))
        .collect();
    let of = |who| move |name: &&'static str| Call { name, who };
    let student = STUDENT.iter().map(of(Who::Student));
    let all = student.chain(ADMIN.iter().map(of(Who::Admin)));
    let is_there = |call: &Call| call.is_upload() || there.contains(&without_query(call.name));
    Ok(all.filter(is_there).collect())
}

/// Reads that the server has and that are neither measured nor left out for a reason.
pub(super) async fn not_measured(system: &System) -> anyhow::Result<Vec<String>> {
    let known: BTreeSet<String> = STUDENT
        .iter()
        .chain(ADMIN)
        .map(|name| without_query(name))
        .chain(LEFT_OUT.iter().map(|(path, _)| shape(path)))
        .collect();
    let mut reads = reads_of(system).await?;
    reads.retain(|path| !known.contains(&shape(path)));
    Ok(reads)
}

/// The paths of all reads the server documents, after `/api/v1`.
async fn reads_of(system: &System) -> anyhow::Result<Vec<String>> {
    let document = system.document().await?;
    let paths = document["paths"].as_object().context("no paths")?;
    let reads = paths
        .iter()
        .filter(|(_, methods)| methods["get"].is_object());
    let reads = reads.filter_map(|(path, _)| path.strip_prefix("/api/v1"));
    Ok(reads.map(str::to_owned).collect())
}

fn without_query(name: &str) -> String {
    shape(name.split('?').next().unwrap_or_default())
}

/// A path with its parts in braces made alike.
fn shape(path: &str) -> String {
    let part = |part: &'_ str| {
        let word = if part.starts_with('{') { "{}" } else { part };
        word.to_owned()
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

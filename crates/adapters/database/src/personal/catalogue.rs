//! The tables.

use super::declared::Owner::{Audit, Column, ColumnOrMention, Through};
use super::declared::{
    Export, Field, Key, Personal, day, flag, hidden, id, json, number, object_key, own_text,
    presence, recordings, seconds, small_number, status, text, time,
};

/// In the order in which rows are deleted: what points to others comes before them.
pub(crate) const PERSONAL: &[Personal] = &[
    Personal {
        table: "bookmarks",
        owner: Column("user_id"),
        export: shown("bookmarks", &[Key::Id("id")], BOOKMARK),
    },
    Personal {
        table: "segments",
        owner: Column("user_id"),
        export: shown(
            "segments",
            &[Key::Text("audio_key"), Key::Id("id")],
            SEGMENT,
        ),
    },
    Personal {
        table: "learning_events",
        owner: Column("user_id"),
        export: shown("events", &[Key::Text("object_key"), Key::Id("id")], EVENT),
    },
    Personal {
        table: "topic_stats",
        owner: Column("user_id"),
        export: shown(
            "topic-stats",
            &[Key::Id("session_id"), Key::Day("date"), Key::Text("topic")],
            TOPIC_STATS,
        ),
    },
    Personal {
        table: "charges",
        owner: Column("user_id"),
        export: shown("charges", &[Key::Id("id")], CHARGE),
    },
    Personal {
        table: "voice_turns",
        owner: Column("user_id"),
        export: shown(
            "voice-turns",
            &[Key::Id("voice_session_id"), Key::Number("number")],
            VOICE_TURN,
        ),
    },
    Personal {
        table: "voice_sessions",
        owner: Column("user_id"),
        export: shown("voice-sessions", &[Key::Id("id")], VOICE_SESSION),
    },
    Personal {
        table: "session_timelines",
        owner: Column("user_id"),
        export: Export::No("work of the server that events.jsonl gives again"),
    },
    Personal {
        table: "sessions",
        owner: Column("user_id"),
        export: shown("sessions", &[Key::Id("id")], SESSION),
    },
    Personal {
        table: "jobs",
        owner: Column("user_id"),
        export: shown("jobs", &[Key::Id("id")], JOB),
    },
    Personal {
        table: "help_counts",
        owner: Column("user_id"),
        export: shown("help-counts", &[Key::Day("date"), Key::Text("topic")], HELP),
    },
    Personal {
        table: "user_topics",
        owner: Column("user_id"),
        export: shown(
            "topics",
            &[Key::Text("topic"), Key::Text("subtopic")],
            TOPIC,
        ),
    },
    Personal {
        table: "projections",
        owner: Column("user_id"),
        export: Export::No("how far the server has come with ledger.jsonl"),
    },
    Personal {
        table: "ledger_entries",
        owner: Column("user_id"),
        export: shown("ledger", &[Key::Number("seq")], LEDGER),
    },
    Personal {
        table: "ledger_heads",
        owner: Column("user_id"),
        export: Export::No("the number of the last line of ledger.jsonl"),
    },
    Personal {
        table: "answers",
        owner: ColumnOrMention("user_id", "body"),
        export: Export::No("copies of answers, kept for a day"),
    },
    Personal {
        table: "mailed_tokens",
        owner: Column("user_id"),
        export: Export::No("secrets"),
    },
    Personal {
        table: "refresh_tokens",
        owner: Through("family_id", "refresh_families"),
        export: Export::No("secrets; devices.jsonl tells what they are for"),
    },
    Personal {
        table: "refresh_families",
        owner: Column("user_id"),
        export: shown("devices", &[Key::Id("id")], DEVICE),
    },
    Personal {
        table: "audit",
        owner: Audit,
        export: shown("audit", &[Key::Id("id")], AUDIT),
    },
    Personal {
        table: "accounts",
        owner: Column("user_id"),
        export: shown("account", &[Key::Id("user_id")], ACCOUNT),
    },
    Personal {
        table: "users",
        owner: Column("id"),
        export: shown("profile", &[Key::Id("id")], PROFILE),
    },
];

const fn shown(kind: &'static str, order: &'static [Key], fields: &'static [Field]) -> Export {
    Export::As {
        kind,
        order,
        fields,
    }
}

const BOOKMARK: &[Field] = &[
    id("id", "bookmarkId"),
    id("event_id", "analysisId"),
    id("session_id", "sessionId"),
    text("note", "note"),
    time("created_at", "createdAt"),
    time("updated_at", "updatedAt"),
];

const EVENT: &[Field] = &[
    id("id", "analysisId"),
    id("session_id", "sessionId"),
    object_key("object_key", "s3Key"),
    time("captured_at", "capturedAt"),
    time("received_at", "uploadedAt"),
    text("topic", "analysis.topicEnum"),
    text("model", "analysis.model"),
    flag("reused", "analysis.reused"),
    flag("text_disputed", "analysis.textDisputed"),
    flag("is_studying", "analysis.contentAnalysis.isStudying"),
    flag("is_active", "analysis.contentAnalysis.isActive"),
    flag("is_distracted", "analysis.contentAnalysis.isDistracted"),
    text("seen_topic", "analysis.contentAnalysis.topic"),
    text("seen_subtopic", "analysis.contentAnalysis.subtopic"),
    text("extracted_text", "analysis.contentAnalysis.extractedText"),
];

const SEGMENT: &[Field] = &[
    id("id", "segmentId"),
    text("session", "sessionId"),
    text("evaluator", "evaluatorId"),
    text("client", "clientId"),
    number("image_index", "imageIndex"),
    text("signed_url", "signedUrl"),
    text("image_key", "imageS3Key"),
    object_key("audio_key", "audioS3Key"),
    text("audio_type", "audioContentType"),
    number("audio_bytes", "audioBytes"),
    time("created_at", "createdAt"),
    time("received_at", "receivedAt"),
];

const TOPIC_STATS: &[Field] = &[
    id("session_id", "sessionId"),
    day("date", "date"),
    text("topic", "topic"),
    seconds("duration_ms", "durationSec"),
    seconds("active_ms", "activeSec"),
    seconds("distracted_ms", "distractedSec"),
    number("num_distracted", "numDistracted"),
];

const SESSION: &[Field] = &[
    id("id", "sessionId"),
    status("ended_at", "status"),
    time("started_at", "startedAt"),
    time("ended_at", "endedAt"),
    time("last_activity_at", "lastActivityAt"),
    day("date", "date"),
    text("zone", "timeZone"),
    number("event_count", "totalAnalyses"),
];

const VOICE_SESSION: &[Field] = &[
    id("id", "voiceSessionId"),
    id("session_id", "sessionId"),
    recordings("id", "recordings"),
    status("ended_at", "status"),
    time("started_at", "startedAt"),
    time("last_seen_at", "lastSeenAt"),
    time("ended_at", "endedAt"),
    text("end_reason", "endReason"),
    text("zone", "timeZone"),
    text("model", "model"),
    number("cost_micros", "costMicros"),
    number("input_text", "usage.input.text"),
    number("input_audio", "usage.input.audio"),
    number("input_image", "usage.input.image"),
    number("cached_text", "usage.cached.text"),
    number("cached_audio", "usage.cached.audio"),
    number("cached_image", "usage.cached.image"),
    number("output_text", "usage.output.text"),
    number("output_audio", "usage.output.audio"),
    number("output_image", "usage.output.image"),
];

const CHARGE: &[Field] = &[
    id("id", "chargeId"),
    time("at", "at"),
    day("date", "date"),
    text("work", "work"),
    text("provider", "provider"),
    text("model", "model"),
    number("cost_micros", "costMicros"),
    number("input_text", "usage.input.text"),
    number("input_audio", "usage.input.audio"),
    number("input_image", "usage.input.image"),
    number("cached_text", "usage.cached.text"),
    number("cached_audio", "usage.cached.audio"),
    number("cached_image", "usage.cached.image"),
    number("output_text", "usage.output.text"),
    number("output_audio", "usage.output.audio"),
    number("output_image", "usage.output.image"),
];

const VOICE_TURN: &[Field] = &[
    id("voice_session_id", "voiceSessionId"),
    number("number", "index"),
    text("speaker", "role"),
    text("item", "itemId"),
    text("text", "text"),
    time("at", "at"),
    number("heard_ms", "heardMs"),
    number("spoken_ms", "spokenMs"),
];

const JOB: &[Field] = &[
    id("id", "jobId"),
    text("kind", "kind"),
    text("state", "state"),
    text("zone", "timeZone"),
    json("payload", "asked"),
    small_number("progress", "progress"),
    small_number("attempts", "attempts"),
    time("accepted_at", "createdAt"),
    time("ended_at", "endedAt"),
    json("result", "result"),
    json("reason", "error"),
    hidden("unique_key", "work of the server"),
    hidden("due_at", "work of the server"),
    hidden("holder", "work of the server"),
    hidden("trace", "work of the server"),
];

const HELP: &[Field] = &[
    day("date", "date"),
    text("topic", "topic"),
    number("count", "count"),
];

const TOPIC: &[Field] = &[
    text("topic", "topic"),
    text("subtopic", "subtopic"),
    time("last_seen_at", "lastSeenAt"),
];

const LEDGER: &[Field] = &[
    number("seq", "position"),
    id("id", "entryId"),
    text("name", "name"),
    small_number("version", "version"),
    text("actor", "actor"),
    time("device_time", "deviceTime"),
    time("server_time", "serverTime"),
    text("zone", "timeZone"),
    json("payload", "payload"),
];

const DEVICE: &[Field] = &[
    id("id", "deviceId"),
    text("device_name", "name"),
    text("user_agent", "userAgent"),
    time("opened_at", "signedInAt"),
    time("last_used_at", "lastUsedAt"),
    time("ended_at", "endedAt"),
    text("end_reason", "endReason"),
];

const AUDIT: &[Field] = &[
    id("id", "auditId"),
    time("at", "at"),
    text("what", "event"),
    hidden("actor", "may be somebody else"),
    hidden("subject", "may be somebody else"),
    own_text("address", "address", "actor"),
    own_text("user_agent", "userAgent", "actor"),
];

const ACCOUNT: &[Field] = &[
    id("user_id", "userId"),
    text("email", "email"),
    time("verified_at", "emailVerifiedAt"),
    presence("password_hash", "hasPassword"),
    text("google_subject", "googleSubject"),
    text("role", "role"),
    time("disabled_at", "disabledAt"),
    time("created_at", "createdAt"),
    hidden("version", "a counter of the server's"),
    flag("password_by_owner", "passwordSetByOwner"),
];

const PROFILE: &[Field] = &[
    id("id", "userId"),
    text("name", "name"),
    text("zone", "timeZone"),
];

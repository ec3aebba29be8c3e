//! The append-only log of accepted changes: envelope, payloads, cursor.

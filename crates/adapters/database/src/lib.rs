//! The stored ports on SQLite and Postgres.

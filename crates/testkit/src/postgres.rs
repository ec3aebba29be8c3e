//! A real Postgres server for tests.

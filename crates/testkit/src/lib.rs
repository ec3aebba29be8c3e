//! Fixed clock, seeded ids, builders, provider simulators and databases for tests.

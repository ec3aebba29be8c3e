//! The way in: router, extractors, answers, OpenAPI.

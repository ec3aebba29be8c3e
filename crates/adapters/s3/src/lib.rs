//! Objects in S3 or a compatible store.

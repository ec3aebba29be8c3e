//! Files keep what they promise, through crashes too.

use crate::error::{OutputTooSmall, RaggedBytes};
use crate::sample::Sample;


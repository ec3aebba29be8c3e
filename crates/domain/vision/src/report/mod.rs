//! What models are asked for and how their answer is read: the same for every provider.

mod content;
mod prompt;
mod schema;

pub use content::parse;
pub use prompt::{ASK, instructions};
pub use schema::ContentAnalysisSchema;

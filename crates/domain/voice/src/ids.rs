//! Names the model gives to things: cheap to clone, so that every delta can carry them.

use std::fmt;
use std::sync::Arc;

macro_rules! model_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name as the model wrote it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

model_id!(
    /// One item of the conversation: something said, a call, its result. Ids we choose have at
    /// most 32 characters.
    ItemId
);
model_id!(
    /// One response of the model.
    ResponseId
);
model_id!(
    /// One call of a tool.
    CallId
);

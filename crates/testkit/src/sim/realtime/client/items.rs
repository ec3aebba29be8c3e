//! Items that clients may create.

use crate::sim::realtime::shape::{Field, Shape, may, must};

/// Names what an object is.
pub(super) const KIND: Field = must("type", Shape::Text);
const ID: Field = may("id", Shape::TextUpTo(32));
const OBJECT: Field = may("object", Shape::OneOf(&["realtime.item"]));
const STATUS: Field = may(
    "status",
    Shape::OneOf(&["completed", "incomplete", "in_progress"]),
);

const PARTS: Shape = Shape::Tagged(&[
    ("input_text", &[KIND, must("text", Shape::Text)]),
    (
        "input_audio",
        &[
            KIND,
            must("audio", Shape::Text),
            may("transcript", Shape::Nullable(&Shape::Text)),
        ],
    ),
    (
        "input_image",
        &[
            KIND,
            must("image_url", Shape::Text),
            may("detail", Shape::OneOf(&["auto", "low", "high"])),
        ],
    ),
    ("output_text", &[KIND, must("text", Shape::Text)]),
    (
        "output_audio",
        &[
            KIND,
            must("audio", Shape::Text),
            may("transcript", Shape::Nullable(&Shape::Text)),
        ],
    ),
]);

pub(super) const ITEM: Shape = Shape::Tagged(&[
    (
        "message",
        &[
            KIND,
            must("role", Shape::OneOf(&["user", "system", "assistant"])),
            must("content", Shape::List(&PARTS)),
            ID,
            OBJECT,
            STATUS,
        ],
    ),
    (
        "function_call",
        &[
            KIND,
            must("name", Shape::Text),
            must("arguments", Shape::Text),
            may("call_id", Shape::TextUpTo(32)),
            ID,
            OBJECT,
            STATUS,
        ],
    ),
    (
        "function_call_output",
        &[
            KIND,
            must("call_id", Shape::TextUpTo(32)),
            must("output", Shape::Text),
            ID,
            OBJECT,
            STATUS,
        ],
    ),
    ("item_reference", &[KIND, must("id", Shape::TextUpTo(32))]),
]);

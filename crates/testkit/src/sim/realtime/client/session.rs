//! Sessions and responses that clients may ask for.

use super::items::{ITEM, KIND};
use crate::sim::realtime::shape::{Field, Shape, may, must};

const TOOL: Shape = Shape::Tagged(&[(
    "function",
    &[
        KIND,
        must("name", Shape::TextUpTo(64)),
        may("description", Shape::Text),
        may("parameters", Shape::Any),
    ],
)]);

const TOOL_CHOICE: Shape = Shape::TextOr(
    &Shape::OneOf(&["none", "auto", "required"]),
    &Shape::Tagged(&[("function", &[KIND, must("name", Shape::Text)])]),
);
const MAX_TOKENS: Shape = Shape::TextOr(&Shape::OneOf(&["inf"]), &Shape::Integer(1, 4096));
const MODALITIES: Shape = Shape::List(&Shape::OneOf(&["text", "audio"]));
/// The provider also takes G.711; the simulator hears and speaks PCM only.
const FORMAT: Shape = Shape::Tagged(&[(
    "audio/pcm",
    &[KIND, may("rate", Shape::Integer(24000, 24000))],
)]);
const VOICE: Shape = Shape::TextOr(
    &Shape::OneOf(&[
        "alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar",
    ]),
    &Shape::Object(&[must("id", Shape::Text)]),
);
const METADATA: Shape = Shape::Nullable(&Shape::Any);
const REASONING: Shape = Shape::Object(&[may(
    "effort",
    Shape::OneOf(&["minimal", "low", "medium", "high", "xhigh"]),
)]);

const TURN_DETECTION: Shape = Shape::Tagged(&[
    (
        "server_vad",
        &[
            KIND,
            may("threshold", Shape::Number(0.0, 1.0)),
            may("prefix_padding_ms", Shape::Integer(0, 10_000)),
            may("silence_duration_ms", Shape::Integer(0, 30_000)),
            may(
                "idle_timeout_ms",
                Shape::Nullable(&Shape::Integer(5_000, 30_000)),
            ),
            may("create_response", Shape::Bool),
            may("interrupt_response", Shape::Bool),
        ],
    ),
    (
        "semantic_vad",
        &[
            KIND,
            may(
                "eagerness",
                Shape::OneOf(&["low", "medium", "high", "auto"]),
            ),
            may("create_response", Shape::Bool),
            may("interrupt_response", Shape::Bool),
        ],
    ),
]);

const TRANSCRIPTION: Shape = Shape::Object(&[
    may("model", Shape::Text),
    may("language", Shape::Nullable(&Shape::Text)),
    may("languages", Shape::List(&Shape::Text)),
    may("keywords", Shape::List(&Shape::Text)),
    may("prompt", Shape::Nullable(&Shape::Text)),
    may(
        "delay",
        Shape::OneOf(&["minimal", "low", "medium", "high", "xhigh"]),
    ),
]);

const AUDIO_IN: Shape = Shape::Object(&[
    may("format", FORMAT),
    may("turn_detection", Shape::Nullable(&TURN_DETECTION)),
    may("transcription", Shape::Nullable(&TRANSCRIPTION)),
    may(
        "noise_reduction",
        Shape::Nullable(&Shape::Object(&[
            may("type", Shape::OneOf(&["near_field", "far_field"])),
            may("strength", Shape::Number(0.0, 1.0)),
        ])),
    ),
]);

pub(super) const SESSION: &[Field] = &[
    must("type", Shape::OneOf(&["realtime"])),
    may("model", Shape::Text),
    may("instructions", Shape::Text),
    may("output_modalities", MODALITIES),
    may(
        "audio",
        Shape::Object(&[
            may("input", AUDIO_IN),
            may(
                "output",
                Shape::Object(&[
                    may("format", FORMAT),
                    may("voice", VOICE),
                    may("speed", Shape::Number(0.25, 1.5)),
                ]),
            ),
        ]),
    ),
    may("tools", Shape::List(&TOOL)),
    may("tool_choice", TOOL_CHOICE),
    may("max_output_tokens", MAX_TOKENS),
    may("truncation", TRUNCATION),
    may("tracing", Shape::Nullable(&TRACING)),
    may(
        "include",
        Shape::Nullable(&Shape::List(&Shape::OneOf(&[
            "item.input_audio_transcription.logprobs",
        ]))),
    ),
    may("reasoning", REASONING),
    may("parallel_tool_calls", Shape::Bool),
    may("prompt", Shape::Nullable(&Shape::Any)),
];

const TRUNCATION: Shape = Shape::TextOr(
    &Shape::OneOf(&["auto", "disabled"]),
    &Shape::Tagged(&[(
        "retention_ratio",
        &[
            KIND,
            must("retention_ratio", Shape::Number(0.0, 1.0)),
            may(
                "token_limits",
                Shape::Object(&[may("post_instructions", Shape::Integer(0, 1_000_000))]),
            ),
        ],
    )]),
);

const TRACING: Shape = Shape::TextOr(
    &Shape::OneOf(&["auto"]),
    &Shape::Object(&[
        may("workflow_name", Shape::Text),
        may("group_id", Shape::Text),
        may("metadata", Shape::Any),
    ]),
);

pub(super) const RESPONSE: &[Field] = &[
    may("instructions", Shape::Text),
    may("output_modalities", MODALITIES),
    may(
        "audio",
        Shape::Object(&[may(
            "output",
            Shape::Object(&[may("format", FORMAT), may("voice", VOICE)]),
        )]),
    ),
    may("tools", Shape::List(&TOOL)),
    may("tool_choice", TOOL_CHOICE),
    may("max_output_tokens", MAX_TOKENS),
    may("conversation", Shape::OneOf(&["auto", "none"])),
    may("metadata", METADATA),
    may("input", Shape::List(&ITEM)),
    may("reasoning", REASONING),
    may("parallel_tool_calls", Shape::Bool),
    may("prompt", Shape::Nullable(&Shape::Any)),
];

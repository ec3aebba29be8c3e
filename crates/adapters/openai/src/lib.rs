//! Vision by any server that speaks the Responses API.

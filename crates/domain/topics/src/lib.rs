//! The timeline fold: topic names, spans and study time.

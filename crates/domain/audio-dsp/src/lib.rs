//! Sample formats, framing, resampling and WAV headers without allocation.

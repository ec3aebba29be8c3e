//! Image decoding within limits: sniffed, turned upright, scaled.

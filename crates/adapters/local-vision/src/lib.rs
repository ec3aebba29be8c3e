//! Vision without a key: OCR of the photo and the subject from its text.

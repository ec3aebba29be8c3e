//! Upload and analyze: an image in, a learning event out.

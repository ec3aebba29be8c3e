//! Typed ids, time, pages, port errors and owned tasks: what every room shares.

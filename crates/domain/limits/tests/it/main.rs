//! The rule, the limiter in memory, and what holds while another is away.

mod fallback;
mod in_process;
mod quota;

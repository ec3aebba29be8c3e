//! Against a real receiver, and against none.

#[cfg(test)]
mod export;

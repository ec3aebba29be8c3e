//! Charges are kept whatever happens to the store, and the cap holds meanwhile.

#[cfg(test)]
mod house;

#[cfg(test)]
mod cap;
#[cfg(test)]
mod keeping;

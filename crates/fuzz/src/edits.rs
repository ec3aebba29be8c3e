//! Bytes, altered.

use proptest::prelude::*;
use proptest::sample::Index;

/// However much is repeated, bytes do not grow beyond this.
const MOST_BYTES: usize = 256 * 1024;
const MOST_EDITS: usize = 8;

/// Numbers at which lengths and counters go wrong.
const NUMBERS: [u64; 10] = [
    0,
    1,
    0x7f,
    0x80,
    0xff,
    0x7fff,
    0xffff,
    0x7fff_ffff,
    0xffff_ffff,
    u64::MAX,
];

/// One alteration; places and choices are held against what there is when it is made.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    Flip {
        at: Index,
        bit: u8,
    },
    Set {
        at: Index,
        value: u8,
    },
    Insert {
        at: Index,
        bytes: Vec<u8>,
    },
    Remove {
        at: Index,
        length: Index,
    },
    Repeat {
        at: Index,
        length: Index,
        times: u8,
    },
    /// A word of the format.
    Word {
        at: Index,
        which: Index,
    },
    Number {
        at: Index,
        which: Index,
        width: Index,
        little: bool,
    },
    /// A piece of another file of the corpus.
    Splice {
        at: Index,
        other: Index,
        from: Index,
        length: Index,
    },
    CutOff {
        at: Index,
    },
}

pub(crate) fn edits() -> impl Strategy<Value = Vec<Edit>> {
    proptest::collection::vec(edit(), 1..=MOST_EDITS)
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    prop_oneof![
        (at(), 0..8_u8).prop_map(|(at, bit)| Edit::Flip { at, bit }),
        (at(), any::<u8>()).prop_map(|(at, value)| Edit::Set { at, value }),
        (at(), proptest::collection::vec(any::<u8>(), 1..9))
            .prop_map(|(at, bytes)| Edit::Insert { at, bytes }),
        (at(), at()).prop_map(|(at, length)| Edit::Remove { at, length }),
        (at(), at(), 1..64_u8).prop_map(|(at, length, times)| Edit::Repeat { at, length, times }),
        (at(), at()).prop_map(|(at, which)| Edit::Word { at, which }),
        (at(), at(), at(), any::<bool>()).prop_map(|(at, which, width, little)| Edit::Number {
            at,
            which,
            width,
            little
        }),
        (at(), at(), at(), at()).prop_map(|(at, other, from, length)| Edit::Splice {
            at,
            other,
            from,
            length
        }),
        at().prop_map(|at| Edit::CutOff { at }),
    ]
}

/// What edits choose from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stock<'a> {
    pub(crate) seeds: &'a [crate::Seed],
    pub(crate) words: &'a [&'a [u8]],
}

/// The bytes after these edits, made one after another.
pub(crate) fn edited(bytes: &[u8], edits: &[Edit], stock: Stock<'_>) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for edit in edits {
        apply(&mut bytes, edit, stock);
        bytes.truncate(MOST_BYTES);
    }
    bytes
}

fn apply(bytes: &mut Vec<u8>, edit: &Edit, stock: Stock<'_>) {
    match edit {
        Edit::Flip { at, bit } => change(bytes, *at, |byte| byte ^ (1 << bit)),
        Edit::Set { at, value } => change(bytes, *at, |_| *value),
        Edit::Insert { at, bytes: new } => insert(bytes, *at, new),
        Edit::Remove { at, length } => {
            let piece = piece(bytes.len(), *at, *length);
            bytes.drain(piece);
        }
        Edit::Repeat { at, length, times } => {
            let again = bytes[piece(bytes.len(), *at, *length)].to_vec();
            let room = MOST_BYTES / again.len().max(1);
            insert(bytes, *at, &again.repeat(room.min((*times).into())));
        }
        Edit::Word { at, which } => {
            if !stock.words.is_empty() {
                let word: &[u8] = which.get::<&[u8]>(stock.words);
                insert(bytes, *at, word);
            }
        }
        Edit::Number {
            at,
            which,
            width,
            little,
        } => {
            let width = *width.get(&[1, 2, 4, 8]);
            overwrite(bytes, *at, &number(*which.get(&NUMBERS), width, *little));
        }
        Edit::Splice {
            at,
            other,
            from,
            length,
        } => {
            let other = &other.get(stock.seeds).bytes;
            insert(bytes, *at, &other[piece(other.len(), *from, *length)]);
        }
        Edit::CutOff { at } => bytes.truncate(at.index(bytes.len() + 1)),
    }
}

fn change(bytes: &mut [u8], at: Index, to: impl Fn(u8) -> u8) {
    if !bytes.is_empty() {
        let at = at.index(bytes.len());
        bytes[at] = to(bytes[at]);
    }
}

fn insert(bytes: &mut Vec<u8>, at: Index, new: &[u8]) {
    let at = at.index(bytes.len() + 1);
    bytes.splice(at..at, new.iter().copied());
}

fn overwrite(bytes: &mut [u8], at: Index, new: &[u8]) {
    let at = at.index(bytes.len() + 1);
    for (byte, new) in bytes[at..].iter_mut().zip(new) {
        *byte = *new;
    }
}

fn piece(of: usize, at: Index, length: Index) -> std::ops::Range<usize> {
    let at = at.index(of + 1);
    at..at + length.index(of - at + 1)
}

fn number(value: u64, width: usize, little: bool) -> Vec<u8> {
    let mut bytes = value.to_le_bytes()[..width].to_vec();
    if !little {
        bytes.reverse();
    }
    bytes
}

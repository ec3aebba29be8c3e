//! Where a list goes on, as a client sends it.

use kernel::Cursor;

/// What is taken for a cursor is written again as one that means the same.
pub(crate) fn target(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(cursor) = text.parse::<Cursor>() {
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
    }
}

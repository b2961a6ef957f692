//! Reading lines of a file that may be cut or damaged.

use std::io::{BufRead, Read as _, Result};

use domain::ledger::ENTRY_BYTES_MAX;

/// The longest line: an entry or a row, with what stands around it.
const LINE_BYTES_MAX: u64 = ENTRY_BYTES_MAX as u64 * 2 + 1_024;

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A line, its bytes without the line feed.
    Line,
    /// Bytes without a line feed, and then the end: the line was never finished.
    Cut,
    /// Nothing.
    End,
}

/// Reads the next line into `line`. One that is too long is taken for unfinished.
pub(super) fn next(reader: &mut impl BufRead, line: &mut Vec<u8>) -> Result<Next> {
    line.clear();
    reader.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', line)?;
    Ok(match line.pop() {
        Some(b'\n') => Next::Line,
        Some(last) => {
            line.push(last);
            Next::Cut
        }
        None => Next::End,
    })
}

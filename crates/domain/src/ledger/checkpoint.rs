//! Checkpoints: the text that is signed over a ledger's tree, as a C2SP signed note.
//!
//! Making and checking the signature needs a key and lives with the server; the text is fixed here.

use super::Hash;
use crate::id::LedgerId;

/// What a checkpoint says: this ledger had this many entries with this root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// `leitai/<ledger id>`
    pub origin: String,
    /// How many entries it covers.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// A signed note split into what is signed and its signature lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The signed text, its last line feed included.
    pub text: String,
    /// Name of the key and the base64 of key id and signature.
    pub signatures: Vec<(String, String)>,
}

impl Checkpoint {
    /// For a ledger.
    #[must_use]
    pub fn new(ledger: &LedgerId, size: u64, root: Hash) -> Self {
        Self { origin: origin(ledger), size, root }
    }

    /// The text that is signed: origin, size and root, a line each.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, base64(&self.root.0))
    }

    /// Reads that text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let origin = lines.next().filter(|line| !line.is_empty())?.to_owned();
        let size_text = lines.next()?;
        let size: u64 = size_text.parse().ok()?;
        let root: [u8; 32] = from_base64(lines.next()?)?.try_into().ok()?;
        // Extension lines could change what is meant; we write none and take none.
        let is_exact = lines.next().is_none() && size.to_string() == size_text;
        is_exact.then_some(Self { origin, size, root: Hash(root) })
    }
}

impl Note {
    /// Reads a signed note: text, an empty line, signature lines.
    #[must_use]
    pub fn parse(note: &str) -> Option<Self> {
        let at = note.rfind("\n\n")?;
        let (text, signatures) = (&note[..=at], &note[at + 2..]);
        let signatures = signatures
            .strip_suffix('\n')?
            .split('\n')
            .map(|line| {
                let (name, value) = line.strip_prefix("— ")?.split_once(' ')?;
                Some((name.to_owned(), value.to_owned()))
            })
            .collect::<Option<Vec<_>>>()?;
        Some(Self { text: text.to_owned(), signatures })
    }

    /// The note as it is stored and exported.
    #[must_use]
    pub fn to_text(&self) -> String {
        let lines: String =
            self.signatures.iter().map(|(name, value)| format!("— {name} {value}\n")).collect();
        format!("{}\n{lines}", self.text)
    }
}

/// How a ledger is named in its checkpoints.
#[must_use]
pub fn origin(ledger: &LedgerId) -> String {
    format!("leitai/{ledger}")
}

/// Standard base64 with padding.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0_u32, |word, byte| (word << 8) | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let digit = DIGITS[((word >> (18 - 6 * at)) & 63) as usize];
            text.push(if at > chunk.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

/// Reads standard base64 with padding; no other spelling of the same bytes.
#[must_use]
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for chunk in text.as_bytes().chunks(4) {
        let kept = chunk.iter().rposition(|byte| *byte != b'=')? + 1;
        let mut word = 0_u32;
        for (at, byte) in chunk.iter().enumerate() {
            word = (word << 6) | if at < kept { u32::from(digit(*byte)?) } else { 0 };
        }
        let [_, a, b, c] = word.to_be_bytes();
        bytes.extend_from_slice(&[a, b, c][..kept.checked_sub(1)?]);
    }
    (base64(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_one_spelling() {
        for (bytes, text) in
            [(&b""[..], ""), (b"f", "Zg=="), (b"fo", "Zm8="), (b"foo", "Zm9v"), (b"foob", "Zm9vYg==")]
        {
            assert_eq!(base64(bytes), text);
            assert_eq!(from_base64(text).as_deref(), Some(bytes));
        }
        assert_eq!(from_base64("Zh=="), None);
        assert_eq!(from_base64("===="), None);
        assert_eq!(from_base64("Zg="), None);
    }

    #[test]
    fn a_note_is_read_back_as_written() {
        let checkpoint = Checkpoint::new(&"abc".into(), 7, Hash::of_document(b"x"));
        let note = Note { text: checkpoint.text(), signatures: vec![("leitai".into(), "AAAA".into())] };
        assert_eq!(Note::parse(&note.to_text()), Some(note.clone()));
        assert_eq!(Checkpoint::parse(&note.text), Some(checkpoint));
        assert_eq!(Checkpoint::parse("leitai/abc\n07\nAAAA\n"), None);
    }
}

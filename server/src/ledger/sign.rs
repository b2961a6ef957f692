//! Signing and verifying checkpoints: C2SP signed notes with Ed25519.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use domain::ledger::checkpoint::{Checkpoint, Note, base64, from_base64};
use domain::ledger::verify::VerifyFinding;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use super::LedgerError;
use crate::{durable, spoken};
use domain::finding::Spoken;

/// The name under which a server signs when nothing else is said.
pub const KEY_NAME: &str = "leitai";

/// C2SP's number for Ed25519.
const ED25519: u8 = 1;
/// How a private key's file begins, as Go's `note` package writes it.
const PRIVATE_START: &str = "PRIVATE+KEY+";

/// A key that signs checkpoints.
pub(super) struct Signer {
    name: String,
    key: SigningKey,
}

impl Signer {
    /// Reads the key from its file; makes both where there is none, readable by the owner alone.
    pub(super) fn open(path: &Path) -> Result<Self, LedgerError> {
        let unusable = |problem: Spoken| LedgerError::KeyFile { path: path.display().to_string(), problem };
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(text.trim())
                .ok_or_else(|| unusable(Spoken::new("里面没有密钥", "it holds no key"))),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let mut seed = [0; 32];
                getrandom::fill(&mut seed).map_err(|error| unusable(spoken::of_library(&error)))?;
                let signer = Self { name: KEY_NAME.to_owned(), key: SigningKey::from_bytes(&seed) };
                match signer.save(path) {
                    // Another server was quicker; its key is the one.
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => Self::open(path),
                    Err(error) => Err(unusable(spoken::of_system(&error))),
                    Ok(()) => Ok(signer),
                }
            }
            Err(error) => Err(unusable(spoken::of_system(&error))),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.strip_prefix(PRIVATE_START)?.split_once('+')?;
        let (id, key) = rest.split_once('+')?;
        let bytes = from_base64(key)?;
        let (kind, seed) = bytes.split_first()?;
        let key = SigningKey::from_bytes(seed.try_into().ok()?);
        let signer = Self { name: name.to_owned(), key };
        (*kind == ED25519 && id == hex(key_id(name, &signer.key.verifying_key()))).then_some(signer)
    }

    fn save(&self, path: &Path) -> std::io::Result<()> {
        let id = hex(key_id(&self.name, &self.key.verifying_key()));
        let seed = base64(&[&[ED25519][..], &self.key.to_bytes()].concat());
        durable::create(path, format!("{PRIVATE_START}{}+{id}+{seed}\n", self.name).as_bytes())
    }

    /// The public key as text: `name+id+base64(0x01 ‖ key)`.
    pub(super) fn public(&self) -> String {
        let key = self.key.verifying_key();
        let bytes = [&[ED25519][..], key.as_bytes()].concat();
        format!("{}+{}+{}", self.name, hex(key_id(&self.name, &key)), base64(&bytes))
    }

    /// A signed note over a checkpoint.
    pub(super) fn sign(&self, checkpoint: &Checkpoint) -> String {
        let text = checkpoint.text();
        let signature = self.key.sign(text.as_bytes());
        let id = key_id(&self.name, &self.key.verifying_key());
        let line = base64(&[&id[..], &signature.to_bytes()].concat());
        Note { text, signatures: vec![(self.name.clone(), line)] }.to_text()
    }
}

/// Verifies a signed note against a public key, and gives what it says.
///
/// # Errors
/// Where note or key cannot be read, or the key's signature is missing or wrong.
pub fn verify_note(note: &str, public_key: &str) -> Result<Checkpoint, VerifyFinding> {
    let (name, id, key) = parse_public(public_key).ok_or(VerifyFinding::KeyUnreadable)?;
    let note = Note::parse(note).ok_or(VerifyFinding::CheckpointUnreadable)?;
    let missing = || VerifyFinding::SignatureMissing { key: name.to_owned() };
    let is_ours = |(by, value): &(String, String)| {
        let bytes = from_base64(value)?;
        (by == name).then(|| bytes.strip_prefix(&id).map(<[u8]>::to_vec)).flatten()
    };
    let signature = note.signatures.iter().find_map(is_ours).ok_or_else(missing)?;
    let wrong = || VerifyFinding::SignatureWrong { key: name.to_owned() };
    let signature = Signature::from_slice(&signature).map_err(|_| wrong())?;
    key.verify_strict(note.text.as_bytes(), &signature).map_err(|_| wrong())?;
    Checkpoint::parse(&note.text).ok_or(VerifyFinding::CheckpointUnreadable)
}

fn parse_public(text: &str) -> Option<(&str, [u8; 4], VerifyingKey)> {
    let (name, rest) = text.trim().split_once('+')?;
    let (id, key) = rest.split_once('+')?;
    let bytes = from_base64(key)?;
    let (kind, key) = bytes.split_first()?;
    let key = VerifyingKey::from_bytes(key.try_into().ok()?).ok()?;
    let is_whole = *kind == ED25519 && id == hex(key_id(name, &key)) && !name.is_empty();
    is_whole.then(|| (name, key_id(name, &key), key))
}

/// The first four bytes of SHA-256(name ‖ line feed ‖ 0x01 ‖ public key).
fn key_id(name: &str, key: &VerifyingKey) -> [u8; 4] {
    let mut hasher = Sha256::new();
    hasher.update(name);
    hasher.update(b"\n");
    hasher.update([ED25519]);
    hasher.update(key.as_bytes());
    let hash: [u8; 32] = hasher.finalize().into();
    [hash[0], hash[1], hash[2], hash[3]]
}

fn hex(id: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ledger::Hash;

    /// The key and the signed note of the documentation of Go's `golang.org/x/mod/sumdb/note`.
    #[test]
    fn the_published_note_verifies_and_its_key_signs_the_same() {
        let public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        let private = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
        let text = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n";
        let line =
            "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
        let note = Note { text: text.to_owned(), signatures: vec![("PeterNeumann".into(), line.into())] };
        // It verifies as a note; it is just no checkpoint.
        assert_eq!(verify_note(&note.to_text(), public), Err(VerifyFinding::CheckpointUnreadable));
        let signer = Signer::parse(private).expect("the published key");
        assert_eq!(signer.public(), public);
        let changed = note.to_text().replace("answer", "Answer");
        let wrong = VerifyFinding::SignatureWrong { key: "PeterNeumann".into() };
        assert_eq!(verify_note(&changed, public), Err(wrong));
    }

    #[test]
    fn a_checkpoint_verifies_and_any_flipped_character_does_not() {
        let signer = Signer { name: "leitai".into(), key: SigningKey::from_bytes(&[7; 32]) };
        let checkpoint = Checkpoint::new(&"abc".into(), 3, Hash::of_document(b"x"));
        let note = signer.sign(&checkpoint);
        assert_eq!(verify_note(&note, &signer.public()), Ok(checkpoint));
        for at in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 1;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            assert!(verify_note(&changed, &signer.public()).is_err(), "byte {at}");
        }
        let other = Signer { name: "leitai".into(), key: SigningKey::from_bytes(&[8; 32]) };
        let missing = VerifyFinding::SignatureMissing { key: "leitai".into() };
        assert_eq!(verify_note(&note, &other.public()), Err(missing));
    }
}

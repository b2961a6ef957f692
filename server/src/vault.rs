//! What the database must not give away by itself, sealed with a key that lies outside of it (AES-256-GCM):
//! whoever takes the database or a copy of it takes no second factor with it (docs/adr/0025).

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use domain::finding::Spoken;
use domain::findings;
use domain::ledger::Hash;

use crate::{durable, spoken};

const KEY_BYTES: usize = 32;
/// What the key of blind indexes is for.
const BLINDING: &[u8] = b"leitai blind 1";
/// What keys of words are for.
const WORDED: &str = "leitai words 1";
/// How many hexadecimal digits of the key's hash name it.
const NAME_DIGITS: usize = 16;

findings! {
    /// Why the key cannot be used.
    pub enum VaultError {
        Unusable { path: String, problem: Spoken } = Error "vault_unusable",
            "保密密钥文件 {path} 不能用：{problem:#}；请从备份恢复该文件（--vault）。",
            "The file {path} of the vault's key cannot be used: {problem}. Bring it back from where you keep a copy (--vault).";
        Unfit { path: String } = Error "vault_unfit",
            "保密密钥文件 {path} 的内容不是 64 位十六进制数；请从备份恢复该文件，或移走它以新建（已启用的验证码须重新设置，已存的身份证号再也读不出、查不出重复）。",
            "The file {path} of the vault's key does not hold 64 hexadecimal digits; bring it back from where you keep a copy, or move it away to have a new one made (second factors must then be set up anew, and identity numbers that are kept are neither read nor found again).";
        NoRandomness = Error "vault_no_randomness",
            "系统没有给出随机数，不能生成保密密钥。",
            "The system gave no randomness, so no key of the vault can be made.";
    }
}

findings! {
    /// What whoever starts a server is told of the key.
    pub enum VaultNotice {
        OtherKey { path: String, factors: i64, numbers: i64 } = Warning "vault_other_key",
            "保密密钥文件 {path} 不是封存数据时的那一个：{factors} 个账号的验证码和 {numbers} 个身份证号读不出来。请把原来的文件放回去再启动；找不回时，让这些人用恢复码登录后重新启用验证码。",
            "The file {path} of the vault's key is not the one that sealed what is there: second factors of {factors} accounts and {numbers} identity numbers cannot be read. Put the file of then back and start again; where it is lost, let these people sign in by a recovery code and set their factor up anew.";
    }
}

/// Seals and opens.
pub struct Vault {
    key: RandomizedNonceKey,
    blinding: hmac::Key,
    name: String,
    path: PathBuf,
}

/// Something sealed that this key does not open: another sealed it, or it was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sealed;

impl Vault {
    /// With the key of a file, which is made where there is none. Servers of one database share it.
    ///
    /// # Errors
    /// Where the file cannot be read or made, or holds something else.
    pub fn open(path: &Path) -> Result<Self, VaultError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => Self::make(path)?,
            Err(error) => return Err(unusable(path, &error)),
        };
        let bytes = unhex(text.trim()).filter(|bytes| bytes.len() == KEY_BYTES);
        let vault = bytes.and_then(|bytes| Self::of(&bytes, path.to_owned()));
        vault.ok_or_else(|| VaultError::Unfit { path: path.display().to_string() })
    }

    /// One whose key is kept nowhere: what it seals is lost with it.
    ///
    /// # Errors
    /// Where the system gives no randomness.
    pub fn passing() -> Result<Self, VaultError> {
        let mut bytes = [0; KEY_BYTES];
        getrandom::fill(&mut bytes).map_err(|_| VaultError::NoRandomness)?;
        Self::of(&bytes, PathBuf::new()).ok_or(VaultError::NoRandomness)
    }

    /// One whose key follows from words that people keep: there is no file, and nobody opens what it seals
    /// without them. The words must be as hard to guess as a key.
    #[must_use]
    pub(crate) fn of_words(words: &[&str]) -> Option<Self> {
        let Hash(key) = Hash::of_document([&[WORDED], words].concat().join("\n").as_bytes());
        Self::of(&key, PathBuf::new())
    }

    fn of(bytes: &[u8], path: PathBuf) -> Option<Self> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, bytes).ok()?;
        let mut name = Hash::of_document(bytes).to_string();
        name.truncate(NAME_DIGITS);
        // Another key than the one that seals: what it gives can be compared.
        let blinding = Hash::of_document(&[BLINDING, bytes].concat());
        Some(Self { key, blinding: hmac::Key::new(HMAC_SHA256, &blinding.0), name, path })
    }

    fn make(path: &Path) -> Result<String, VaultError> {
        let mut bytes = [0; KEY_BYTES];
        getrandom::fill(&mut bytes).map_err(|_| VaultError::NoRandomness)?;
        match durable::create(path, format!("{}\n", hex(&bytes)).as_bytes()) {
            // Another server of this database was quicker: its key is the one.
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(unusable(path, &error)),
        }
        std::fs::read_to_string(path).map_err(|error| unusable(path, &error))
    }

    /// Seals some bytes for one place: opened for another they are refused. None where the system gives no
    /// randomness.
    #[must_use]
    pub fn seal(&self, place: &str, bytes: &[u8]) -> Option<String> {
        let mut text = bytes.to_vec();
        let nonce = self.key.seal_in_place_append_tag(Aad::from(place), &mut text).ok()?;
        Some(format!("{}.{}{}", self.name, hex(nonce.as_ref()), hex(&text)))
    }

    /// Opens what was sealed for that place.
    ///
    /// # Errors
    /// Where another key sealed it, for another place, or it was changed.
    pub fn unseal(&self, place: &str, sealed: &str) -> Result<Vec<u8>, Sealed> {
        let (name, digits) = sealed.split_once('.').ok_or(Sealed)?;
        if name != self.name {
            return Err(Sealed);
        }
        let mut bytes = unhex(digits).ok_or(Sealed)?;
        let (nonce, text) = bytes.split_at_mut_checked(NONCE_LEN).ok_or(Sealed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Sealed)?;
        let opened = self.key.open_in_place(nonce, Aad::from(place), text).map_err(|_| Sealed)?;
        Ok(opened.to_vec())
    }

    /// What some text is found again by where it stands sealed: the same text gives the same, and nobody
    /// without the key comes from it to the text.
    #[must_use]
    pub fn blind(&self, text: &str) -> String {
        hex(hmac::sign(&self.blinding, text.as_bytes()).as_ref())
    }

    /// How everything begins that this key sealed.
    #[must_use]
    pub fn mark(&self) -> String {
        format!("{}.", self.name)
    }

    /// The key's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn unusable(path: &Path, error: &std::io::Error) -> VaultError {
    VaultError::Unusable { path: path.display().to_string(), problem: spoken::of_system(error) }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(if half < 10 { b'0' + half } else { b'a' + half - 10 });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xF)]).collect()
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let half = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    };
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| Some((half(*high)? << 4) | half(*low)?);
    pairs.iter().map(byte).collect::<Option<Vec<u8>>>().filter(|_| rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("vault-{name}-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir(&path).expect("a folder");
        path
    }

    #[test]
    fn what_is_sealed_opens_with_its_key_for_its_place_alone() {
        let folder = folder("seal");
        let vault = Vault::open(&folder.join("one")).expect("a key is made");
        let again = Vault::open(&folder.join("one")).expect("it is read");
        let other = Vault::open(&folder.join("other")).expect("another");
        let sealed = vault.seal("here", b"secret").expect("randomness");
        assert!(!sealed.contains("736563726574"), "it does not stand there in plain");
        assert_ne!(vault.seal("here", b"secret"), Some(sealed.clone()), "each time differently");
        assert_eq!(again.unseal("here", &sealed), Ok(b"secret".to_vec()));
        assert_eq!(vault.unseal("there", &sealed), Err(Sealed));
        assert_eq!(other.unseal("here", &sealed), Err(Sealed));
        for at in 0..sealed.len() {
            let mut changed: Vec<char> = sealed.chars().collect();
            changed[at] = if changed[at] == '0' { '1' } else { '0' };
            let changed: String = changed.into_iter().collect();
            assert_eq!(vault.unseal("here", &changed), Err(Sealed), "character {at}");
        }
        for hostile in ["", ".", "é.é", &sealed[..20]] {
            assert_eq!(vault.unseal("here", hostile), Err(Sealed), "{hostile}");
        }
        std::fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn the_same_text_is_found_again_under_the_same_key_alone() {
        let (one, other) = (Vault::passing().expect("one"), Vault::passing().expect("another"));
        assert_eq!(one.blind("110101199003070000"), one.blind("110101199003070000"));
        assert_ne!(one.blind("110101199003070000"), one.blind("110101199003070001"));
        assert_ne!(one.blind("110101199003070000"), other.blind("110101199003070000"));
    }

    #[test]
    fn a_file_that_holds_no_key_is_named_and_left_alone() {
        let folder = folder("unfit");
        let path = folder.join("key");
        std::fs::write(&path, "not a key").expect("written");
        let refused = Vault::open(&path).err().expect("refused");
        assert_eq!(refused.code(), "vault_unfit");
        assert_eq!(std::fs::read_to_string(&path).expect("still there"), "not a key");
        std::fs::remove_dir_all(folder).expect("removed");
    }

    #[cfg(unix)]
    #[test]
    fn the_key_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = folder("mode");
        let vault = Vault::open(&folder.join("key")).expect("made");
        let mode = std::fs::metadata(vault.path()).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::remove_dir_all(folder).expect("removed");
    }
}

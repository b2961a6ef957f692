//! Secrets: made by the system's randomness, kept as hashes.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::ledger::Hash;

/// Without letters that look alike (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Random bytes.
///
/// # Errors
/// Where the system gives none; then nothing secret can be made.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], getrandom::Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

/// 128 random bits as hexadecimal digits.
pub(super) fn token() -> Result<String, getrandom::Error> {
    Ok(format!("{:032x}", u128::from_be_bytes(bytes()?)))
}

/// Something to type: so many groups of four letters, 20 bits each.
pub(crate) fn words(groups: usize) -> Result<String, getrandom::Error> {
    let mut written = Vec::with_capacity(groups);
    for _ in 0..groups {
        let letters = bytes::<4>()?.map(|byte| LETTERS[usize::from(byte % 32)]);
        written.push(String::from_utf8_lossy(&letters).into_owned());
    }
    Ok(written.join("-"))
}

/// Those letters as somebody typed them: without the strokes, in lower case, with what looks alike.
pub(crate) fn words_of(typed: &str, groups: usize) -> Option<String> {
    let mut letters = Vec::with_capacity(groups * 4);
    for char in typed.chars().filter(|char| !char.is_whitespace() && *char != '-') {
        let letter = match char.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        letters.push(u8::try_from(letter).ok().filter(|letter| LETTERS.contains(letter))?);
    }
    let groups: Vec<_> = (letters.len() == groups * 4).then(|| letters.chunks(4))?.collect();
    let groups: Vec<_> = groups.iter().map(|group| String::from_utf8_lossy(group)).collect();
    Some(groups.join("-"))
}

/// A PIN of six digits.
pub(super) fn pin() -> Result<String, getrandom::Error> {
    // The remainder favours the lower PINs by less than one in 10^13.
    Ok(format!("{:06}", u64::from_be_bytes(bytes()?) % 1_000_000))
}

/// The hash of a secret that nobody can guess: a fast one is enough.
pub(super) fn hash(secret: &str) -> String {
    Hash::of_document(secret.as_bytes()).to_string()
}

/// The hash of what a person remembers: Argon2id, 19 MiB, two passes (OWASP's floor).
pub(super) fn slow_hash(secret: &str) -> Option<String> {
    Some(argon2()?.hash_password(secret.as_bytes()).ok()?.to_string())
}

/// Whether a secret has that slow hash. Without a hash it takes as long and says no, so that an
/// unknown name is not told from a wrong password by the time it takes.
pub(super) fn is_slow_hash_of(hash: Option<&str>, secret: &str) -> bool {
    let Some(argon2) = argon2() else { return false };
    let Some(known) = hash.and_then(|hash| PasswordHash::new(hash).ok()) else {
        let _ = argon2.hash_password(secret.as_bytes());
        return false;
    };
    argon2.verify_password(secret.as_bytes(), &known).is_ok()
}

fn argon2() -> Option<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

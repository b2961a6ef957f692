//! Hostile tokens, by the clauses of RFC 8725; a good one beside them.

use serde_json::{Value, json};

use super::*;

const SECRET: [u8; 32] = [7; 32];

fn now_s() -> i64 {
    i64::try_from(jsonwebtoken::get_current_timestamp()).expect("a time")
}

fn mint(purpose: Purpose) -> Mint {
    Mint::new(purpose, SECRET, "here")
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let word =
            three.iter().fold(0_u32, |word, byte| (word << 8) | u32::from(*byte)) << (8 * (3 - three.len()));
        for at in 0..=three.len() {
            text.push(char::from(DIGITS[(word >> (18 - 6 * at)) as usize & 63]));
        }
    }
    text
}

/// A token of any header and claims, rightly signed.
fn signed(header: &Value, claims: &Value) -> String {
    let start =
        format!("{}.{}", base64(header.to_string().as_bytes()), base64(claims.to_string().as_bytes()));
    let key = EncodingKey::from_ed_der(&[&PKCS8_START[..], &SECRET].concat());
    let signature = jsonwebtoken::crypto::sign(start.as_bytes(), &key, Algorithm::EdDSA).expect("signed");
    format!("{start}.{signature}")
}

fn header() -> Value {
    json!({"typ": "at+jwt", "alg": "EdDSA"})
}

fn claims() -> Value {
    let now = now_s();
    json!({"aud": "here:at+jwt", "exp": now + 600, "iat": now, "iss": "leitai", "jti": "j", "nbf": now, "sub": "s"})
}

fn with(mut object: Value, name: &str, value: Value) -> Value {
    object[name] = value;
    object
}

fn without(mut object: Value, name: &str) -> Value {
    object.as_object_mut().expect("an object").remove(name);
    object
}

#[test]
fn a_token_of_ours_is_read_again() {
    let token = mint(Purpose::Access).make("s", "j".to_owned(), now_s()).expect("a token");
    assert_eq!(mint(Purpose::Access).read(&token).map(|claims| claims.sub), Some("s".to_owned()));
    assert!(mint(Purpose::Access).read(&signed(&header(), &claims())).is_some(), "the table's own start");
}

#[test]
fn rfc8725_3_12_one_kind_never_passes_for_another() {
    let token = mint(Purpose::Access).make("s", "j".to_owned(), now_s()).expect("a token");
    assert_eq!(mint(Purpose::Ticket).read(&token), None);
    assert_eq!(Mint::new(Purpose::Access, SECRET, "elsewhere").read(&token), None);
    assert_eq!(Mint::new(Purpose::Access, [8; 32], "here").read(&token), None);
}

#[test]
fn hostile_headers_are_refused() {
    let rows = [
        ("rfc8725_3_1 none", with(header(), "alg", json!("none"))),
        ("NONE", with(header(), "alg", json!("NONE"))),
        ("another algorithm", with(header(), "alg", json!("HS256"))),
        ("an unknown algorithm", with(header(), "alg", json!("EdDSA2"))),
        ("no algorithm", without(header(), "alg")),
        ("rfc8725_3_11 another type", with(header(), "typ", json!("JWT"))),
        ("no type", without(header(), "typ")),
        ("the ticket's type", with(header(), "typ", json!("ws-ticket+jwt"))),
        ("rfc8725_3_10 kid path", with(header(), "kid", json!("../../etc/passwd"))),
        ("kid SQL", with(header(), "kid", json!("' OR 1=1 --"))),
        ("jku", with(header(), "jku", json!("https://example.org/keys"))),
        ("x5u", with(header(), "x5u", json!("https://example.org/cert"))),
        ("jwk", with(header(), "jwk", json!({"kty": "OKP", "crv": "Ed25519", "x": base64(&[1; 32])}))),
        ("crit", with(header(), "crit", json!(["exp"]))),
        ("cty", with(header(), "cty", json!("JWT"))),
        ("an unknown field", with(header(), "x", json!(1))),
    ];
    for (name, header) in rows {
        assert_eq!(mint(Purpose::Access).read(&signed(&header, &claims())), None, "{name}");
    }
}

#[test]
fn hostile_claims_are_refused() {
    let now = now_s();
    let rows = [
        (
            "expired",
            with(
                with(with(claims(), "exp", json!(now - 60)), "iat", json!(now - 660)),
                "nbf",
                json!(now - 660),
            ),
        ),
        ("exp as text", with(claims(), "exp", json!((now + 600).to_string()))),
        ("exp as a fraction", with(claims(), "exp", json!(1e12 + 0.5))),
        ("exp far away", with(claims(), "exp", json!(i64::MAX))),
        ("exp beyond what is read", with(claims(), "exp", json!(u64::MAX))),
        ("exp below zero", with(claims(), "exp", json!(-1))),
        ("no exp", without(claims(), "exp")),
        (
            "nbf far",
            with(
                with(with(claims(), "nbf", json!(now + 900)), "iat", json!(now + 900)),
                "exp",
                json!(now + 1500),
            ),
        ),
        ("nbf as text", with(claims(), "nbf", json!("9999999999"))),
        ("no nbf", without(claims(), "nbf")),
        ("rfc8725_3_9 another audience", with(claims(), "aud", json!("there:at+jwt"))),
        ("a list of audiences", with(claims(), "aud", json!(["here:at+jwt"]))),
        ("no audience", without(claims(), "aud")),
        ("rfc8725_3_8 another issuer", with(claims(), "iss", json!("else"))),
        ("no subject", without(claims(), "sub")),
        ("no id", without(claims(), "jti")),
        ("more claims", with(claims(), "role", json!("organiser"))),
    ];
    for (name, claims) in rows {
        assert_eq!(mint(Purpose::Access).read(&signed(&header(), &claims)), None, "{name}");
    }
}

#[test]
fn hostile_texts_are_refused() {
    let good = signed(&header(), &claims());
    let (start, signature) = good.rsplit_once('.').expect("three parts");
    let public = ed25519_dalek::SigningKey::from_bytes(&SECRET).verifying_key();
    let confused = {
        let start = format!(
            "{}.{}",
            base64(with(header(), "alg", json!("HS256")).to_string().as_bytes()),
            base64(claims().to_string().as_bytes())
        );
        let key = EncodingKey::from_secret(public.as_bytes());
        let signature = jsonwebtoken::crypto::sign(start.as_bytes(), &key, Algorithm::HS256).expect("signed");
        format!("{start}.{signature}")
    };
    let rows = [
        ("nothing", String::new()),
        ("dots", "..".to_owned()),
        ("no signature", format!("{start}.")),
        ("two signatures", format!("{good}.{signature}")),
        ("a signature of zeros", format!("{start}.{}", base64(&[0; 64]))),
        ("HS256 signed with the public key", confused),
        ("unicode", format!("{good}\u{ff0e}")),
        ("a megabyte", format!("{}.{good}", "A".repeat(1 << 20))),
        ("padding", format!("{good}==")),
    ];
    for (name, token) in rows {
        assert_eq!(mint(Purpose::Access).read(&token), None, "{name}");
    }
}

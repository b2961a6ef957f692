//! Tokens: EdDSA JWTs of three kinds, each with a key, a type and an audience of its own, so that one
//! never passes for the other (RFC 8725).

use std::collections::HashSet;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

/// How an Ed25519 private key begins in PKCS #8 (RFC 8410); its 32 bytes follow.
const PKCS8_START: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
/// What the clocks of several servers may differ by, in seconds.
const LEEWAY_S: u64 = 2;
/// No token of ours is longer.
const LENGTH_MAX: usize = 1_024;
const ISSUER: &str = "leitai";

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Says which session a request belongs to, for a few minutes.
    Access,
    /// Opens one judge's socket, once, within seconds.
    Ticket,
    /// Says that somebody gave an account's password, while its second factor is asked for.
    Half,
}

impl Purpose {
    /// The token's explicit type (RFC 8725, 3.11).
    pub(super) fn typ(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Ticket => "ws-ticket+jwt",
            Self::Half => "half-way+jwt",
        }
    }

    /// How long it is good for.
    pub(super) fn seconds(self) -> i64 {
        match self {
            Self::Access => 600,
            Self::Ticket => 30,
            Self::Half => 300,
        }
    }
}

/// What a token says. Whatever else its holder may do is looked up, never read from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claims {
    pub(super) aud: String,
    pub(super) exp: i64,
    pub(super) iat: i64,
    pub(super) iss: String,
    /// Random; a ticket is used up by it. Of somebody half way in, the hash of the password's.
    pub(super) jti: String,
    pub(super) nbf: i64,
    /// The session of an access token or a ticket, the account of somebody half way in.
    pub(super) sub: String,
}

/// Makes and reads the tokens of one purpose.
pub(super) struct Mint {
    purpose: Purpose,
    audience: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Mint {
    /// By a secret of 32 bytes; `instance` names the database that the tokens are good for.
    pub(super) fn new(purpose: Purpose, secret: [u8; 32], instance: &str) -> Self {
        let audience = format!("{instance}:{}", purpose.typ());
        let public = ed25519_dalek::SigningKey::from_bytes(&secret).verifying_key();
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.leeway = LEEWAY_S;
        validation.validate_nbf = true;
        validation.set_audience(&[&audience]);
        validation.set_issuer(&[ISSUER]);
        validation.required_spec_claims =
            HashSet::from(["exp", "nbf", "aud", "iss", "sub"].map(str::to_owned));
        Self {
            purpose,
            audience,
            encoding: EncodingKey::from_ed_der(&[&PKCS8_START[..], &secret].concat()),
            decoding: DecodingKey::from_ed_der(public.as_bytes()),
            validation,
        }
    }

    /// A token for a subject; none where it cannot be signed, which a test excludes.
    pub(super) fn make(&self, sub: &str, jti: String, now_s: i64) -> Option<String> {
        let claims = Claims {
            aud: self.audience.clone(),
            exp: now_s + self.purpose.seconds(),
            iat: now_s,
            iss: ISSUER.to_owned(),
            jti,
            nbf: now_s,
            sub: sub.to_owned(),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(self.purpose.typ().to_owned());
        encode(&header, &claims, &self.encoding).ok()
    }

    /// What a token says, if it is one of ours, for this purpose, for this database, and now.
    pub(super) fn read(&self, token: &str) -> Option<Claims> {
        if token.len() > LENGTH_MAX {
            return None;
        }
        let header = decode_header(token).ok()?;
        // Ours name no key and no extension; what names one is somebody else's.
        let plain = Header { typ: Some(self.purpose.typ().to_owned()), ..Header::new(Algorithm::EdDSA) };
        if header != plain {
            return None;
        }
        let claims = decode::<Claims>(token, &self.decoding, &self.validation).ok()?.claims;
        (claims.exp - claims.iat == self.purpose.seconds() && claims.nbf == claims.iat).then_some(claims)
    }
}

#[cfg(test)]
mod tests;

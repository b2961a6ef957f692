//! An authority of the server's own, for a hall where no public one can vouch for an address: made
//! once, kept beside the database, and trusted by the devices that were given its certificate.

use std::fs;
use std::io::ErrorKind;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use domain::finding::Spoken;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, PKCS_ECDSA_P256_SHA256,
};
use sha2::{Digest as _, Sha256};
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};

use super::StartError;
use super::tls::{has_ended, is_vouched_for};
use crate::{durable, spoken};

const DAY: Duration = Duration::from_hours(24);
/// Devices take no certificate of a server that is good for longer than 398 days.
const SERVER_DAYS: u32 = 397;
/// Long enough that nobody has to go round all devices again.
const AUTHORITY_DAYS: u32 = 3_650;
/// Names that mean something inside of a network only (RFC 6762, RFC 8375, and what routers give out).
const INNER_NAMES: [&str; 5] = ["localhost", "local", "lan", "internal", "home.arpa"];
/// Addresses that do (RFC 1918, 3927, 4193, 4291, 6598).
const INNER_ADDRESSES: [(IpAddr, u8); 9] = [
    (IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 0)), 8),
    (IpAddr::V4(std::net::Ipv4Addr::new(172, 16, 0, 0)), 12),
    (IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 0, 0)), 16),
    (IpAddr::V4(std::net::Ipv4Addr::new(100, 64, 0, 0)), 10),
    (IpAddr::V4(std::net::Ipv4Addr::new(169, 254, 0, 0)), 16),
    (IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 0)), 8),
    (IpAddr::V6(std::net::Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0)), 7),
    (IpAddr::V6(std::net::Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0)), 10),
    (IpAddr::V6(std::net::Ipv6Addr::LOCALHOST), 128),
];

/// The authority, as devices are given it.
#[derive(Clone, Debug)]
pub struct Authority {
    certificate: CertificateDer<'static>,
    pem: String,
}

/// A certificate with what is between it and the authority, and its key.
pub(super) type Vouched = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

impl Authority {
    /// Its certificate, as DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.certificate
    }

    /// The same as text (PEM).
    #[must_use]
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// SHA-256 of the certificate, as devices show it: `AB:CD:…`.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let hash = Sha256::digest(&self.certificate);
        hash.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
    }
}

/// An authority that was read or made, and what it vouches for.
pub(super) struct Opened {
    pub(super) authority: Authority,
    pub(super) vouched: Vouched,
    /// The hosts that it was not made for, so that no device would believe it.
    pub(super) beyond: Vec<String>,
}

/// Reads the authority from its file, or makes it there, for its owner alone; and has it vouch for the
/// hosts. That certificate and its key are made at each start and never written down, so none of them
/// is ever old or for an address that is no longer this machine's.
pub(super) fn open(path: &Path, hosts: &[String], now: UnixTime) -> Result<Opened, StartError> {
    let unusable = |problem| StartError::Authority { path: path.display().to_string(), problem };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let text = made(hosts, now).map_err(|error| unusable(spoken::of_library(&error)))?;
            match durable::create(path, text.as_bytes()) {
                // Another server was quicker; its authority is the one.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    return open(path, hosts, now);
                }
                made => made.map_err(|error| unusable(spoken::of_system(&error)))?,
            }
            text
        }
        Err(error) => return Err(unusable(spoken::of_system(&error))),
    };
    let key = KeyPair::from_pem(&text).map_err(|_| unusable(no_authority()))?;
    let certificate =
        CertificateDer::from_pem_slice(text.as_bytes()).map_err(|_| unusable(no_authority()))?;
    if has_ended(&certificate, now).is_some() {
        return Err(StartError::AuthorityEnded { path: path.display().to_string() });
    }
    let issuer = Issuer::new(of_authority(&key), key);
    let vouch = |hosts: &[String]| {
        let vouched = vouch(&issuer, hosts, now).map_err(|error| unusable(spoken::of_library(&error)))?;
        let is_believed = is_vouched_for(&vouched.0, &certificate, now);
        Ok::<_, StartError>((vouched, is_believed))
    };
    let (mut vouched, is_believed) = vouch(hosts)?;
    let mut beyond = Vec::new();
    if !is_believed {
        // Either key and certificate are not of one pair, or there are hosts that it was not made for.
        if !vouch(&[INNER_NAMES[0].to_owned()])?.1 {
            return Err(unusable(no_authority()));
        }
        let mut within = Vec::new();
        for host in hosts {
            let (_, is_believed) = vouch(std::slice::from_ref(host))?;
            if is_believed { &mut within } else { &mut beyond }.push(host.clone());
        }
        vouched = vouch(&within)?.0;
    }
    let pem = text_of(&certificate);
    Ok(Opened { authority: Authority { certificate, pem }, vouched, beyond })
}

fn no_authority() -> Spoken {
    Spoken::new("里面没有配套的证书和私钥", "it does not hold a certificate with its key")
}

/// The file's text: the key, then the certificate.
fn made(hosts: &[String], now: UnixTime) -> Result<String, rcgen::Error> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let mut params = of_authority(&key);
    last(&mut params, now, AUTHORITY_DAYS);
    params.name_constraints =
        Some(NameConstraints { permitted_subtrees: may_speak_for(hosts), excluded_subtrees: Vec::new() });
    let certificate = params.self_signed(&key)?;
    Ok(key.serialize_pem() + &certificate.pem())
}

/// What is the same each time that the authority is read: its name, by which what it signed finds it,
/// comes from its key.
fn of_authority(key: &KeyPair) -> CertificateParams {
    let hash = Sha256::digest(key.public_key_raw());
    let short = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]);
    let mut params = CertificateParams::default();
    params.distinguished_name = named(&format!("Leitai authority {short:08x}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// Names and addresses of inner networks, and what this server was asked to be beside them: a device
/// that trusts this authority must not thereby trust it for a bank.
fn may_speak_for(hosts: &[String]) -> Vec<GeneralSubtree> {
    let mut subtrees: Vec<GeneralSubtree> =
        INNER_NAMES.iter().map(|name| GeneralSubtree::DnsName((*name).to_owned())).collect();
    for (address, bits) in INNER_ADDRESSES {
        subtrees.push(GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, bits)));
    }
    for host in hosts {
        subtrees.push(match host.parse::<IpAddr>() {
            Ok(address @ IpAddr::V4(_)) => {
                GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, 32))
            }
            Ok(address) => GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, 128)),
            Err(_) => GeneralSubtree::DnsName(host.clone()),
        });
    }
    subtrees
}

/// A new key and a certificate for these hosts.
fn vouch(issuer: &Issuer<'_, KeyPair>, hosts: &[String], now: UnixTime) -> Result<Vouched, rcgen::Error> {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::new(hosts)?;
    params.distinguished_name = named("Leitai server");
    last(&mut params, now, SERVER_DAYS);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.is_ca = IsCa::ExplicitNoCa;
    params.use_authority_key_identifier_extension = true;
    let certificate = params.signed_by(&key, issuer)?;
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    Ok((vec![certificate.der().clone()], key))
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::OrganizationName, "Leitai");
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// From yesterday, since a tablet's clock may be behind, for so many days.
fn last(params: &mut CertificateParams, now: UnixTime, days: u32) {
    let since_1970 = Duration::from_secs(now.as_secs()).saturating_sub(DAY);
    params.not_before = rcgen::date_time_ymd(1970, 1, 1) + since_1970;
    params.not_after = params.not_before + DAY * days;
}

/// A certificate as text, in lines of 64 characters (RFC 7468).
fn text_of(certificate: &CertificateDer<'_>) -> String {
    let base64 = domain::ledger::checkpoint::base64(certificate);
    let mut text = "-----BEGIN CERTIFICATE-----\n".to_owned();
    for line in base64.as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text + "-----END CERTIFICATE-----\n"
}

//! HTTP: one router over every feature's routes, each with its guard; the headers, limits and
//! failures that are the same for all of them; and the sockets that they are served on.

mod agent;
mod authority;
mod failure;
mod guard;
mod headers;
mod keeping;
mod language;
mod metrics;
mod openapi;
mod operating;
mod origin;
mod routes;
mod sent;
mod serve;
mod tls;

use std::net::SocketAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use domain::finding::Spoken;
use domain::findings;

use crate::accounts::{self, AccountError, Accounts};
use crate::database::{Database, DatabaseError};
use crate::judging::{self, Judging};
use crate::ledger::{Clock, Ledger, LedgerError};
use crate::live::{self, Live};
use crate::pages::KeptPages;
use crate::vault::{Vault, VaultError};

pub(crate) use agent::agent;
pub use authority::Authority;
pub use failure::Failure;
pub(crate) use guard::Peer;
pub use guard::{AtDesk, AtTablet, Guard, Over, Side, drop_session, keep_session};
pub(crate) use headers::cookie;
pub use keeping::Keeping;
pub(crate) use language::COOKIE as LANGUAGE;
pub use language::Spoke;
pub use metrics::Metrics;
pub use openapi::openapi;
pub use origin::Origins;
pub use routes::{Body, Route, Routes, UPLOAD_MAX};
pub use sent::Sent;
pub use serve::{Running, start};
pub use tls::{Tls, Trust};

/// How a server is run.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The database's URL or path.
    pub database: String,
    /// The addresses that browsers may come from, `https://contest.example`; without any, this
    /// machine's own.
    pub origins: Vec<String>,
    /// Whether and how it speaks HTTPS itself.
    pub tls: Tls,
    /// The file of the ledger's signing key; beside the database where nothing is said.
    pub key: Option<PathBuf>,
    /// The file of the key that second factors are sealed with; beside the signing key's file where that is
    /// said, else beside the database.
    pub vault: Option<PathBuf>,
    /// How many connections at once.
    pub connections_max: usize,
    /// How many sockets of spectators.
    pub spectators: live::Limits,
    /// A folder, best on another disk, that a copy of everything is kept in.
    pub backup: Option<PathBuf>,
    /// What judges' sockets may take.
    pub judging: judging::Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database: crate::database::DEFAULT.to_owned(),
            origins: Vec::new(),
            tls: Tls::None,
            key: None,
            vault: None,
            connections_max: 50_000,
            spectators: live::Limits::default(),
            backup: None,
            judging: judging::Limits::default(),
        }
    }
}

findings! {
    /// Why the server cannot start.
    pub enum StartError {
        Address { address: String, problem: Spoken } = Error "address_unusable",
            "不能在 {address} 上监听：{problem:#}；请换一个地址或端口（--listen）。",
            "Cannot listen on {address}: {problem}. Choose another address or port (--listen).";
        Origin { origin: String } = Error "origin_unfit",
            "“{origin}”不是网站的来源；请写成 https://名称 或 http://地址:端口，后面不带路径。",
            "\"{origin}\" is no origin; write https://name or http://address:port, without a path.";
        OriginPlain { origin: String } = Error "origin_plain",
            "服务器使用 HTTPS，来源“{origin}”却不是；请写成 https://…（--origin）。",
            "The server speaks HTTPS, but the origin \"{origin}\" does not; write https://… (--origin).";
        Certificate { path: String, problem: Spoken } = Error "certificate_unusable",
            "证书或私钥文件 {path} 不能用：{problem:#}；请给出 PEM 格式的文件（--tls-certificate、--tls-key）。",
            "The file {path} of the certificate or its key cannot be used: {problem}. Give PEM files (--tls-certificate, --tls-key).";
        KeyOther { certificate: String, key: String } = Error "certificate_key_other",
            "私钥 {key} 不是证书 {certificate} 的；请给出配套的两个文件，证书文件中服务器证书排在最前。",
            "The key {key} is not that of the certificate {certificate}; give two files of one pair, with the server's certificate first in its file.";
        Name { name: String } = Error "tls_name_unfit",
            "“{name}”不是主机名或地址；请写成 leitai.lan 或 192.168.1.10 这样，不带端口（--tls-name）。",
            "\"{name}\" is no name or address of a host; write leitai.lan or 192.168.1.10, without a port (--tls-name).";
        Authority { path: String, problem: Spoken } = Error "authority_unusable",
            "自建证书颁发机构的文件 {path} 不能用：{problem:#}；请恢复该文件，或移走它以新建（所有设备须重新安装证书）。",
            "The file {path} of the server's own authority cannot be used: {problem}. Bring it back, or move it away to have a new one made (every device must then trust anew).";
        AuthorityEnded { path: String } = Error "authority_ended",
            "自建证书颁发机构 {path} 已过期；请核对系统时间，或移走该文件以新建（所有设备须重新安装证书）。",
            "The server's own authority {path} has ended; check this machine's clock, or move the file away to have a new one made (every device must then trust anew).";
        Backup { problem: Spoken } = Error "start_backup", "{problem:#}。", "{problem}.";
        Failed { problem: Spoken } = Error "start_failed", "{problem:#}。", "{problem}.";
    }
}

/// What every handler can reach. Clones are the same, and one costs a count: each layer of each request
/// takes one.
#[derive(Clone)]
pub struct App(Arc<Shared>);

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// What [`App`] shares.
pub struct Shared {
    /// The database.
    pub database: Database,
    /// Every ledger.
    pub ledger: Ledger,
    /// Who may sign in.
    pub accounts: Accounts,
    /// What seals.
    pub vault: Arc<Vault>,
    /// Live boards.
    pub live: Live,
    /// Judges' sockets.
    pub judging: Judging,
    /// Where browsers may come from.
    pub origins: Arc<Origins>,
    /// By what devices come to trust this server.
    pub trust: Arc<Trust>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Public pages as they were rendered last.
    pub(crate) pages: Arc<KeptPages>,
    /// The list that was looked at last.
    pub(crate) lists: Arc<crate::list::Lists>,
    /// How the second place and the disks stand.
    pub keeping: Keeping,
    /// Milliseconds since 1970 UTC.
    pub clock: Clock,
}

/// Every route of the server.
#[must_use]
pub fn routes() -> Routes {
    let routes = operating::routes(Routes::default());
    let routes = accounts::routes::routes(routes);
    let routes = crate::judging::routes(routes);
    let routes = crate::desk::routes(routes);
    let routes = crate::notes::routes(routes);
    let routes = crate::practice::routes(routes);
    let routes = live::routes::routes(routes);
    crate::pages::routes(routes)
}

impl From<DatabaseError> for StartError {
    fn from(error: DatabaseError) -> Self {
        Self::Failed { problem: error.spoken() }
    }
}

impl From<LedgerError> for StartError {
    fn from(error: LedgerError) -> Self {
        Self::Failed { problem: error.spoken() }
    }
}

impl From<VaultError> for StartError {
    fn from(error: VaultError) -> Self {
        Self::Failed { problem: error.spoken() }
    }
}

impl From<AccountError> for StartError {
    fn from(error: AccountError) -> Self {
        Self::Failed { problem: error.spoken() }
    }
}

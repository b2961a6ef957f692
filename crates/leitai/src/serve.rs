//! `leitai serve`: the server, until it is told to stop.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use domain::finding::{Finding, Place, Spoken};
use domain::findings;
use serde::Deserialize;
use server::http::{self, Config, Running, Tls, Trust};
use server::live::Limits;
use server::{database, spoken};

use crate::output::{Outcome, Output};

/// How the server is run. What the command line and the environment do not say, the file does.
#[derive(Args, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServeArguments {
    /// A TOML file with these settings, under the same names.
    #[arg(long, value_name = "FILE", env = "LEITAI_CONFIG")]
    #[serde(skip)]
    config: Option<PathBuf>,
    /// Where to listen; 0.0.0.0:8080 lets the whole network in. [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS", env = "LEITAI_LISTEN")]
    listen: Option<SocketAddr>,
    /// A SQLite file, or postgres://… [default: leitai.db]
    #[arg(long, value_name = "URL", env = "LEITAI_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// An address that browsers may come from, as https://contest.example; may be given more than
    /// once. Without any, this machine's own addresses.
    #[arg(long = "origin", value_name = "ORIGIN", env = "LEITAI_ORIGINS", value_delimiter = ',')]
    #[serde(default)]
    origins: Vec<String>,
    /// A certificate's file (PEM, with what stands between it and its authority), to serve HTTPS with.
    #[arg(long, value_name = "FILE", env = "LEITAI_TLS_CERTIFICATE")]
    tls_certificate: Option<PathBuf>,
    /// The file of that certificate's key (PEM).
    #[arg(long, value_name = "FILE", env = "LEITAI_TLS_KEY")]
    tls_key: Option<PathBuf>,
    /// Serve HTTPS with an authority of this server's own, for a hall without a certificate: /trust
    /// gives it to devices. It is made once and kept beside the database.
    #[arg(long, env = "LEITAI_TLS_OWN", value_parser = clap::builder::BoolishValueParser::new())]
    #[serde(default)]
    tls_own: bool,
    /// A name or address that devices come by besides this machine's own addresses, as leitai.lan; may
    /// be given more than once. Only with --tls-own.
    #[arg(long = "tls-name", value_name = "NAME", env = "LEITAI_TLS_NAMES", value_delimiter = ',')]
    #[serde(default)]
    tls_names: Vec<String>,
    /// The file of that authority. [default: beside the database]
    #[arg(long, value_name = "FILE", env = "LEITAI_TLS_AUTHORITY")]
    tls_authority: Option<PathBuf>,
    /// The file of the key that signs checkpoints. [default: beside the database]
    #[arg(long, value_name = "FILE", env = "LEITAI_KEY")]
    key: Option<PathBuf>,
    /// The file of the key that second factors are sealed with; servers of one database share it, and no
    /// backup holds it. [default: beside the key that signs, or the database]
    #[arg(long, value_name = "FILE", env = "LEITAI_VAULT")]
    vault: Option<PathBuf>,
    /// A folder that a copy of everything is kept in while marks arrive, best on another disk: a USB
    /// stick will do. Without it there is one copy only.
    #[arg(long, value_name = "DIR", env = "LEITAI_BACKUP")]
    backup: Option<PathBuf>,
    /// How many connections at once. [default: 50000, or what the system allows]
    #[arg(long, value_name = "N", env = "LEITAI_CONNECTIONS")]
    connections: Option<usize>,
    /// How many spectators' sockets at once. [default: 20000, or what the system allows]
    #[arg(long, value_name = "N", env = "LEITAI_SPECTATORS")]
    spectators: Option<usize>,
    /// How many of them from one address; a hall behind one address needs more. [default: 20]
    #[arg(long, value_name = "N", env = "LEITAI_SPECTATORS_PER_ADDRESS")]
    spectators_per_address: Option<usize>,
    /// How many frames a judge's socket takes in a second; tablets keep to the default, a load test may
    /// ask for more. [default: 40]
    #[arg(long, value_name = "N", env = "LEITAI_JUDGE_FRAMES")]
    judge_frames: Option<u32>,
    /// What is logged: error, warn, info, debug. [default: info]
    #[arg(long, value_name = "LEVEL", env = "LEITAI_LOG")]
    log: Option<String>,
}

findings! {
    /// What can be wrong with the settings.
    enum SettingsFinding {
        Unreadable { path: String, problem: Spoken } = Error "config_unreadable",
            "设置文件 {path} 读不了：{problem:#}。",
            "The settings file {path} cannot be read: {problem}.";
        TlsHalf = Error "tls_half",
            "证书和私钥要一起给出：--tls-certificate 和 --tls-key。",
            "Give the certificate and its key together: --tls-certificate and --tls-key.";
        TlsTwice = Error "tls_twice",
            "--tls-own（连同 --tls-name、--tls-authority）与 --tls-certificate 只能用一种。",
            "Use either --tls-own (with --tls-name and --tls-authority) or --tls-certificate, not both.";
        TlsNotOwn = Error "tls_not_own",
            "--tls-name 和 --tls-authority 须与 --tls-own 一起使用。",
            "--tls-name and --tls-authority go with --tls-own.";
        NoHandlers { problem: Spoken } = Error "signals_unusable",
            "不能接收停止信号：{problem:#}。",
            "Signals to stop cannot be received: {problem}.";
    }
}

/// Serves until Ctrl-C or a signal to stop.
pub(crate) fn serve(arguments: ServeArguments, output: &Output) -> Outcome {
    match run(arguments, output) {
        Ok(()) => Outcome::Done,
        Err(finding) => {
            output.findings(&[finding]);
            Outcome::Refused
        }
    }
}

fn run(arguments: ServeArguments, output: &Output) -> Result<(), Finding> {
    let file = match &arguments.config {
        Some(path) => read(path)?,
        None => ServeArguments::default(),
    };
    let said = arguments.or(file);
    log(said.log.as_deref(), output.is_json);
    let files = files_limit();
    let spare = 256;
    let room = files.saturating_sub(spare).max(spare);
    // A spectator's socket is no longer counted as a connection; both are files.
    let known = Limits::default();
    let sockets_max = said.spectators.unwrap_or(known.sockets_max).min(room / 2);
    let connections_max = said.connections.unwrap_or(50_000).min(room - sockets_max);
    let sockets_of_address_max = said.spectators_per_address.unwrap_or(known.sockets_of_address_max);
    let judging = server::judging::Limits::default();
    let frames_per_second = said.judge_frames.unwrap_or(judging.frames_per_second);
    let judging = server::judging::Limits { frames_per_second, ..judging };
    let tls = said.tls().map_err(|finding| finding.at(Place::default()))?;
    let config = Config {
        listen: said.listen.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
        database: said.database.unwrap_or_else(|| database::DEFAULT.to_owned()),
        origins: said.origins,
        tls,
        key: said.key,
        vault: said.vault,
        connections_max,
        spectators: Limits { sockets_max, sockets_of_address_max, ..known },
        backup: said.backup,
        judging,
    };
    let failed = |error| SettingsFinding::NoHandlers { problem: spoken::of_system(&error) };
    runtime().map_err(|error| failed(error).at(Place::default()))?.block_on(async {
        let running = http::start(config).await.map_err(|error| error.at(Place::default()))?;
        greet(&running, connections_max, sockets_max, output);
        told_to_stop().await.map_err(|error| failed(error).at(Place::default()))?;
        output.say("正在停止；等已收到的记录写完……", "Stopping; what was received is being written…");
        running.stop().await;
        output.say("已停止。", "Stopped.");
        Ok(())
    })
}

/// A commit holds a thread while the disk writes, so one thread is never enough (docs/adr/0002).
pub(crate) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get).max(2);
    tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()
}

fn greet(running: &Running, connections_max: usize, sockets_max: usize, output: &Output) {
    for origin in running.app.origins.all() {
        output.say(&format!("网站：{origin}/"), &format!("Site: {origin}/"));
    }
    greet_devices(running, output);
    output.findings(&running.notices);
    match running.app.keeping.backup().map(|backup| backup.progress().place) {
        Some(place) => {
            let place = place.display();
            output.say(&format!("第二份副本：{place}"), &format!("Second copy: {place}"));
        }
        None => output.say(
            "只有一份数据：请用 --backup 给出另一块磁盘或 U 盘上的文件夹。",
            "One copy only: name a folder on another disk or a USB stick with --backup.",
        ),
    }
    output.say(
        &format!("可同时容纳约 {connections_max} 个连接，另有 {sockets_max} 名观众（RLIMIT_NOFILE 所限）。"),
        &format!(
            "Room for about {connections_max} connections, and {sockets_max} spectators (by RLIMIT_NOFILE)."
        ),
    );
    if let Some(secret) = &running.first_secret {
        let public = running.app.origins.public();
        output.say(
            &format!("还没有账号。请打开 {public}/desk ，用一次性密钥 {secret} 建立第一个账号。"),
            &format!(
                "There is no account yet. Open {public}/desk and make one with the one-time secret {secret}"
            ),
        );
    }
}

/// What has to be done at each device.
fn greet_devices(running: &Running, output: &Output) {
    let origins = &running.app.origins;
    match &*running.app.trust {
        Trust::Own(authority) => {
            let (address, fingerprint) = (origins.public_in_plain(), authority.fingerprint());
            output.say(
                &format!("每台设备先打开 {address}/trust 安装证书，指纹 {fingerprint}"),
                &format!(
                    "Devices first get the certificate at {address}/trust ; its fingerprint is {fingerprint}"
                ),
            );
        }
        Trust::Plain if !running.address.ip().is_loopback() => output.say(
            "没有 HTTPS：平板能评分，但断网后打不开页面，屏幕也会熄灭；请加上 --tls-own，或给出证书。",
            "No HTTPS: tablets can mark, but open no page without a network, and their screens go dark. Add --tls-own, or give a certificate.",
        ),
        Trust::Plain | Trust::Known => {}
    }
}

/// Returns once the process is told to stop.
#[cfg(unix)]
pub(crate) async fn told_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        stopped = tokio::signal::ctrl_c() => stopped,
        _ = terminate.recv() => Ok(()),
    }
}

/// The same where there is only Ctrl-C.
#[cfg(not(unix))]
pub(crate) async fn told_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// How many files this process may open, raised to what the system allows.
pub(crate) fn files_limit() -> usize {
    let (soft, hard) = rlimit::Resource::NOFILE.get().unwrap_or((1_024, 1_024));
    let wanted = hard.min(1 << 20);
    let raised = soft < wanted && rlimit::Resource::NOFILE.set(wanted, hard).is_ok();
    usize::try_from(if raised { wanted } else { soft }).unwrap_or(1_024)
}

/// Lines for people, or a JSON object a line where the output is asked for as JSON.
pub(crate) fn log(level: Option<&str>, is_json: bool) {
    let filter = tracing_subscriber::EnvFilter::new(level.unwrap_or("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Only a second call could fail, and there is none.
    let _ = if is_json { lines.json().try_init() } else { lines.try_init() };
}

fn read(path: &Path) -> Result<ServeArguments, Finding> {
    let unreadable = |problem| {
        SettingsFinding::Unreadable { path: path.display().to_string(), problem }.at(Place::default())
    };
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(spoken::of_system(&error)))?;
    toml::from_str(&text).map_err(|error| unreadable(Spoken::of_reader(error.message())))
}

impl ServeArguments {
    /// How HTTPS is spoken.
    fn tls(&self) -> Result<Tls, SettingsFinding> {
        let is_of_own = !self.tls_names.is_empty() || self.tls_authority.is_some();
        match (&self.tls_certificate, &self.tls_key, self.tls_own) {
            (None, None, true) => {
                Ok(Tls::Own { file: self.tls_authority.clone(), names: self.tls_names.clone() })
            }
            (None, None, false) if is_of_own => Err(SettingsFinding::TlsNotOwn),
            (None, None, false) => Ok(Tls::None),
            (Some(_), Some(_), true) => Err(SettingsFinding::TlsTwice),
            (Some(_), Some(_), false) if is_of_own => Err(SettingsFinding::TlsTwice),
            (Some(certificate), Some(key), false) => {
                Ok(Tls::Given { certificate: certificate.clone(), key: key.clone() })
            }
            (Some(_), None, _) | (None, Some(_), _) => Err(SettingsFinding::TlsHalf),
        }
    }

    fn or(self, file: Self) -> Self {
        Self {
            config: self.config,
            listen: self.listen.or(file.listen),
            database: self.database.or(file.database),
            origins: if self.origins.is_empty() { file.origins } else { self.origins },
            tls_certificate: self.tls_certificate.or(file.tls_certificate),
            tls_key: self.tls_key.or(file.tls_key),
            tls_own: self.tls_own || file.tls_own,
            tls_names: if self.tls_names.is_empty() { file.tls_names } else { self.tls_names },
            tls_authority: self.tls_authority.or(file.tls_authority),
            key: self.key.or(file.key),
            vault: self.vault.or(file.vault),
            backup: self.backup.or(file.backup),
            connections: self.connections.or(file.connections),
            spectators: self.spectators.or(file.spectators),
            spectators_per_address: self.spectators_per_address.or(file.spectators_per_address),
            judge_frames: self.judge_frames.or(file.judge_frames),
            log: self.log.or(file.log),
        }
    }
}

//! A server in a process of its own: started, asked what it costs, and ended.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/bench/peers");
/// How long a server may take to get ready.
const READY_WITHIN: Duration = Duration::from_secs(120);

/// A server that runs.
pub(crate) struct Contender {
    child: Child,
    pub(crate) address: SocketAddr,
}

/// A port of the loopback that nobody listens on now.
pub(crate) fn free_address() -> Result<SocketAddr, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    listener.map_err(|error| error.to_string())
}

/// Our server on a database.
pub(crate) fn leitai(address: SocketAddr, database: &Path, more: &[&str]) -> Command {
    let mut command = tests::leitai(["serve", "--log", "error"]).command();
    command.args(["--listen", &address.to_string(), "--database"]).arg(database).args(more);
    command
}

/// A peer that runs on Node, with its port and further words.
pub(crate) fn node(script: &str, address: SocketAddr, words: &[&str]) -> Command {
    let mut command = Command::new("node");
    command.arg(Path::new(PEERS).join(script)).arg(address.port().to_string()).args(words);
    command
}

/// The floor of every fan-out, compiled where it is not.
pub(crate) fn floor(address: SocketAddr) -> Result<Command, String> {
    let (source, program) =
        (Path::new(PEERS).join("floor/floor.c"), crate::stage::disk().join("bench-floor"));
    let age = |path: &Path| std::fs::metadata(path).and_then(|file| file.modified()).ok();
    if age(&program) < age(&source) {
        let mut compile = Command::new("cc");
        compile.args(["-O2", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&program).arg(&source);
        let status = compile.status().map_err(|error| format!("cc could not be started: {error}"))?;
        if !status.success() {
            return Err("the floor's server could not be compiled".to_owned());
        }
    }
    let mut command = Command::new(program);
    command.arg(address.port().to_string());
    Ok(command)
}

/// The same, with every flush that it asks the disk for written to a file, a line each.
pub(crate) fn counting_flushes(command: &Command, file: &Path) -> Command {
    let mut traced = Command::new("strace");
    traced.args(["-f", "-ttt", "--seccomp-bpf", "-e", "trace=fsync,fdatasync", "-o"]).arg(file).arg("--");
    traced.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => traced.env(name, value),
            None => traced.env_remove(name),
        };
    }
    traced
}

/// How many flushes such a file tells of, from that moment on.
pub(crate) fn flushes(file: &Path, since_us: u64) -> Result<u64, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let is_flush = |line: &&str| line.contains("fsync(") || line.contains("fdatasync(");
    // A line: who, seconds with six places, the call.
    let time_us = |line: &str| line.split_whitespace().nth(1)?.replace('.', "").parse::<u64>().ok();
    let is_since = |line: &&str| time_us(line).is_some_and(|time_us| time_us >= since_us);
    Ok(text.lines().filter(is_flush).filter(is_since).count() as u64)
}

impl Contender {
    /// Starts it, and waits until it says that it is ready.
    pub(crate) fn start(command: Command, address: SocketAddr) -> Result<Self, String> {
        let mut contender = Self::begin(command, address)?;
        contender.ready()?;
        Ok(contender)
    }

    /// Starts it.
    pub(crate) fn begin(mut command: Command, address: SocketAddr) -> Result<Self, String> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command.spawn().map_err(|error| format!("{program} could not be started: {error}"))?;
        Ok(Self { child, address })
    }

    /// Waits until `GET /readyz` is answered well.
    pub(crate) fn ready(&mut self) -> Result<(), String> {
        let begun = Instant::now();
        while !is_ready(self.address) {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("a server ended before it was ready: {status}"));
            }
            if begun.elapsed() > READY_WITHIN {
                return Err("a server did not get ready".to_owned());
            }
            std::thread::sleep(Duration::from_micros(250));
        }
        Ok(())
    }

    /// The CPU time that all its threads took so far.
    pub(crate) fn cpu(&self) -> Duration {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id()));
        let nanoseconds = tasks.into_iter().flatten().flatten().filter_map(|task| {
            let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(nanoseconds.sum())
    }

    /// How many bytes of memory it has now.
    pub(crate) fn memory(&self) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().unwrap_or_default();
        kilobytes * 1_024
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    /// Asks the process that it started, which a tracer watches, to end, and waits for both.
    pub(crate) fn stop_traced(mut self) {
        let id = self.child.id();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        for child in children.split_whitespace() {
            // Where it has ended already there is nothing to ask.
            let _ = Command::new("kill").args(["-s", "TERM", child]).status();
        }
        let _ = self.child.wait();
    }

    fn end(&mut self) {
        // It may have ended already; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Contender {
    fn drop(&mut self) {
        self.end();
    }
}

fn is_ready(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(head.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}

//! A throw-away PostgreSQL cluster: a temporary folder, a free port of the loopback, no password.
//!
//! The cluster belongs to a process of its own, the keeper (`xtask keep-postgres`), which ends it
//! when the pipe from the command that wanted it closes. A pipe closes however a process ends, by
//! Ctrl-C or by force too, so that no server is left behind although the standard library knows
//! no signals.

use std::env;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::arguments::Arguments;
use crate::steps::{announce, not_started, output, succeeded, works};
use crate::temporary::TemporaryFolder;
use crate::{Outcome, tools};

/// The command that only this file starts.
pub(crate) const KEEP: &str = "keep-postgres";

/// Who owns the databases.
const OWNER: &str = "leitai";
const READY_SECONDS_MAX: u64 = 60;
/// Another program may take the free port before PostgreSQL does.
const PORTS_TRIED_MAX: u32 = 5;
/// What PostgreSQL's log then says.
const PORT_TAKEN: &str = "already in use";

/// `cargo xtask postgres`: starts a cluster and keeps it until Enter, the end of the input or a signal.
pub(crate) fn serve(arguments: Arguments) -> Outcome {
    arguments.finish()?;
    let kept = KeptCluster::start()?;
    println!("{}", kept.url());
    eprintln!("Throw-away PostgreSQL is ready; Enter stops it and removes it.");
    let mut line = String::new();
    io::stdin().read_line(&mut line).map_err(|error| format!("the input cannot be read: {error}."))?;
    Ok(())
}

/// The keeper: starts a cluster, prints its URL, and ends it when the input ends.
///
/// Each line of the input is the id of a process group that uses the cluster, or 0 for none; the
/// last one named is ended too, since its parent is gone.
pub(crate) fn keep(arguments: Arguments) -> Outcome {
    arguments.finish()?;
    let cluster = Cluster::start()?;
    // Nobody may listen any more; then the input has ended as well.
    let _ = writeln!(io::stdout(), "{}", cluster.url());
    let mut group = 0;
    for line in io::stdin().lines().map_while(Result::ok) {
        group = line.trim().parse().unwrap_or(0);
    }
    if group != 0 {
        end_group(group);
    }
    Ok(())
}

/// A cluster that a keeper runs, for as long as this value lives.
pub(crate) struct KeptCluster {
    keeper: Child,
    /// Closing it ends the cluster.
    pipe: Option<ChildStdin>,
    url: String,
}

impl KeptCluster {
    /// Starts a keeper and waits until its cluster is ready.
    pub(crate) fn start() -> Result<Self, String> {
        // Looked for here, since the keeper's own group cannot ask at the terminal.
        tools::postgres()?;
        let xtask = env::current_exe().map_err(|error| format!("xtask's own path is unknown: {error}."))?;
        let mut command = Command::new(xtask);
        // A group of its own: Ctrl-C at the terminal must reach the keeper by the pipe, not at once.
        command.arg(KEEP).stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0);
        let mut keeper = command.spawn().map_err(|error| not_started(&command, &error))?;
        let mut url = String::new();
        if let Some(stdout) = keeper.stdout.take() {
            // An error reads as no URL.
            let _ = BufReader::new(stdout).read_line(&mut url);
        }
        let pipe = keeper.stdin.take();
        let kept = Self { keeper, pipe, url: url.trim().to_owned() };
        if kept.url.is_empty() {
            return Err("PostgreSQL did not start; the lines above say why.".to_owned());
        }
        Ok(kept)
    }

    /// The URL of the maintenance database; tests make their own databases beside it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Runs a command that uses the cluster to its end; if we end first, the keeper ends it.
    pub(crate) fn run(&mut self, command: &mut Command) -> Outcome {
        announce(command);
        command.stdin(Stdio::null()).process_group(0);
        let mut child = command.spawn().map_err(|error| not_started(command, &error))?;
        if let Err(sentence) = self.tell(child.id()) {
            // Without a keeper nobody would end it after us, and its database is gone.
            end_group(child.id());
            let _ = child.wait();
            return Err(sentence);
        }
        let status = child.wait().map_err(|error| not_started(command, &error))?;
        self.tell(0)?;
        succeeded(command, status)
    }

    fn tell(&mut self, group: u32) -> Outcome {
        let Some(pipe) = &mut self.pipe else { return Ok(()) };
        writeln!(pipe, "{group}").map_err(|error| format!("the keeper of PostgreSQL is gone: {error}."))
    }
}

impl Drop for KeptCluster {
    fn drop(&mut self) {
        drop(self.pipe.take());
        // The folder is gone when the keeper is.
        let _ = self.keeper.wait();
    }
}

/// A running server and its folder.
struct Cluster {
    programs: Programs,
    server: Child,
    folder: TemporaryFolder,
    port: u16,
}

impl Cluster {
    fn start() -> Result<Self, String> {
        let mut outcome = Self::start_on(free_port()?);
        for _ in 1..PORTS_TRIED_MAX {
            match &outcome {
                Err(sentence) if sentence.contains(PORT_TAKEN) => outcome = Self::start_on(free_port()?),
                _ => break,
            }
        }
        outcome
    }

    fn start_on(port: u16) -> Result<Self, String> {
        let programs = Programs::find()?;
        let folder = TemporaryFolder::new("pg")?;
        programs.give(&folder)?;
        let mut initdb = programs.command("initdb");
        initdb.arg("--pgdata").arg(data_of(&folder)).arg(format!("--username={OWNER}"));
        // No locale: text sorts by its bytes, as it does in SQLite.
        initdb.args(["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]);
        output(&mut initdb)?;
        let server = programs.serve(&folder, port)?;
        // From here on the end of this value is the end of the server.
        let mut cluster = Self { programs, server, folder, port };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    fn url(&self) -> String {
        format!("postgres://{OWNER}@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&mut self) -> Outcome {
        let deadline = Instant::now() + Duration::from_secs(READY_SECONDS_MAX);
        loop {
            let mut ask = self.programs.command("pg_isready");
            ask.args(["--host=127.0.0.1", "--dbname=postgres", "--timeout=5"]);
            ask.arg(format!("--port={}", self.port)).arg(format!("--username={OWNER}"));
            let is_over = matches!(self.server.try_wait(), Ok(Some(_)) | Err(_));
            if !is_over && works(&mut ask) {
                return Ok(());
            }
            if is_over || Instant::now() > deadline {
                let log = fs::read_to_string(log_of(&self.folder)).unwrap_or_default();
                return Err(format!("PostgreSQL did not get ready; it says:\n{}", log.trim()));
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = self.programs.command("pg_ctl");
        stop.args(["stop", "--mode=fast", "--wait", "--timeout=30", "--pgdata"]).arg(data_of(&self.folder));
        if !works(&mut stop) {
            // It has ended already, or hangs; its own workers end when they miss it.
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}

/// PostgreSQL's programs, and as whom they run: they refuse to run as root.
struct Programs {
    folder: PathBuf,
    account: Option<Account>,
    has_setpriv: bool,
}

impl Programs {
    fn find() -> Result<Self, String> {
        let folder = tools::postgres()?;
        let has_setpriv = tools::find("setpriv").is_some();
        let account = tools::is_root().then(server_account).transpose()?;
        if account.is_some() && !has_setpriv {
            return Err("setpriv is missing; please install it (on Debian: apt-get install util-linux), \
                        or run this command as another user than root."
                .to_owned());
        }
        Ok(Self { folder, account, has_setpriv })
    }

    /// One of the programs, run as the account that may run it, from a folder that anyone may enter.
    fn command(&self, program: &str) -> Command {
        self.command_through(&[], program)
    }

    fn command_through(&self, setpriv: &[&str], program: &str) -> Command {
        let program = self.folder.join(program);
        let mut command = if self.has_setpriv {
            let mut command = Command::new("setpriv");
            command.args(setpriv);
            if let Some(Account { uid, gid }) = self.account {
                command.arg(format!("--reuid={uid}")).arg(format!("--regid={gid}")).arg("--clear-groups");
            }
            command.arg("--").arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir("/");
        command
    }

    /// Starts the server with its log in the folder.
    fn serve(&self, folder: &TemporaryFolder, port: u16) -> Result<Child, String> {
        let log = log_of(folder);
        let unwritable = |error| format!("{} cannot be written: {error}.", log.display());
        let stdout = File::create(&log).map_err(unwritable)?;
        let stderr = stdout.try_clone().map_err(unwritable)?;
        // Should even the keeper be ended by force, the kernel asks the server to end.
        let mut command = self.command_through(&["--pdeathsig=INT"], "postgres");
        command.arg("-D").arg(data_of(folder)).arg("-k").arg(folder.path());
        command.args(["-h", "127.0.0.1", "-p", &port.to_string()]);
        // As safe as in use: what the tests say of a receipt must hold for a commit that is synced.
        for setting in ["fsync=on", "synchronous_commit=on", "max_connections=200"] {
            command.args(["-c", setting]);
        }
        command.stdin(Stdio::null()).stdout(stdout).stderr(stderr);
        command.spawn().map_err(|error| not_started(&command, &error))
    }

    /// Lets the account write in the folder.
    fn give(&self, folder: &TemporaryFolder) -> Outcome {
        let Some(Account { uid, gid }) = self.account else { return Ok(()) };
        chown(folder.path(), Some(uid), Some(gid))
            .map_err(|error| format!("{} cannot be given to user {uid}: {error}.", folder.path().display()))
    }
}

/// A user of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Account {
    uid: u32,
    gid: u32,
}

/// Whom the server runs as when we are root: `postgres`, which Debian's package makes, or `nobody`.
fn server_account() -> Result<Account, String> {
    let users = fs::read_to_string("/etc/passwd").map_err(|error| format!("/etc/passwd: {error}."))?;
    ["postgres", "nobody"].iter().find_map(|name| account_in(&users, name)).ok_or_else(|| {
        "PostgreSQL does not run as root, and there is neither a user postgres nor nobody; \
         please run this command as another user."
            .to_owned()
    })
}

/// The account of that name in the text of a passwd file.
fn account_in(users: &str, name: &str) -> Option<Account> {
    users.lines().find_map(|line| {
        let mut cells = line.split(':');
        if cells.next()? != name {
            return None;
        }
        Some(Account { uid: cells.nth(1)?.parse().ok()?, gid: cells.next()?.parse().ok()? })
    })
}

fn data_of(folder: &TemporaryFolder) -> PathBuf {
    folder.path().join("data")
}

fn log_of(folder: &TemporaryFolder) -> PathBuf {
    folder.path().join("log")
}

/// A port of the loopback that nobody listens on now.
fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(|error| format!("no free port: {error}."))
}

/// Asks every process of a group that we started to end.
fn end_group(group: u32) {
    // The standard library can only end a child by force, and one process at a time.
    works(Command::new("sh").args(["-c", r#"kill -s TERM -- "-$1""#, "sh", &group.to_string()]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_from_the_passwd_file() {
        let users = "root:x:0:0:root:/:/bin/sh\npostgres2:x:1:1::/:\npostgres:x:104:108:,,,:/:/bin/sh\n";
        assert_eq!(account_in(users, "postgres"), Some(Account { uid: 104, gid: 108 }));
        assert_eq!(account_in(users, "nobody"), None);
        assert_eq!(account_in("nobody:x", "nobody"), None);
    }

    #[test]
    fn a_free_port_can_be_bound() {
        assert!(TcpListener::bind(("127.0.0.1", free_port().unwrap())).is_ok());
    }
}

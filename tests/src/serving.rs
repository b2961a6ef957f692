//! `leitai serve` as a process of its own: started again and again at one address, killed without
//! warning, or told to stop.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::mpsc;

use crate::{TestDatabase, leitai};

/// Ports below those that systems give to whoever connects, so that no connection of somebody takes
/// one while its server is down.
const PORTS: std::ops::Range<u16> = 20_000..30_000;

static MADE: AtomicU16 = AtomicU16::new(0);

/// The running program; it is killed when this is dropped.
#[derive(Debug)]
pub struct Serving {
    child: Child,
    lines: mpsc::Receiver<String>,
}

impl Serving {
    /// An address that nobody listens at.
    #[must_use]
    pub fn free_address() -> SocketAddr {
        let count = PORTS.end - PORTS.start;
        let process = u16::try_from(std::process::id() % u32::from(count)).expect("below the count");
        for _ in 0..count {
            let next = MADE.fetch_add(1, Ordering::Relaxed).wrapping_add(process) % count;
            let address = SocketAddr::from(([127, 0, 0, 1], PORTS.start + next));
            if TcpListener::bind(address).is_ok() {
                return address;
            }
        }
        panic!("every port of {PORTS:?} is taken");
    }

    /// Starts it. It listens some time later.
    #[must_use]
    pub fn start(place: &TestDatabase, address: SocketAddr) -> Self {
        let listen = address.to_string();
        let words = ["serve", "--listen", &listen, "--database", &place.url, "--log", "warn"];
        let mut command = leitai(words).from_folder(place.folder.path()).command();
        let spawned = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut child = spawned.expect("the program starts");
        let messages = BufReader::new(child.stderr.take().expect("its messages"));
        let (say, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in messages.lines().map_while(Result::ok) {
                // Whoever started it may no longer be interested.
                let _ = say.send(line);
            }
        });
        Self { child, lines }
    }

    /// The secret for making the first account, once it is said.
    #[must_use]
    pub fn first_secret(&self) -> String {
        let mut said = String::new();
        while let Ok(line) = self.lines.recv() {
            if let Some((_, secret)) = line.split_once("with the one-time secret ") {
                return secret.to_owned();
            }
            said += &format!("{line}\n");
        }
        panic!("it ended without a secret: {said}");
    }

    /// Ends it by SIGKILL. Gives what it said where it had ended by itself.
    #[must_use]
    pub fn kill(mut self) -> Option<String> {
        let ended = self.child.try_wait().expect("its state");
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it has ended");
        ended.map(|status| format!("{status}: {}", self.said()))
    }

    /// Tells it to stop, and waits until it has.
    pub fn stop(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.expect("kill").success(), "{}", self.said());
        let status = self.child.wait().expect("it has ended");
        assert!(status.success(), "{status}: {}", self.said());
    }

    fn said(&self) -> String {
        self.lines.try_iter().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Whichever way the test ends, no server is left behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

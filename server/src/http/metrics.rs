//! What is counted: figures only, nothing about anybody.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::App;

/// Longer than this a request is worth a line at the usual level.
const SLOW: Duration = Duration::from_secs(1);

/// Counters and gauges of this process.
#[derive(Debug, Default)]
pub struct Metrics {
    /// Connections that are open.
    pub connections: AtomicU64,
    /// Connections that were turned away because there were too many.
    pub turned_away: AtomicU64,
    /// Handshakes of TLS that failed or took too long: a device that does not trust us is one.
    pub handshakes_failed: AtomicU64,
    /// Answers by the first digit of their status.
    answers: [AtomicU64; 6],
}

/// What is counted elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Others {
    /// Transactions of the ledger's writer.
    pub commits: u64,
    /// Judges' sockets that are open.
    pub judges: u64,
    /// Spectators' sockets that are open.
    pub spectators: u64,
}

impl Metrics {
    /// As Prometheus reads it, with what others count.
    #[must_use]
    pub fn text(&self, others: &Others) -> String {
        let mut text = String::new();
        let value = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let rows = [
            ("leitai_connections", "gauge", "Open connections.", value(&self.connections)),
            (
                "leitai_connections_turned_away_total",
                "counter",
                "Connections over the limit.",
                value(&self.turned_away),
            ),
            (
                "leitai_handshakes_failed_total",
                "counter",
                "Handshakes of TLS that failed or took too long.",
                value(&self.handshakes_failed),
            ),
            ("leitai_judges", "gauge", "Open judges' sockets.", others.judges),
            ("leitai_spectators", "gauge", "Open spectators' sockets.", others.spectators),
            (
                "leitai_ledger_commits_total",
                "counter",
                "Transactions of the ledger's writer.",
                others.commits,
            ),
        ];
        for (name, kind, help, value) in rows {
            let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
        }
        let name = "leitai_http_answers_total";
        let _ = write!(text, "# HELP {name} Answers by class of status.\n# TYPE {name} counter\n");
        for (class, counter) in self.answers.iter().enumerate().skip(1) {
            let _ = writeln!(text, "{name}{{class=\"{class}xx\"}} {}", value(counter));
        }
        text
    }
}

/// Counts an answer and writes its line. The line names the route, not the address: an address may
/// hold a name.
pub(super) async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    if let Some(counter) = app.metrics.answers.get(usize::from(status / 100)) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
    let passed = began.elapsed();
    let (route, ms) =
        (route.as_deref().unwrap_or("-"), u64::try_from(passed.as_millis()).unwrap_or(u64::MAX));
    if status >= 500 {
        tracing::warn!(%method, route, status, ms, "answered");
    } else if passed > SLOW {
        tracing::info!(%method, route, status, ms, "answered slowly");
    } else {
        tracing::debug!(%method, route, status, ms, "answered");
    }
    response
}

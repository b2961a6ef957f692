//! When a view goes out: at once after a quiet time, and never more than ten times a second.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// The least time between two revisions of one topic.
pub(super) const INTERVAL: Duration = Duration::from_millis(100);

/// Something that changes and is published.
pub(super) trait Source {
    /// Waits for a change since the last publishing began; whether to go on.
    async fn changed(&mut self) -> bool;

    /// Publishes how it is now; whether that was anything new.
    async fn publish(&mut self) -> bool;
}

/// Publishes after changes, the first of a quiet time at once and several of a busy one together,
/// until there is no going on.
pub(super) async fn conflate(source: &mut impl Source) {
    let mut earliest = Instant::now();
    while source.changed().await {
        sleep_until(earliest).await;
        if source.publish().await {
            earliest = Instant::now() + INTERVAL;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::watch;
    use tokio::time::{advance, sleep};

    use super::*;

    /// A number that changes, and what was published of it and when.
    struct Number {
        number: watch::Receiver<u32>,
        began: Instant,
        told: Vec<(u128, u32)>,
    }

    impl Source for Number {
        async fn changed(&mut self) -> bool {
            self.number.changed().await.is_ok()
        }

        async fn publish(&mut self) -> bool {
            let number = *self.number.borrow_and_update();
            let is_new = self.told.last().is_none_or(|(_, told)| *told != number);
            if is_new {
                self.told.push((self.began.elapsed().as_millis(), number));
            }
            is_new
        }
    }

    /// What is told of a number that takes these values at these milliseconds.
    async fn told(values: &[(u64, u32)]) -> Vec<(u128, u32)> {
        let (sender, number) = watch::channel(0);
        let began = Instant::now();
        let following = tokio::spawn(async move {
            let mut source = Number { number, began, told: Vec::new() };
            conflate(&mut source).await;
            source.told
        });
        for (at, value) in values {
            sleep_until(began + Duration::from_millis(*at)).await;
            sender.send_replace(*value);
        }
        sleep(Duration::from_secs(1)).await;
        drop(sender);
        following.await.expect("it ends")
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_change_of_a_quiet_topic_goes_out_at_once_and_later_ones_together() {
        assert_eq!(told(&[(5, 1)]).await, [(5, 1)]);
        let busy = told(&[(5, 1), (6, 2), (50, 3), (104, 4), (150, 5), (500, 6), (599, 7)]).await;
        assert_eq!(busy, [(5, 1), (105, 4), (205, 5), (500, 6), (600, 7)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_topic_is_told_ten_times_a_second_and_ends_current() {
        let values: Vec<(u64, u32)> =
            (0..2_000).map(|at| (at, u32::try_from(at).expect("small") + 1)).collect();
        let told = told(&values).await;
        assert_eq!(told.len(), 21);
        assert!(told.windows(2).all(|two| two[1].0 - two[0].0 == 100), "{told:?}");
        assert_eq!(told.last(), Some(&(2_000, 2_000)));
    }

    #[tokio::test(start_paused = true)]
    async fn what_changes_nothing_costs_no_turn() {
        let (sender, number) = watch::channel(0);
        let began = Instant::now();
        let mut source = Number { number, began, told: vec![(0, 0)] };
        sender.send_replace(0);
        let sending = tokio::spawn(async move {
            advance(Duration::from_millis(1)).await;
            sleep(Duration::from_millis(1)).await;
            sender.send_replace(1);
        });
        conflate(&mut source).await;
        sending.await.expect("it ends");
        assert_eq!(source.told, [(0, 0), (2, 1)]);
    }
}

//! The list that was looked at last, as it was read: who takes it in need not have it read and checked once more.
//! One at a time, and for a while only, as a long one takes some forty megabytes.

use std::any::Any;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::id::LedgerId;

use super::Content;

/// How long one is held: as long as somebody reads what would happen.
const HELD: Duration = Duration::from_mins(10);

/// Where it is held.
#[derive(Default)]
pub(crate) struct Lists(Mutex<Option<Held>>);

struct Held {
    which: Which,
    content: Content,
    /// How it was checked last: a [`super::Looked`] of its kind.
    looked: Option<(Basis, Box<dyn Any + Send>)>,
}

/// One list, with what was mended of it: what is sealed is another each time.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Which {
    pub(super) draft: String,
    pub(super) mended: Option<String>,
}

/// What a list was checked against: where this is the same, so is what comes of it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Basis {
    /// How often the competition was changed.
    pub(crate) changes: i64,
    pub(crate) open: HashSet<LedgerId>,
}

impl Lists {
    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds a list that was read, in place of the one before.
    pub(super) fn hold(self: &Arc<Self>, which: Which, content: Content) {
        *self.held() = Some(Held { which: which.clone(), content, looked: None });
        let lists = Arc::clone(self);
        tokio::spawn(async move {
            tokio::time::sleep(HELD).await;
            lists.forget(&which);
        });
    }

    /// How it was checked.
    pub(super) fn checked(&self, which: &Which, basis: Basis, looked: impl Any + Send) {
        if let Some(held) = self.held().as_mut().filter(|held| held.which == *which) {
            held.looked = Some((basis, Box::new(looked)));
        }
    }

    /// Holds it no longer.
    pub(super) fn forget(&self, which: &Which) {
        self.held().take_if(|held| held.which == *which);
    }

    /// A list as it was read.
    pub(super) fn content(&self, which: &Which) -> Option<Content> {
        self.held().as_ref().filter(|held| held.which == *which).map(|held| held.content.clone())
    }

    /// Gives what was checked against the same, and holds the list no longer.
    pub(super) fn take<L: 'static>(&self, which: &Which, basis: &Basis) -> Option<L> {
        let held = self.held().take_if(|held| held.which == *which)?;
        let (_, looked) = held.looked.filter(|(of, _)| of == basis)?;
        looked.downcast().ok().map(|looked| *looked)
    }
}

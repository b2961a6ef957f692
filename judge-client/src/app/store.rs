//! What the tablet keeps: one table of texts by name in the browser's database. What must not be
//! lost is written so that the browser says it is done only once it is on the disk.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction};

use super::browser::{object, window};

const DATABASE: &str = "leitai";
const TABLE: &str = "kept";
/// After every other name with the same beginning.
const LAST: char = '\u{10ffff}';

/// The texts that are kept. Clones share them.
#[derive(Clone)]
pub(super) struct Store {
    place: Place,
}

#[derive(Clone)]
enum Place {
    Database(IdbDatabase),
    /// Where the browser keeps nothing: only for as long as the page is open.
    Memory(Rc<RefCell<BTreeMap<String, String>>>),
}

/// How sure a text must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// On the disk before it is said to be written.
    Strict,
    /// When convenient, in order.
    Relaxed,
}

impl Store {
    /// Opens the browser's database; without one, what is kept is gone with the page.
    pub(super) async fn open() -> Self {
        let place = open().await.map_or_else(|| Place::Memory(Rc::default()), Place::Database);
        Self { place }
    }

    /// Whether what is kept outlives the page.
    pub(super) fn is_lasting(&self) -> bool {
        matches!(self.place, Place::Database(_))
    }

    /// Keeps a text under a name. The writing is begun at once, so that later ones come after it;
    /// the answer is whether it is kept.
    pub(super) fn put(&self, name: &str, text: &str, care: Care) -> impl Future<Output = bool> + use<> {
        let begun = self.change(care, |table| table.put_with_key(&text.into(), &name.into()).ok());
        if let Place::Memory(texts) = &self.place {
            texts.borrow_mut().insert(name.to_owned(), text.to_owned());
        }
        wait(begun)
    }

    /// Forgets what is kept under a name.
    pub(super) fn forget(&self, name: &str) -> impl Future<Output = bool> + use<> {
        let begun = self.change(Care::Relaxed, |table| table.delete(&name.into()).ok());
        if let Place::Memory(texts) = &self.place {
            texts.borrow_mut().remove(name);
        }
        wait(begun)
    }

    /// The text under a name.
    pub(super) async fn get(&self, name: &str) -> Option<String> {
        match &self.place {
            Place::Memory(texts) => texts.borrow().get(name).cloned(),
            Place::Database(database) => {
                let request = read(database)?.get(&name.into()).ok()?;
                answer(&request).await?.as_string()
            }
        }
    }

    /// Every text whose name begins so, in the order of the names.
    pub(super) async fn all(&self, beginning: &str) -> Vec<String> {
        let end = format!("{beginning}{LAST}");
        match &self.place {
            Place::Memory(texts) => {
                texts.borrow().range(beginning.to_owned()..end).map(|(_, text)| text.clone()).collect()
            }
            Place::Database(database) => {
                let request = || {
                    let range = IdbKeyRange::bound(&beginning.into(), &end.into()).ok()?;
                    read(database)?.get_all_with_key(&range).ok()
                };
                let Some(request) = request() else { return Vec::new() };
                let texts: Option<Array> = answer(&request).await.and_then(|texts| texts.dyn_into().ok());
                texts
                    .map_or_else(Vec::new, |texts| texts.iter().filter_map(|text| text.as_string()).collect())
            }
        }
    }

    /// Begins a change. None where it could not be begun; in memory there is nothing to wait for.
    fn change(
        &self,
        care: Care,
        change: impl FnOnce(&IdbObjectStore) -> Option<IdbRequest>,
    ) -> Option<Promise> {
        let Place::Database(database) = &self.place else { return Some(Promise::resolve(&JsValue::TRUE)) };
        let transaction = write(database, care)?;
        change(&transaction.object_store(TABLE).ok()?)?;
        Some(Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(Some(&resolve));
            transaction.set_onabort(Some(&reject));
            transaction.set_onerror(Some(&reject));
        }))
    }
}

async fn wait(begun: Option<Promise>) -> bool {
    match begun {
        Some(done) => JsFuture::from(done).await.is_ok(),
        None => false,
    }
}

async fn open() -> Option<IdbDatabase> {
    let request = window()?.indexed_db().ok()??.open(DATABASE).ok()?;
    let upgrade = Closure::once_into_js({
        let request = request.clone();
        move |_: JsValue| {
            let database: Option<IdbDatabase> = request.result().ok().and_then(|made| made.dyn_into().ok());
            let _ = database.map(|database| database.create_object_store(TABLE));
        }
    });
    request.set_onupgradeneeded(upgrade.dyn_ref::<Function>());
    let is_blocked = request.clone();
    opened(&request, &is_blocked).await?.dyn_into().ok()
}

async fn opened(request: &IdbOpenDbRequest, blocked: &IdbOpenDbRequest) -> Option<JsValue> {
    let done = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
        blocked.set_onblocked(Some(&reject));
    });
    JsFuture::from(done).await.ok()?;
    request.result().ok()
}

async fn answer(request: &IdbRequest) -> Option<JsValue> {
    let done = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(done).await.ok()?;
    request.result().ok()
}

fn read(database: &IdbDatabase) -> Option<IdbObjectStore> {
    database.transaction_with_str(TABLE).ok()?.object_store(TABLE).ok()
}

/// A transaction that writes. How durable it is has no place in the typed interface; a browser that
/// does not know the wish leaves it out.
fn write(database: &IdbDatabase, care: Care) -> Option<IdbTransaction> {
    let durability = match care {
        Care::Strict => "strict",
        Care::Relaxed => "relaxed",
    };
    let begin: Function = Reflect::get(database, &"transaction".into()).ok()?.dyn_into().ok()?;
    let options = object("durability", &durability.into());
    begin.call3(database, &TABLE.into(), &"readwrite".into(), &options).ok()?.dyn_into().ok()
}

//! What the tablet keeps: one table of texts by name in the browser's database. What must not be
//! lost is written so that the browser says it is done only once it is on the disk. What holds marks is
//! encrypted where there is a key for it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction};

use super::browser::{call, object, remember, remembered, window};
use super::seal::Seal;

const DATABASE: &str = "leitai";
const TABLE: &str = "kept";
/// After every other name with the same beginning.
const LAST: char = '\u{10ffff}';

/// After that long the browser's database is taken for one that does not open.
const OPENS_WITHIN_MS: i32 = 5_000;
/// Says that this browser has opened the database before, so that there may be something in it.
const KEEPS: &str = "keeps";
/// The beginnings of the names of what holds marks or people's names.
const SEALED: [&str; 4] = ["outbox:", "sheets:", "about:", "aside:"];

/// The texts that are kept. Clones share them.
#[derive(Clone)]
pub(super) struct Store {
    place: Place,
    /// What encrypts what holds marks.
    seal: Rc<RefCell<Option<Seal>>>,
    /// The last encrypted text that is being written: the next is begun after it, as it was asked for.
    last: Rc<RefCell<Promise>>,
}

#[derive(Clone)]
enum Place {
    /// The open database; another connection where the browser closed the one before.
    Database(Rc<RefCell<IdbDatabase>>),
    /// Where the browser keeps nothing: only for as long as the page is open.
    Memory(Rc<RefCell<BTreeMap<String, String>>>),
}

/// What became of a text that was to stand under a name of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Added {
    /// It is kept.
    Kept,
    /// Something stood there.
    Taken,
    /// It could not be written.
    Failed,
}

/// What is kept could not be read. It is there still: nothing may be taken for missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// How sure a text must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// On the disk before it is said to be written.
    Strict,
    /// When convenient, in order.
    Relaxed,
}

impl Store {
    /// Opens the browser's database. Where there never was one, what is kept is gone with the page.
    ///
    /// # Errors
    /// Where there was one here before, and it does not open now.
    pub(super) async fn open() -> Result<Self, Unreadable> {
        let place = match open().await {
            Some(database) => {
                remember(KEEPS, "yes");
                Place::Database(Rc::new(RefCell::new(database)))
            }
            None if remembered(KEEPS).is_some() => return Err(Unreadable),
            None => Place::Memory(Rc::default()),
        };
        Ok(Self { place, seal: Rc::default(), last: Rc::new(RefCell::new(Promise::resolve(&JsValue::NULL))) })
    }

    /// Encrypts what holds marks from here on, and reads what was encrypted so.
    pub(super) fn seal_by(&self, seal: Seal) {
        self.seal.replace(Some(seal));
    }

    fn seal_of(&self, name: &str) -> Option<Seal> {
        let is_lasting = self.is_lasting();
        self.seal.borrow().clone().filter(|_| is_lasting && SEALED.iter().any(|one| name.starts_with(one)))
    }

    /// Whether what is kept outlives the page.
    pub(super) fn is_lasting(&self) -> bool {
        matches!(self.place, Place::Database(_))
    }

    /// Keeps a text under a name, in place of what stands there. The writing is begun at once, so
    /// that later ones come after it; the answer is whether it is kept.
    pub(super) fn put(&self, name: &str, text: &str, care: Care) -> impl Future<Output = bool> + use<> {
        let key = JsValue::from(name);
        self.write(name, text, care, move |table, text| table.put_with_key(text, &key).ok())
    }

    /// Keeps a text under a name that nothing stands under yet, strictly; where something does, it
    /// stays, and this one is not kept.
    pub(super) fn add(&self, name: &str, text: &str) -> impl Future<Output = Added> + use<> {
        let key = JsValue::from(name);
        let write =
            self.write(name, text, Care::Strict, move |table, text| table.add_with_key(text, &key).ok());
        let (store, name) = (self.clone(), name.to_owned());
        async move {
            if write.await {
                return Added::Kept;
            }
            match store.get(&name).await {
                Ok(Some(_)) => Added::Taken,
                _ => Added::Failed,
            }
        }
    }

    /// Writes; where the browser has closed the database since, it is opened once more.
    fn write<F>(&self, name: &str, text: &str, care: Care, change: F) -> impl Future<Output = bool> + use<F>
    where
        F: Fn(&IdbObjectStore, &JsValue) -> Option<IdbRequest> + 'static,
    {
        let seal = self.seal_of(name);
        let begun = match (&self.place, &seal) {
            (Place::Database(database), None) => {
                begin(&database.borrow(), care, |table| change(table, &text.into()))
            }
            (Place::Database(_), Some(_)) => None,
            (Place::Memory(texts), _) => {
                texts.borrow_mut().insert(name.to_owned(), text.to_owned());
                None
            }
        };
        let sealed = seal.map(|seal| self.close(seal, name, text));
        let (place, text) = (self.place.clone(), JsValue::from(text));
        async move {
            let Place::Database(database) = place else { return true };
            if let Some(begun) = begun {
                return JsFuture::from(begun).await.is_ok();
            }
            let value = match sealed {
                Some(sealed) => {
                    let Ok(value) = JsFuture::from(sealed).await else { return false };
                    value
                }
                None => text,
            };
            let begun = begin(&database.borrow(), care, |table| change(table, &value));
            if let Some(begun) = begun {
                return JsFuture::from(begun).await.is_ok();
            }
            let Some(again) = open().await else { return false };
            let begun = begin(&again, care, |table| change(table, &value));
            database.replace(again);
            match begun {
                Some(begun) => JsFuture::from(begun).await.is_ok(),
                None => false,
            }
        }
    }

    /// A text as it is kept under a name, once all that was encrypted before it is: what is written later
    /// then stands.
    fn close(&self, seal: Seal, name: &str, text: &str) -> Promise {
        let (name, text) = (name.to_owned(), text.to_owned());
        let before = self.last.borrow().clone();
        let closed = future_to_promise(async move {
            let value = seal.close(&name, &text).await;
            // Whether the one before could be encrypted is its own matter.
            let _ = JsFuture::from(before).await;
            value.ok_or(JsValue::NULL)
        });
        *self.last.borrow_mut() = closed.clone();
        closed
    }

    /// What is kept, as text. What another key encrypted is the empty one, which nothing kept is: it is
    /// there, and cannot be read.
    async fn read(&self, name: &str, kept: JsValue) -> Option<String> {
        if kept.is_instance_of::<Uint8Array>() {
            let seal = self.seal.borrow().clone();
            return Some(match seal {
                Some(seal) => seal.open(name, kept).await.unwrap_or_default(),
                None => String::new(),
            });
        }
        kept.as_string()
    }

    /// Keeps something of the browser's own under a name, strictly; whether it is kept. Where nothing
    /// outlives the page, nothing is.
    pub(super) async fn put_object(&self, name: &str, value: &JsValue) -> bool {
        let Place::Database(database) = &self.place else { return false };
        let key = JsValue::from(name);
        let begun = begin(&database.borrow(), Care::Strict, |table| table.put_with_key(value, &key).ok());
        match begun {
            Some(begun) => JsFuture::from(begun).await.is_ok(),
            None => false,
        }
    }

    /// What of the browser's own is kept under a name.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(super) async fn get_object(&self, name: &str) -> Result<Option<JsValue>, Unreadable> {
        let Place::Database(database) = &self.place else { return Ok(None) };
        let request = read(&database.borrow()).and_then(|table| table.get(&name.into()).ok());
        let value = answer(&request.ok_or(Unreadable)?).await?;
        Ok((!value.is_undefined()).then_some(value))
    }

    /// Forgets everything from one name to another, all or nothing; whether it is done.
    pub(super) fn forget(&self, first: &str, last: &str) -> impl Future<Output = bool> + use<> {
        let begun = match &self.place {
            Place::Database(database) => {
                let range = IdbKeyRange::bound(&first.into(), &last.into()).ok();
                range.and_then(|range| {
                    begin(&database.borrow(), Care::Relaxed, |table| table.delete(&range.into()).ok())
                })
            }
            Place::Memory(texts) => {
                texts.borrow_mut().retain(|name, _| !(first..=last).contains(&name.as_str()));
                Some(Promise::resolve(&JsValue::TRUE))
            }
        };
        async move {
            match begun {
                Some(begun) => JsFuture::from(begun).await.is_ok(),
                None => false,
            }
        }
    }

    /// The text under a name.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(super) async fn get(&self, name: &str) -> Result<Option<String>, Unreadable> {
        match &self.place {
            Place::Memory(texts) => Ok(texts.borrow().get(name).cloned()),
            Place::Database(database) => {
                let request = read(&database.borrow()).and_then(|table| table.get(&name.into()).ok());
                let kept = answer(&request.ok_or(Unreadable)?).await?;
                Ok(self.read(name, kept).await)
            }
        }
    }

    /// Every name that begins so and its text, in the order of the names.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub(super) async fn all(&self, beginning: &str) -> Result<Vec<(String, String)>, Unreadable> {
        let end = format!("{beginning}{LAST}");
        match &self.place {
            Place::Memory(texts) => {
                let texts = texts.borrow();
                let texts = texts.range(beginning.to_owned()..end);
                Ok(texts.map(|(name, text)| (name.clone(), text.clone())).collect())
            }
            Place::Database(database) => {
                let requests = || {
                    let range = IdbKeyRange::bound(&beginning.into(), &end.into()).ok()?;
                    let table = read(&database.borrow())?;
                    Some((table.get_all_keys_with_key(&range).ok()?, table.get_all_with_key(&range).ok()?))
                };
                // One transaction, so that they belong together.
                let (names, kept) = requests().ok_or(Unreadable)?;
                let (names, kept) = (answer(&names), answer(&kept));
                let (names, kept) = (array(names.await?)?, array(kept.await?)?);
                let mut all = Vec::new();
                for (name, kept) in names.iter().zip(kept.iter()) {
                    let name = name.as_string().ok_or(Unreadable)?;
                    let text = self.read(&name, kept).await.ok_or(Unreadable)?;
                    all.push((name, text));
                }
                Ok(all)
            }
        }
    }
}

/// Begins a change. None where it could not be begun.
fn begin(
    database: &IdbDatabase,
    care: Care,
    change: impl FnOnce(&IdbObjectStore) -> Option<IdbRequest>,
) -> Option<Promise> {
    let transaction = write(database, care)?;
    change(&transaction.object_store(TABLE).ok()?)?;
    // Nothing else comes: it need not come back to this thread to be told so. A browser that cannot be told
    // sees it by itself.
    call(&transaction, "commit", &[]);
    Some(Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
        transaction.set_onerror(Some(&reject));
    }))
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
    opened(&request).await?.dyn_into().ok()
}

async fn opened(request: &IdbOpenDbRequest) -> Option<JsValue> {
    let done = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
        if let Some(window) = window() {
            // Too late once it is opened.
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&reject, OPENS_WITHIN_MS);
        }
    });
    JsFuture::from(done).await.ok()?;
    request.result().ok()
}

/// What a request gives. Its listeners are set before anything is waited for.
fn answer(request: &IdbRequest) -> impl Future<Output = Result<JsValue, Unreadable>> + use<> {
    let done = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    let request = request.clone();
    async move {
        JsFuture::from(done).await.map_err(|_| Unreadable)?;
        request.result().map_err(|_| Unreadable)
    }
}

fn array(value: JsValue) -> Result<Array, Unreadable> {
    value.dyn_into().map_err(|_| Unreadable)
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

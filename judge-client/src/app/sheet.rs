//! One sheet, or one aspect over everybody: a list of what is to be marked, and a large card for the
//! one that is being marked.

use domain::finding::Language;
use leptos::html;
use leptos::prelude::*;

use super::answer::Card;
use super::browser::document;
use super::state::{Ui, View};
use super::words;
use crate::book::{Book, Spot};

/// Where somebody is, and in which of the two ways they go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Course {
    pub(super) spot: Spot,
    pub(super) is_walk: bool,
}

impl Course {
    fn of(view: View) -> Option<Self> {
        match view {
            View::Home | View::Review(_) => None,
            View::Sheet(spot) => Some(Self { spot, is_walk: false }),
            View::Walk(spot) => Some(Self { spot, is_walk: true }),
        }
    }

    fn view(self) -> View {
        if self.is_walk { View::Walk(self.spot) } else { View::Sheet(self.spot) }
    }

    /// The places on the list.
    fn places(self, book: &Book) -> Vec<Spot> {
        let Spot { form, row, column } = self.spot;
        if self.is_walk {
            let all = (0..book.sheets().competitors.len()).map(|row| Spot { form, row, column });
            all.filter(|spot| book.is_own(*spot)).collect()
        } else {
            let columns = book.form(self.spot).map_or(0, |form| form.aspects.len());
            (0..columns).map(|column| Spot { form, row, column }).collect()
        }
    }

    /// The next place on the list without a mark, after this one and round.
    fn next_open(self, book: &Book) -> Option<Spot> {
        let places = self.places(book);
        let here = places.iter().position(|spot| *spot == self.spot)?;
        let later = places.iter().skip(here + 1).chain(places.iter().take(here));
        let is_open = |spot: &Spot| {
            book.takes(*spot)
                && !book.is_late(*spot)
                && book.seen(*spot).is_some_and(|seen| seen.value.is_none())
        };
        later.copied().find(is_open)
    }

    /// The place before or after on the list.
    fn beside(self, book: &Book, step: isize) -> Option<Spot> {
        let places = self.places(book);
        let here = places.iter().position(|spot| *spot == self.spot)?;
        places.get(here.checked_add_signed(step)?).copied()
    }

    /// The same on the sheet of the competitor before or after; when walking, the aspect before or
    /// after.
    fn across(self, book: &Book, step: isize) -> Option<Spot> {
        let Spot { form, row, column } = self.spot;
        if self.is_walk {
            let column = column.checked_add_signed(step)?;
            (column < book.form(self.spot)?.aspects.len()).then_some(())?;
            let mut all = (0..book.sheets().competitors.len()).map(|row| Spot { form, row, column });
            all.find(|spot| book.is_own(*spot))
        } else {
            let mut row = row;
            loop {
                row = row.checked_add_signed(step)?;
                book.sheets().competitors.get(row)?;
                let spot = Spot { form, row, column: 0 };
                if book.is_own(spot) {
                    return Some(spot);
                }
            }
        }
    }
}

#[component]
pub(super) fn SheetView(ui: Ui) -> impl IntoView {
    let course = Memo::new(move |_| Course::of(ui.view.get()));
    // What was typed belongs to the place where it was typed.
    let last = StoredValue::new(None);
    Effect::new(move |before: Option<Option<Spot>>| {
        let here = course.get().map(|course| course.spot);
        if here.is_some() {
            ui.go_between(before.flatten(), here);
            last.set_value(here);
            if let Some(here) = here {
                ui.remember_at(here);
            }
        }
        focus();
        here
    });
    // After the step: then what is typed is that of the place.
    Effect::new(move |_| {
        let typed = ui.typed.get();
        if let Some(course) = course.get() {
            ui.keep_drafts(course.spot, typed);
        }
    });
    on_cleanup(move || ui.go_between(last.try_get_value().flatten(), None));
    let go = move |step: fn(Course, &Book) -> Option<Spot>| {
        let Some(course) = course.get_untracked() else { return };
        let spot = ui.book.with_untracked(|book| step(course, book.as_ref()?));
        if let Some(spot) = spot {
            ui.view.set(Course { spot, ..course }.view());
        }
    };
    let go_on = Callback::new(move |()| go(Course::next_open));
    let keys = move |event: web_sys::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => go(|course, book| course.beside(book, 1)),
            "ArrowUp" => go(|course, book| course.beside(book, -1)),
            "ArrowRight" if !is_typing(&event) => go(|course, book| course.across(book, 1)),
            "ArrowLeft" if !is_typing(&event) => go(|course, book| course.across(book, -1)),
            "Escape" => ui.view.set(View::Home),
            "u" | "U" if !is_typing(&event) => ui.take_back(),
            _ => return,
        }
        event.prevent_default();
    };
    let heading = move || {
        let course = course.get()?;
        ui.book.with(|book| {
            let book = book.as_ref()?;
            let form = book.form(course.spot)?;
            let code = book.sheets().competitors.get(course.spot.row)?.code.to_string();
            let aspect = book.aspect(course.spot)?;
            let places = course.places(book);
            let takes = places.iter().filter(|spot| book.takes(**spot));
            let of = takes.clone().count();
            let done =
                takes.filter(|spot| book.seen(**spot).is_some_and(|seen| seen.value.is_some())).count();
            let progress = match ui.language.get() {
                Language::Chinese => format!("{done} / {of} 项已评"),
                Language::English => format!("{done} of {of} marked"),
            };
            let of_what = if course.is_walk {
                format!("{} {}", aspect.id, aspect.description)
            } else {
                format!("{} {}", form.sub_criterion, form.name)
            };
            Some(view! {
                <h1 class="code mono">{code}</h1>
                <p class="count">{progress}</p>
                <p class="what">{of_what}</p>
            })
        })
    };
    let review = move || {
        if let Some(course) = course.get_untracked() {
            ui.view.set(View::Review(course.spot));
        }
    };
    let named = move || {
        let spot = course.get()?.spot;
        ui.book.with(|book| {
            let book = book.as_ref()?;
            let code = &book.sheets().competitors.get(spot.row)?.code;
            Some(format!("{code} · {}", book.aspect(spot)?.id))
        })
    };
    let across = move |step: isize| {
        let is_there = Memo::new(move |_| {
            let course = course.get()?;
            ui.book.with(|book| course.across(book.as_ref()?, step))
        });
        let label = move || {
            let is_walk = course.get().is_some_and(|course| course.is_walk);
            match (is_walk, step < 0) {
                (false, true) => ui.say("上一位选手", "Competitor before"),
                (false, false) => ui.say("下一位选手", "Next competitor"),
                (true, true) => ui.say("上一评分点", "Aspect before"),
                (true, false) => ui.say("下一评分点", "Next aspect"),
            }
        };
        view! {
            <button
                class="across"
                aria-label=label
                title=label
                disabled=move || is_there.get().is_none()
                on:click=move |_| match step {
                    _ if !ui.is_fresh_tap() => {}
                    ..0 => go(|course, book| course.across(book, -1)),
                    _ => go(|course, book| course.across(book, 1)),
                }
            >
                {if step < 0 { "‹" } else { "›" }}
            </button>
        }
    };
    let is_whole = Memo::new(move |_| {
        let Some(course) = course.get() else { return false };
        ui.book.with(|book| {
            book.as_ref().is_some_and(|book| {
                let places = course.places(book);
                book.is_own(course.spot)
                    && places.iter().all(|spot| {
                        !book.takes(*spot) || book.seen(*spot).is_some_and(|seen| seen.value.is_some())
                    })
            })
        })
    });
    let next_open = Memo::new(move |_| {
        let course = course.get()?;
        ui.book.with(|book| course.next_open(book.as_ref()?))
    });
    let whole = move || {
        is_whole.get().then(|| {
            let next = course.get().and_then(|course| ui.book.with(|book| course.across(book.as_ref()?, 1)));
            let is_walk = course.get().is_some_and(|course| course.is_walk);
            let name = next.and_then(|spot| {
                ui.book.with(|book| {
                    let book = book.as_ref()?;
                    if is_walk {
                        Some(book.aspect(spot)?.id.to_string())
                    } else {
                        Some(book.sheets().competitors.get(spot.row)?.code.to_string())
                    }
                })
            });
            view! {
                <p class="finished">
                    <span role="status">"✓ " {ui.say("这张评完了", "This one is complete")}</span>
                    {(!is_walk).then(|| view! { <button on:click=move |_| review()>{ui.say("核对并签字", "Review and sign")}</button> })}
                    {match name {
                        Some(name) => view! {
                            <button class="primary" on:click=move |_| go(|course, book| course.across(book, 1))>
                                {ui.say("下一个：", "Next: ")} <strong>{name}</strong>
                            </button>
                        }.into_any(),
                        None => view! {
                            <button class="primary" on:click=move |_| ui.view.set(View::Home)>
                                {ui.say("全部评分表", "All sheets")}
                            </button>
                        }.into_any(),
                    }}
                </p>
            }
        })
    };
    let places = Memo::new(move |_| {
        let Some(course) = course.get() else { return Vec::new() };
        ui.book.with(|book| book.as_ref().map(|book| course.places(book)).unwrap_or_default())
    });
    let list =
        move || places.get().into_iter().map(|spot| view! { <Place ui course spot /> }).collect::<Vec<_>>();
    view! {
        <main class="sheet" on:keydown=keys>
            <header class="who">{across(-1)} <div>{heading}</div> {across(1)}</header>
            <nav class="places" aria-label=move || ui.say("评分点", "What is marked")>
                <ol>{list}</ol>
                <button
                    type="button"
                    class="quiet first-open"
                    hidden=move || next_open.get().is_none()
                    on:click=move |_| go(Course::next_open)
                >
                    {move || ui.say("跳到未评的", "Jump to the next unmarked")}
                </button>
            </nav>
            <section class="card" tabindex="-1" aria-label=named>
                {whole}
                {move || course.get().map(|course| view! { <Card ui spot=course.spot go_on /> })}
                <p class="turn">
                    <button on:click=move |_| go(|course, book| course.beside(book, -1))>"↑ " {move || ui.say("上一项", "Before")}</button>
                    <button on:click=move |_| go(|course, book| course.beside(book, 1))>{move || ui.say("下一项", "Next")} " ↓"</button>
                </p>
            </section>
        </main>
    }
}

/// A line of the list: what it is, what stands there, and how far that has come.
#[component]
fn Place(ui: Ui, course: Memo<Option<Course>>, spot: Spot) -> impl IntoView {
    let shown = Memo::new(move |_| {
        let language = ui.language.get();
        let is_walk = course.get().is_some_and(|course| course.is_walk);
        ui.book.with(|book| {
            let book = book.as_ref()?;
            let aspect = book.aspect(spot)?;
            let seen = book.seen(spot)?;
            let value = seen.value.map(|value| words::value(aspect, value, language));
            let shape = if seen.aside.is_some() {
                "⚠"
            } else {
                seen.value.and(seen.reach).map_or("", words::reach_shape)
            };
            let (name, about) = if is_walk {
                (book.sheets().competitors.get(spot.row)?.code.to_string(), String::new())
            } else {
                (aspect.id.to_string(), aspect.description.clone())
            };
            Some((name, about, value, shape))
        })
    });
    let is_here = move || course.get().is_some_and(|course| course.spot == spot);
    let line = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(line) = line.get().filter(|_| is_here()) {
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            options.set_inline(web_sys::ScrollLogicalPosition::Center);
            line.scroll_into_view_with_scroll_into_view_options(&options);
        }
    });
    let is_marked = move || shown.get().is_some_and(|(_, _, value, _)| value.is_some());
    let open = move |_| {
        if let Some(course) = course.get_untracked() {
            ui.view.set(Course { spot, ..course }.view());
        }
    };
    view! {
        <li>
            <button
                class="place"
                node_ref=line
                class:marked=is_marked
                class:warned=move || shown.get().is_some_and(|(.., shape)| shape == "⚠")
                aria-current=move || is_here().then_some("true")
                on:click=open
            >
                <span class="mono id">{move || shown.get().map(|(name, ..)| name)}</span>
                <span class="about">{move || shown.get().map(|(_, about, ..)| about)}</span>
                <span class="value">
                    {move || shown.get().map(|(_, _, value, _)| value.unwrap_or_else(|| ui.say("未评", "not marked").to_owned()))}
                </span>
                <span class="shape" aria-hidden="true">{move || shown.get().map(|(.., shape)| shape)}</span>
            </button>
        </li>
    }
}

/// Keys go to the card, or to its field.
pub(super) fn focus() {
    request_animation_frame(move || {
        let find = |place| document()?.query_selector(place).ok().flatten();
        // The sheet may have been left in the frame between.
        let Some(place) = find(".card input").or_else(|| find(".card")) else { return };
        let Ok(place) = wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(place) else { return };
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = place.focus_with_options(&options);
    });
}

/// Whether a key goes into a field that has something in it already.
fn is_typing(event: &web_sys::KeyboardEvent) -> bool {
    let target =
        event.target().and_then(|target| wasm_bindgen::JsCast::dyn_into::<web_sys::Element>(target).ok());
    target.is_some_and(|target| target.tag_name() == "INPUT")
}

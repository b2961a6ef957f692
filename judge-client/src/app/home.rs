//! All sheets of a judge: the next thing to do first, then each form with its competitors.

use leptos::prelude::*;
use protocol::judge::Form;

use super::api;
use super::state::{Ui, View};
use crate::book::{Book, Spot};

/// From where on this device's clock is called wrong.
const CLOCK_WRONG_MS: u64 = 5 * 60_000;

#[component]
pub(super) fn Home(ui: Ui) -> impl IntoView {
    let next = Memo::new(move |_| ui.book.with(|book| book.as_ref()?.next_open(before_all(book.as_ref()?))));
    let progress = Memo::new(move |_| ui.book.with(|book| book.as_ref().map(Book::all_progress)));
    let forms =
        Memo::new(move |_| ui.book.with(|book| book.as_ref().map_or(0, |book| book.sheets().forms.len())));
    let asides = Memo::new(move |_| ui.book.with(|book| book.as_ref().map(Book::asides).unwrap_or_default()));
    let go_on = move || {
        let spot = next.get()?;
        let (code, form, done, of) = ui.book.with(|book| {
            let book = book.as_ref()?;
            let progress = book.progress(spot.form, spot.row);
            let form = book.form(spot)?;
            let code = book.sheets().competitors.get(spot.row)?.code.to_string();
            Some((code, format!("{} {}", form.sub_criterion, form.name), progress.done, progress.of))
        })?;
        Some(view! {
            <button class="primary go-on" on:click=move |_| ui.view.set(View::Sheet(spot))>
                <span class="what">{move || ui.say("继续评分", "Go on marking")}</span>
                <strong>{code}</strong>
                <span>{form}</span>
                <span class="count">{format!("{done}/{of}")}</span>
            </button>
        })
    };
    let done = move || {
        let is_done = next.get().is_none() && progress.get().is_some_and(|progress| progress.of > 0);
        is_done.then(|| {
            view! {
                <p class="all-done">
                    "✓ "
                    {ui.say(
                        "您的评分表都已评完。可以点开任一张核对。",
                        "All your sheets are marked. Open any of them to look again.",
                    )}
                </p>
            }
        })
    };
    let to_sign =
        Memo::new(move |_| ui.book.with(|book| book.as_ref().map(Book::all_to_sign).unwrap_or_default()));
    let sign = move || {
        let (first, count) = to_sign.get();
        let spot = first?;
        let words = match ui.language.get() {
            domain::finding::Language::Chinese => format!("✎ {count} 张评分表等您签字"),
            domain::finding::Language::English => format!("✎ Sheets that wait for your signature: {count}"),
        };
        Some(
            view! { <button class="to-sign" on:click=move |_| ui.view.set(View::Review(spot))>{words}</button> },
        )
    };
    let is_chief = move || {
        ui.bench
            .with(|bench| bench.as_ref().is_some_and(|bench| bench.role == domain::access::Role::ChiefJudge))
    };
    let nothing = move || {
        (forms.get() == 0).then(|| {
            view! {
                <p class="stage">
                    {if is_chief() {
                        ui.say(
                            "您是裁判长，没有评分席位，所以这里没有评分表。冲突、迟到的评分和进度在裁判长页面上；结束和发布在组委会工作台上。",
                            "You lead the judges and hold no seat, so there is nothing here to mark. Conflicts, late marks and progress are on the chief judge's page; closing and release are at the organisers' desk.",
                        )
                    } else {
                        ui.say(
                            "没有分配给您的评分表。请找裁判长核对评分组。",
                            "No sheets are assigned to you. Ask the chief judge about the panels.",
                        )
                    }}
                </p>
            }
        })
    };
    let closed = move || {
        let is_closed = ui.book.with(|book| book.as_ref().is_some_and(|book| !book.sheets().is_open));
        is_closed.then(|| {
            ui.say(
                "评分已结束；现在录入的会保留，由裁判长决定。",
                "Marking is over; what is entered now is kept for the chief judge to decide.",
            )
        })
    };
    let clock = move || {
        // As of the last sheets.
        ui.told_at.track();
        (api::ahead_ms().unsigned_abs() > CLOCK_WRONG_MS).then(|| {
            ui.say(
                "这台设备的时钟不准；评分照常计入，时间以服务器为准。请打开自动校时。",
                "This device's clock is wrong; marks count at the server's time. Turn on automatic time.",
            )
        })
    };
    let warned = move || {
        let spots = asides.get();
        (!spots.is_empty()).then(|| {
            let links = spots.into_iter().map(|spot| {
                let name = ui.book.with(|book| {
                    let book = book.as_ref()?;
                    Some(format!("{} · {}", book.sheets().competitors.get(spot.row)?.code, book.aspect(spot)?.id))
                });
                view! {
                    <li><button class="chip" on:click=move |_| ui.view.set(View::Sheet(spot))>{name}</button></li>
                }
            });
            view! {
                <section class="warned" role="alert">
                    <h2>
                        "⚠ "
                        {ui.say("有录入没有计入，请逐项处理", "Some entries do not count; look at each")}
                    </h2>
                    <ul>{links.collect::<Vec<_>>()}</ul>
                </section>
            }
        })
    };
    view! {
        <main class="home">
            <header class="of">
                <p class="competition">{move || ui.about.with(|about| about.as_ref().map(|about| about.competition.pick(ui.language.get()).to_owned()))}</p>
                <h1>{move || ui.about.with(|about| about.as_ref().map_or_else(|| ui.say("我的评分表", "My sheets").to_owned(), |about| about.skill.pick(ui.language.get()).to_owned()))}</h1>
                <p class="me">
                    {move || ui.about.with(|about| about.as_ref().map(|about| about.judge.clone()))}
                    " "
                    <span class="mono">{move || ui.bench.with(|bench| bench.as_ref().map(|bench| bench.judge.to_string()))}</span>
                    " · "
                    <span role="status">{move || progress.get().map(|progress| match ui.language.get() {
                        domain::finding::Language::Chinese => format!("{} / {} 项已评", progress.done, progress.of),
                        domain::finding::Language::English => format!("{} of {} marked", progress.done, progress.of),
                    })}</span>
                </p>
                {move || is_chief().then(|| view! { <p><a href="/chief">{ui.say("打开裁判长页面", "Open the chief judge's page")}</a></p> })}
            </header>
            {move || closed().or_else(clock).map(|words| view! { <p class="notice-box">{words}</p> })}
            {warned}
            {go_on}
            {done}
            {sign}
            {nothing}
            {move || (0..forms.get()).map(|form| view! { <FormCard ui form /> }).collect::<Vec<_>>()}
        </main>
    }
}

#[component]
fn FormCard(ui: Ui, form: usize) -> impl IntoView {
    let progress =
        Memo::new(move |_| ui.book.with(|book| book.as_ref().map(|book| book.form_progress(form))));
    let told = move |what: fn(&Form) -> String| {
        ui.book.with(|book| book.as_ref()?.sheets().forms.get(form).map(what)).unwrap_or_default()
    };
    let rows = Memo::new(move |_| {
        ui.book.with(|book| book.as_ref().map_or(0, |book| book.sheets().competitors.len()))
    });
    let walk = move |_| {
        let spot = |row| Spot { form, row, column: 0 };
        let own = ui.book.with_untracked(|book| {
            let book = book.as_ref()?;
            (0..book.sheets().competitors.len()).map(spot).find(|spot| book.is_own(*spot))
        });
        ui.view.set(View::Walk(own.unwrap_or(spot(0))));
    };
    let is_trainee = move || {
        ui.book
            .with(|book| book.as_ref()?.sheets().forms.get(form).map(|form| !form.counts))
            .unwrap_or_default()
    };
    view! {
        <section class="form">
            <header>
                <h2><span class="mono">{move || told(|form| form.sub_criterion.to_string())}</span> " " {move || told(|form| form.name.clone())}</h2>
                <p class="quiet">
                    {move || told(|form| format!("{} {}", form.criterion, form.criterion_name))}
                    " · "
                    {move || match ui.language.get() {
                        domain::finding::Language::Chinese => told(|form| format!("第 {} 天", form.day)),
                        domain::finding::Language::English => told(|form| format!("day {}", form.day)),
                    }}
                    {move || is_trainee().then(|| ui.say(" · 见习（不计分）", " · trainee (does not count)"))}
                </p>
                <p class="count" role="status">{move || progress.get().map(|progress| format!("{}/{}", progress.done, progress.of))}</p>
                <button class="quiet walk" on:click=walk>
                    {move || ui.say("逐项走评", "Walk: one aspect, everybody")}
                </button>
            </header>
            <ul class="competitors">
                {move || (0..rows.get()).map(|row| view! { <CompetitorLine ui form row /> }).collect::<Vec<_>>()}
            </ul>
        </section>
    }
}

#[component]
fn CompetitorLine(ui: Ui, form: usize, row: usize) -> impl IntoView {
    let spot = Spot { form, row, column: 0 };
    let shown = Memo::new(move |_| {
        ui.book.with(|book| {
            let book = book.as_ref()?;
            let competing = book.sheets().competitors.get(row)?;
            let sheet = book.sheet(spot)?;
            let progress = book.progress(form, row);
            let is_disputed = book.is_due_again(form, row);
            let word = book.signing_off(spot).map(|word| word.declines);
            Some((
                competing.code.to_string(),
                competing.is_out.then(|| ui.say("⊘ 不参赛", "⊘ out").to_owned()).or(sheet.marked_by.clone()),
                sheet.is_locked,
                sheet.is_signed || word == Some(false),
                word.unwrap_or(sheet.is_declined),
                is_disputed,
                progress,
                book.called(form) == Some(row),
            ))
        })
    });
    let state = move || {
        let (_, not_own, is_locked, is_signed, is_declined, is_disputed, progress, is_called) =
            shown.get()?;
        let (class, mut words) = if let Some(words) = not_own {
            ("out", words)
        } else if is_disputed {
            ("disputed", ui.say("⚠ 重评", "⚠ re-score").to_owned())
        } else if is_locked {
            ("locked", ui.say("▣ 已锁定", "▣ locked").to_owned())
        } else if is_declined {
            ("disputed", ui.say("⚠ 未签", "⚠ declined").to_owned())
        } else if is_signed {
            ("signed", ui.say("✓ 已签", "✓ signed").to_owned())
        } else if progress.is_whole() {
            ("whole", format!("✓ {}/{}", progress.done, progress.of))
        } else if progress.done > 0 {
            ("begun", format!("◔ {}/{}", progress.done, progress.of))
        } else {
            ("empty", format!("{}/{}", progress.done, progress.of))
        };
        if is_called {
            words = format!("◉ {} {words}", ui.say("叫号", "called"));
        }
        Some((class, words))
    };
    let open = move |_| {
        let first = ui.book.with_untracked(|book| book.as_ref().map(|book| book.first_open(form, row)));
        ui.view.set(View::Sheet(first.unwrap_or(spot)));
    };
    view! {
        <li hidden=move || state().is_some_and(|(_, words)| words.is_empty())>
            <button
                class=move || format!("competitor {}", state().map_or("", |(class, _)| class))
                aria-current=move || shown.get().is_some_and(|(.., is_called)| is_called).then_some("true")
                on:click=open
            >
                <strong class="mono">{move || shown.get().map(|(code, ..)| code)}</strong>
                <span>{move || state().map(|(_, words)| words)}</span>
            </button>
        </li>
    }
}

/// Whatever comes first is next.
fn before_all(book: &Book) -> Spot {
    let columns = book.sheets().forms.first().map_or(0, |form| form.aspects.len());
    Spot { form: 0, row: 0, column: columns.saturating_sub(1) }
}

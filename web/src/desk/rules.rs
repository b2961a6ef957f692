//! A competition's rules: choosing a preset, editing every clause, and an example beside it that shows what the
//! rules do. It needs no script; with one (`assets/rules.js`) the example follows what is typed.

mod preview;
mod words;

use domain::finding::{Finding, Language};
use domain::rules::form::{CLAUSES, Clause, Field, Kind, ROWS_MAX, field_of};
use protocol::Problem;
use protocol::rules::{ACT, BASE, BEGUN, PRESET, RuledSkill, RulesPage, SEEN};

use super::{Says, button, form, hidden_input, option, quiet_link, section, wrong};
use crate::format::{Reader, segment};
use crate::node::{Element, Node, el, write_html};
use crate::parts::name;
use words::Group;

/// `/desk/competition/{id}/rules`
pub(super) fn page(page: &RulesPage, problem: Option<&Problem>, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let at = format!("/desk/competition/{}", segment(&page.competition.id));
    let back = quiet_link(says.say("回到大赛", "Back to the competition"), at.clone());
    let about = says.say(
        "得分怎样变成名次和奖项，都由规则集说了算。在这里改，示例随着变；按“保存”之前什么都不生效。",
        "The rule set says how marks become positions and awards. Change it here and the example follows; nothing counts before it is saved.",
    );
    let head = el("div")
        .class("head")
        .add(el("h1").add(title(reader)))
        .add(name("p", &reader.pick(&page.competition.name), reader).class("of"))
        .add(el("p").class("about").add(about))
        .add(
            el("p")
                .class("acts")
                .add(back)
                .add(quiet_link(says.say("示例和保存", "The example, and saving"), "#example")),
        );
    let saved = page.is_saved.then(|| {
        let words = says.say("规则已保存。", "The rules are kept.");
        el("p").class("note done").set("role", "status").add(words)
    });
    let mut shown = vec![head];
    shown.extend(saved);
    shown.extend(problem.map(wrong));
    shown.push(in_use(&page.skills, reader));
    shown.push(editor(page, &format!("{at}/rules"), reader));
    shown
}

/// The document's title.
pub(super) fn title(reader: Reader) -> &'static str {
    Says(reader.language).say("规则", "Rules")
}

/// The preview alone, to be put in the place of an earlier one.
pub(crate) fn preview_html(page: &RulesPage, reader: Reader) -> String {
    let nodes: Vec<Node> = preview::parts(page, reader).into_iter().map(Node::Element).collect();
    let mut html = String::new();
    write_html(&nodes, &mut html);
    html
}

/// Which skills have which rules.
fn in_use(skills: &[RuledSkill], reader: Reader) -> Element {
    let says = Says(reader.language);
    let mut groups: Vec<(&RuledSkill, Vec<&RuledSkill>)> = Vec::new();
    for skill in skills {
        let is_same = |known: &RuledSkill| {
            (&known.title, known.version, known.is_fixed) == (&skill.title, skill.version, skill.is_fixed)
        };
        match groups.iter_mut().find(|(first, _)| is_same(first)) {
            Some((_, members)) => members.push(skill),
            None => groups.push((skill, vec![skill])),
        }
    }
    let items: Vec<Element> = groups
        .into_iter()
        .map(|(first, members)| {
            let state = if first.is_fixed {
                says.say("已开放，规则固定，不随这里改变", "open: fixed, and not changed here")
            } else {
                says.say("尚未开放，保存后改用新的", "not open yet: takes what is saved here")
            };
            let version = match reader.language {
                Language::Chinese => format!("第 {} 版", first.version),
                Language::English => format!("version {}", first.version),
            };
            let of = |one: &&RuledSkill| {
                format!("{} {}", one.skill.number, reader.pick(&one.skill.name)).trim().to_owned()
            };
            let members: Vec<String> = members.iter().map(of).collect();
            el("li")
                .class(if first.is_fixed { "is-fixed" } else { "is-free" })
                .add(name("strong", &reader.pick(&first.title), reader))
                .add(" ")
                .add(el("span").class("about").add(format!("{version} · {state}")))
                .add(name("span", &members.join(says.say("、", ", ")), reader).class("members-of"))
        })
        .collect();
    let none = items.is_empty().then(|| {
        let words = says.say(
            "还没有赛项；选好的预设规则给以后添加的赛项用。",
            "There are no skills yet; the preset that is chosen is for those that are added.",
        );
        el("p").class("about").add(words)
    });
    let list = (!items.is_empty()).then(|| el("ul").class("rules-in-use").add(items));
    section("in-use", says.say("现行规则", "Rules in use")).add(none).add(list)
}

fn editor(page: &RulesPage, at: &str, reader: Reader) -> Element {
    let says = Says(reader.language);
    // What the key of the keyboard's return presses is the first button: it only looks.
    let first = act("preview", "unseen", says.say("预览", "Preview"))
        .set("tabindex", "-1")
        .set("aria-hidden", "true");
    let presets: Vec<Element> = page
        .presets
        .iter()
        .map(|(id, title)| option(id.clone(), *id == page.base, reader.pick(title)))
        .collect();
    let whole = act("back", "quiet", says.say("全部恢复预设", "Back to the preset"));
    let begin = el("div")
        .class("line begin")
        .add(
            el("label")
                .add(el("span").add(says.say("预设规则", "Preset")))
                .add(el("select").set("name", PRESET).add(presets)),
        )
        .add(act("begin", "quiet", says.say("换成这一套", "Begin from this one")))
        .add(whole);
    let differing = page.typed.differing(&page.base_form);
    let groups: Vec<Element> =
        words::GROUPS.iter().map(|group| group_of(group, page, &differing, reader)).collect();
    let form_of = el("div").class("rule-groups").add(begin).add(groups);
    let heading = el("h2").set("id", "example").add(says.say("示例", "The example"));
    let about = says.say(
        "12 名虚构的选手，各有一处看得出规则的地方；由正式评分用的同一套程序算出。",
        "Twelve made-up competitors, each with something on which rules tell; worked out by the very functions that work out results.",
    );
    let shown = el("div")
        .set("id", "preview")
        .set(
            "data-failed",
            says.say(
                "预览没有更新：服务器没有应答。",
                "The preview is not up to date: the server does not answer.",
            ),
        )
        .add(preview::parts(page, reader));
    let unsaved =
        page.is_unsaved.then(|| el("p").class("note").add(says.say("还没有保存。", "Not saved yet.")));
    let keep = el("div").class("acts keep").add(act("save", "primary", says.say("保存", "Save"))).add(act(
        "preview",
        "quiet",
        says.say("预览", "Preview"),
    ));
    let side = el("section")
        .class("rule-preview")
        .set("aria-labelledby", "example")
        .add(heading)
        .add(el("p").class("about").add(about))
        .add(unsaved)
        .add(keep)
        .add(shown);
    form(at.to_owned())
        .class("rules")
        .set("data-preview", format!("{at}/preview"))
        .add(first)
        .add(hidden_input(SEEN, page.seen.clone()))
        .add(hidden_input(BASE, page.base.clone()))
        .add(hidden_input(BEGUN, if page.begun { "yes" } else { "" }))
        .add(form_of)
        .add(side)
}

/// A button that does something with the form.
fn act(what: impl Into<std::borrow::Cow<'static, str>>, class: &'static str, words: &'static str) -> Element {
    button(class, words).set("name", ACT).set("value", what)
}

fn clauses(group: &Group) -> impl Iterator<Item = &'static Clause> + '_ {
    group.clauses.iter().filter_map(|path| CLAUSES.iter().find(|clause| clause.path == *path))
}

fn group_of(group: &Group, page: &RulesPage, differing: &[String], reader: Reader) -> Element {
    let says = Says(reader.language);
    let is_within = |path: &str| {
        clauses(group).any(|clause| {
            let row = format!("{}[", clause.path);
            path == clause.path
                || (clause.is_list && path.starts_with(&row))
                || clause.fields.iter().any(|field| !clause.is_list && clause.path_of(field) == path)
        })
    };
    let changed = differing.iter().filter(|path| is_within(path)).count();
    let found = page.found.iter().filter_map(|finding| finding.place.column.as_deref());
    let faults = found.filter(|column| is_within(&field_of(column))).count();
    let state = match (reader.language, faults, changed) {
        (Language::Chinese, 0, 0) => "与预设相同".to_owned(),
        (Language::English, 0, 0) => "as the preset".to_owned(),
        (Language::Chinese, 0, some) => format!("{some} 处已改"),
        (Language::English, 0, some) => format!("{some} changed"),
        (Language::Chinese, some, _) => format!("{some} 处要核对"),
        (Language::English, some, _) => format!("{some} to look at"),
    };
    let class = match (faults, changed) {
        (0, 0) => "state",
        (0, _) => "state changed",
        _ => "state faulty",
    };
    let (chinese, english) = group.name;
    let summary =
        el("summary").add(el("span").class("group-name").add(says.say(chinese, english))).add(" ").add(
            el("span")
                .class(class)
                .set("data-same", says.say("与预设相同", "as the preset"))
                .set("data-changed", says.say("{} 处已改", "{} changed"))
                .set("data-faulty", says.say("{} 处要核对", "{} to look at"))
                .add(state),
        );
    let (chinese, english) = group.about;
    let about = says.say(chinese, english);
    let about = (!about.is_empty()).then(|| el("p").class("about").add(about));
    let fields: Vec<Element> = clauses(group)
        .map(|clause| {
            if clause.is_list {
                rows(clause, page, differing, reader)
            } else {
                of_clause(clause, page, reader)
            }
        })
        .collect();
    el("details")
        .class("rule-group")
        .set("id", group.id)
        .set_some("open", (changed + faults > 0).then_some(""))
        .add(summary)
        .add(about)
        .add(fields)
}

fn of_clause(clause: &Clause, page: &RulesPage, reader: Reader) -> Element {
    let fields: Vec<Element> = clause
        .fields
        .iter()
        .map(|field| {
            let path = clause.path_of(field);
            let preset = page.base_form.get(&path).to_owned();
            field_of_form(clause, field, &path, page, Some(preset), reader)
        })
        .collect();
    el("div").class("rule-fields").add(fields)
}

/// A list of clauses, a row each.
fn rows(clause: &Clause, page: &RulesPage, differing: &[String], reader: Reader) -> Element {
    let says = Says(reader.language);
    let list = clause.path;
    let count = page.typed.rows(list);
    let rows: Vec<Element> = (1..=count)
        .map(|row| {
            let fields: Vec<Element> = clause
                .fields
                .iter()
                .map(|field| {
                    field_of_form(clause, field, &format!("{list}[{row}].{}", field.name), page, None, reader)
                })
                .collect();
            let moved = |what: &str, words: &'static str| {
                let label = match reader.language {
                    Language::Chinese => format!("第 {row} 行：{words}"),
                    Language::English => format!("Row {row}: {words}"),
                };
                act(format!("{what}:{list}[{row}]"), "quiet", words).set("aria-label", label)
            };
            let up = (row > 1).then(|| moved("raise", says.say("上移", "Move up")));
            let number = match reader.language {
                Language::Chinese => format!("第 {row} 行"),
                Language::English => format!("Row {row}"),
            };
            el("li")
                .add(
                    el("p")
                        .class("row-head")
                        .add(el("strong").add(number))
                        .add(up)
                        .add(moved("remove", says.say("删去", "Remove"))),
                )
                .add(el("div").class("rule-fields").add(fields))
        })
        .collect();
    let add =
        (count < ROWS_MAX).then(|| act(format!("add:{list}"), "quiet", says.say("加一行", "Add a row")));
    let faults = page.found.iter().filter(|finding| finding.place.column.as_deref() == Some(list));
    let faults: Vec<Element> = faults.map(|finding| said(finding, reader)).collect();
    let is_changed = differing.iter().any(|path| path == list);
    let changed = is_changed.then(|| {
        el("p")
            .class("row-changed")
            .add(el("strong").class("changed-word").add(says.say("已改", "Changed")))
            .add(" ")
            .add(act(
                format!("back:{list}"),
                "quiet",
                says.say("恢复预设的各行", "Back to the preset's rows"),
            ))
    });
    let none = (count == 0).then(|| el("p").class("about").add(says.say("没有。", "None.")));
    let list_of = (count > 0).then(|| el("ol").class("rule-rows").add(rows));
    el("div")
        .class("rule-list")
        .set("id", anchor(list))
        .add(changed)
        .add(faults)
        .add(none)
        .add(list_of)
        .add(el("p").class("acts").add(add))
}

fn said(finding: &Finding, reader: Reader) -> Element {
    let class = if finding.is_error() { "wrong of-field" } else { "look of-field" };
    el("p").class(class).add(finding.say(reader.language).to_owned())
}

/// One field: its name, what stands in it, what it does, what the preset says, and what is wrong with it.
fn field_of_form(
    clause: &Clause,
    field: &Field,
    path: &str,
    page: &RulesPage,
    preset: Option<String>,
    reader: Reader,
) -> Element {
    let says = Says(reader.language);
    let value = page.typed.get(path);
    let id = anchor(path);
    let at_field =
        |finding: &&Finding| finding.place.column.as_deref().is_some_and(|column| field_of(column) == path);
    let faults: Vec<&Finding> = page.found.iter().filter(at_field).collect();
    let is_wrong = faults.iter().any(|finding| finding.is_error());
    let input = match field.kind {
        Kind::Choice(of) => {
            let mut options: Vec<Element> = of
                .iter()
                .map(|word| option(*word, *word == value, choice_words(clause, field, word, reader)))
                .collect();
            if !of.contains(&value) {
                // What was sent and is none of them stays until another is chosen.
                options.insert(0, option(value.to_owned(), true, value.to_owned()));
            }
            el("select").add(options)
        }
        Kind::Text if field.name == "source" => el("textarea").set("rows", "2").add(value.to_owned()),
        _ => {
            let mode = match field.kind {
                Kind::Whole => Some("numeric"),
                Kind::Mark | Kind::Number => Some("decimal"),
                _ => None,
            };
            el("input").set("value", value.to_owned()).set("autocomplete", "off").set_some("inputmode", mode)
        }
    };
    let hint = format!("{id}-about");
    let input = input
        .set("name", path.to_owned())
        .set("id", id.clone())
        .set("aria-describedby", hint.clone())
        .set_some("aria-invalid", is_wrong.then_some("true"));
    let own = words::words(clause.path, field.name);
    let (about, numbers) =
        own.as_ref().map(|own| (says.say(own.about.0, own.about.1), own.rules)).unwrap_or_default();
    let numbers = (!numbers.is_empty()).then(|| el("span").class("rule-number").add(numbers));
    let of_preset = preset.as_ref().filter(|_| field.name != "source").map(|preset| {
        let shown = shown(path, preset, reader);
        match reader.language {
            Language::Chinese => format!("预设：{shown}"),
            Language::English => format!("Preset: {shown}"),
        }
    });
    let hint = el("small")
        .set("id", hint)
        .add(about)
        .add(if about.is_empty() { "" } else { " " })
        .add(numbers)
        .add(" ")
        .add(of_preset.map(|text| el("span").class("of-preset").add(text)));
    let changed = preset.as_ref().map(|preset| {
        let is_changed = preset.trim() != value.trim();
        let label = match reader.language {
            Language::Chinese => format!("恢复预设：{}", label_of(path, reader)),
            Language::English => format!("Back to the preset: {}", label_of(path, reader)),
        };
        el("p")
            .class("changed")
            .set_some("hidden", (!is_changed).then_some(""))
            .add(el("strong").class("changed-word").add(says.say("已改", "Changed")))
            .add(" ")
            .add(
                act(format!("back:{path}"), "quiet", says.say("恢复预设", "Back to the preset"))
                    .set("aria-label", label),
            )
    });
    let class = match field.kind {
        Kind::Whole | Kind::Mark | Kind::Number => "rule-field is-short",
        _ if field.name == "source" => "rule-field is-source",
        _ => "rule-field",
    };
    el("div")
        .class(class)
        .set("data-of", field.name)
        .set_some("data-preset", preset)
        .add(el("label").set("for", id).add(el("span").add(label_in(clause, field, reader))))
        .add(input)
        .add(hint)
        .add(changed)
        .add(faults.into_iter().map(|finding| said(finding, reader)).collect::<Vec<_>>())
}

fn choice_words(clause: &Clause, field: &Field, word: &str, reader: Reader) -> String {
    let (chinese, english) = words::choice(clause.path, field.name, word).unwrap_or_default();
    Says(reader.language).say(chinese, english).to_owned()
}

fn label_in(clause: &Clause, field: &Field, reader: Reader) -> &'static str {
    let (chinese, english) = words::words(clause.path, field.name).map(|own| own.name).unwrap_or_default();
    Says(reader.language).say(chinese, english)
}

/// What stands in a field, as people read it: the words of a choice, and that nothing does.
fn shown(path: &str, value: &str, reader: Reader) -> String {
    let found = CLAUSES.iter().find_map(|clause| {
        let field = clause.fields.iter().find(|field| !clause.is_list && clause.path_of(field) == path)?;
        Some((clause, field))
    });
    match found {
        Some((clause, field)) if matches!(field.kind, Kind::Choice(_)) => {
            choice_words(clause, field, value, reader)
        }
        _ if value.trim().is_empty() => Says(reader.language).say("空", "empty").to_owned(),
        _ => value.to_owned(),
    }
}

/// What a field is called outside of its group: with the group, and of a row with its number.
fn label_of(path: &str, reader: Reader) -> String {
    let says = Says(reader.language);
    let (list, row) = path.split_once('[').map_or((path, None), |(list, rest)| (list, rest.split_once("].")));
    let of_row = row.map(|(row, name)| (row, name.to_owned()));
    let found = CLAUSES.iter().find_map(|clause| {
        if clause.is_list && clause.path == list {
            let name = of_row.as_ref().map(|(_, name)| name.as_str());
            return Some((clause, clause.fields.iter().find(|field| Some(field.name) == name)));
        }
        let field = clause.fields.iter().find(|field| !clause.is_list && clause.path_of(field) == path)?;
        Some((clause, Some(field)))
    });
    let Some((clause, field)) = found else { return path.to_owned() };
    let group = words::GROUPS.iter().find(|group| group.clauses.contains(&clause.path));
    let (chinese, english) = group.map(|group| group.name).unwrap_or_default();
    let mut label = says.say(chinese, english).to_owned();
    if let Some((row, _)) = of_row {
        label += &match reader.language {
            Language::Chinese => format!("，第 {row} 行"),
            Language::English => format!(", row {row}"),
        };
    }
    if let Some(field) = field {
        label += says.say("，", ", ");
        label += label_in(clause, field, reader);
    }
    label
}

/// Where a field, or a list, stands on the page.
fn anchor(path: &str) -> String {
    let plain: String = path.chars().map(|one| if one.is_ascii_alphanumeric() { one } else { '-' }).collect();
    format!("rule-{plain}")
}

#[cfg(test)]
mod tests;

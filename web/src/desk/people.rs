//! Who holds which role over what: people, invitations and the tree of organisations; and where the link of
//! an invitation leads.

use domain::access::Role;
use domain::finding::Language;
use protocol::Problem;
use protocol::list::{Cell, ListQuery, SHORT_ROWS};
use protocol::people::{
    Account, Held, InvitationMade, Invite, Invited, LinkMade, Offer, Organisation, OrganisationForm,
    OrganisationKind, People,
};

use super::list::List;
use super::{
    Says, button, confirmed, field, form, hidden_input, option, quiet_link, section, text_input, wrong,
};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, name};
use crate::qr::qr;

/// `/join`: takes an invitation up.
#[derive(Clone, Copy, Debug, Default)]
pub struct JoinPage<'a> {
    /// The secret, where it was sent; else the script takes it from the address.
    pub code: &'a str,
    /// What was typed as the name.
    pub name: &'a str,
    /// What the invitation leads to, where that is known.
    pub invited: Option<&'a Invited>,
    /// What went wrong.
    pub problem: Option<&'a Problem>,
}

/// The page of it all.
const AT: &str = "/desk/people";

/// What the page shows.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) account: &'a str,
    pub(super) people: &'a People,
    pub(super) query: &'a ListQuery,
    pub(super) invite: &'a Invite,
    pub(super) organisation: &'a OrganisationForm,
    pub(super) made: Option<&'a InvitationMade>,
    pub(super) link: Option<&'a LinkMade>,
    pub(super) problem: Option<&'a Problem>,
}

/// A role's name.
pub(super) fn role_word(role: Role, reader: Reader) -> &'static str {
    let says = Says(reader.language);
    match role {
        Role::PlatformAdministrator => says.say("平台管理员", "Platform administrator"),
        Role::Organiser => says.say("组委会", "Organiser"),
        Role::SkillManager => says.say("赛项负责人", "Skill manager"),
        Role::ChiefJudge => says.say("裁判长", "Chief judge"),
        Role::Judge => says.say("裁判员", "Judge"),
        Role::FloorJudge => says.say("现场裁判", "Floor judge and timekeeper"),
        Role::Scorekeeper => says.say("录分员", "Scorekeeper"),
        Role::Arbitrator => says.say("仲裁", "Arbitrator"),
        Role::Supervisor => says.say("监督", "Supervisor"),
        Role::Registrar => says.say("抽签加密裁判", "Registrar (draw and codes)"),
        Role::TeamLeader => says.say("领队", "Team leader"),
        Role::DelegationRegistrar => says.say("报名员", "Delegation registrar"),
        Role::Announcer => says.say("播报员", "Announcer"),
        Role::CeremonyDirector => says.say("典礼导演", "Ceremony director"),
        Role::Competitor => says.say("选手", "Competitor"),
        Role::Foreman => says.say("班组长", "Foreman"),
        Role::TalentOfficer => says.say("人才工作者", "Talent officer"),
        Role::DepartmentReader => says.say("部门查阅员", "Department reader"),
        Role::Importer => says.say("导入", "Importer"),
        Role::Server => says.say("服务器", "Server"),
    }
}

fn kind_word(kind: OrganisationKind, reader: Reader) -> &'static str {
    let says = Says(reader.language);
    match kind {
        OrganisationKind::Ministry => says.say("部委", "Ministry"),
        OrganisationKind::Province => says.say("省", "Province"),
        OrganisationKind::City => says.say("市", "City"),
        OrganisationKind::County => says.say("县（区）", "County"),
        OrganisationKind::IndustryUnion => says.say("产业工会", "Industry union"),
        OrganisationKind::Enterprise => says.say("企业", "Enterprise"),
        OrganisationKind::School => says.say("院校", "School"),
    }
}

/// Over what, in words.
fn of_word(scope: &str, of: &str, reader: Reader) -> String {
    if scope == "everything" {
        Says(reader.language).say("整个平台", "Everything here").to_owned()
    } else {
        of.to_owned()
    }
}

pub(super) fn people_page(shown: Shown<'_>, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let head = el("div").class("head").add(el("h1").add(says.say("机构和人员", "Organisations and people")));
    let mut page = vec![head];
    page.extend(shown.problem.map(wrong));
    page.extend(shown.made.map(|made| made_view(made, reader)));
    page.extend(shown.link.map(|link| link_view(link, reader)));
    page.extend(search(shown.people, shown.query, reader));
    let of = |name: &'static str| shown.query.of(name);
    if !shown.people.offers.is_empty() {
        page.push(invite_form(shown.people, shown.invite, reader));
        page.push(invited(&shown.people.invited, &of("invited"), reader));
    }
    page.push(held(&shown.people.held, shown.account, &of("held"), reader));
    if !shown.people.accounts.is_empty() {
        page.push(accounts(&shown.people.accounts, &of("accounts"), reader));
    }
    if shown.people.is_at_top || !shown.people.organisations.is_empty() {
        page.push(organisations(shown.people, shown.organisation, &of("organisations"), reader));
    }
    page
}

/// The search over all of its lists; none where they are short.
fn search(people: &People, query: &ListQuery, reader: Reader) -> Option<Element> {
    let says = Says(reader.language);
    let lists = [people.held.len(), people.invited.len(), people.accounts.len(), people.organisations.len()];
    if lists.iter().all(|count| *count <= SHORT_ROWS) && query.narrowing().next().is_none() {
        return None;
    }
    let mut roles: Vec<Role> = people.held.iter().map(|one| one.role).collect();
    roles.extend(people.invited.iter().map(|one| one.role));
    roles.sort_unstable();
    roles.dedup();
    let roles = roles.into_iter().map(|role| (role.as_str().to_owned(), role_word(role, reader).to_owned()));
    let list = List { at: AT, place: "", query, unit: "", reader };
    let hint = says.say("姓名、角色、范围、机构", "name, role, scope, organisation");
    Some(list.search(hint, vec![("role", says.say("角色", "Role"), roles.collect())]))
}

/// Where a form of a row is sent, so that whoever sends it comes back to the same view.
fn row_form(path: &'static str, query: &ListQuery) -> Element {
    form(query.address(path))
}

/// The link of an invitation, shown once.
fn made_view(made: &InvitationMade, reader: Reader) -> Element {
    let says = Says(reader.language);
    let about = match reader.language {
        Language::Chinese => format!(
            "把这个链接发给“{}”，或让对方扫码。只显示这一次，{}前有效，只能用一次。",
            made.invited.whom,
            reader.moment(made.invited.expires_at)
        ),
        Language::English => format!(
            "Send this link to \"{}\", or let them scan the code. It is shown this once, good until {}, and works once.",
            made.invited.whom,
            reader.moment(made.invited.expires_at)
        ),
    };
    let titles = (
        says.say("邀请已建立", "The invitation is made"),
        says.say("邀请链接", "Link of the invitation"),
        says.say("邀请二维码", "QR code of the invitation"),
    );
    shown_once(titles, about, &made.link)
}

/// The link to a new password, shown once.
fn link_view(made: &LinkMade, reader: Reader) -> Element {
    let says = Says(reader.language);
    let until = reader.moment(made.expires_at);
    let about = match reader.language {
        Language::Chinese => format!(
            "把这个链接当面或用可靠的方式交给“{}”：谁拿到它，谁就能设这个账号的密码。只显示这一次，{until}前有效，只能用一次。",
            made.name
        ),
        Language::English => format!(
            "Give this link to \"{}\" in person or by a way that you trust: whoever has it sets the account's password. It is shown this once, good until {until}, and works once.",
            made.name
        ),
    };
    let titles = (
        says.say("重设密码的链接", "A link to a new password"),
        says.say("重设密码的链接", "Link to a new password"),
        says.say("重设密码的二维码", "QR code of the link to a new password"),
    );
    shown_once(titles, about, &made.link)
}

/// A link with a secret: what it is, its field's name and its code's.
fn shown_once(titles: (&'static str, &'static str, &'static str), about: String, link: &str) -> Element {
    let (title, of_field, of_code) = titles;
    let field = el("input")
        .class("mono")
        .set("readonly", "")
        .set("aria-label", of_field)
        .set("value", link.to_owned());
    el("section")
        .class("note invitation")
        .set("role", "status")
        .add(el("h2").add(title))
        .add(el("p").add(about))
        .add(field)
        .add(qr(link, of_code))
}

/// The accounts that somebody looks after.
fn accounts(accounts: &[Account], query: &ListQuery, reader: Reader) -> Element {
    let says = Says(reader.language);
    let list = List { at: AT, place: "#accounts", query, unit: "个", reader };
    let part = query.part(accounts.iter().collect(), |one| {
        vec![
            ("name", one.name.as_str().into()),
            ("made", Cell::Number(one.made_at)),
            ("factor", Cell::Number(i64::from(one.has_factor))),
            ("sessions", Cell::Number(one.sessions)),
        ]
    });
    let rows: Vec<Element> = part.rows.iter().map(|one| account_row(one, query, reader)).collect();
    let is_long = part.is_long(query);
    let by = |column: &'static str| if is_long { column } else { "" };
    let columns = [
        (by("name"), says.say("姓名", "Name")),
        (by("made"), says.say("建立于", "Made")),
        (by("factor"), says.say("验证码", "Second factor")),
        (by("sessions"), says.say("登录中", "Signed in at")),
        ("", says.say("操作", "Act")),
    ];
    let about = says.say(
        "忘了密码，给对方一个重设链接；手机和恢复码都没了，就解除验证码。对方的账号记录里都会写明。",
        "Somebody forgot their password: give them a link to a new one. Phone and recovery codes are gone: remove the second factor. Each is noted where they see it.",
    );
    section("accounts", says.say("账号", "Accounts"))
        .add(el("p").class("about").add(about))
        .add(is_long.then(|| list.count(&part)))
        .add(if rows.is_empty() {
            list.nothing()
        } else {
            el("table").class("accounts").add(list.heads(&columns)).add(el("tbody").add(rows))
        })
        .add(list.pages(&part))
}

fn account_row(one: &Account, query: &ListQuery, reader: Reader) -> Element {
    let says = Says(reader.language);
    let act = |at: &'static str, words: &'static str, about: &'static str| {
        let go = row_form(at, query).add(hidden_input("id", one.id.clone())).add(button("quiet", words));
        confirmed("quiet", words, format!("{words}: {}", one.name), about, go)
    };
    let link = act(
        "/desk/people/accounts/link",
        says.say("重设密码", "New password"),
        says.say(
            "会显示一个链接，由您交给对方；现在的密码在对方设新密码之前仍可用。",
            "A link is shown for you to hand on; the present password goes on until they set a new one.",
        ),
    );
    let factor = one.has_factor.then(|| {
        act(
            "/desk/people/accounts/factor/end",
            says.say("解除验证码", "Remove second factor"),
            says.say(
                "对方在各处退出，之后只凭密码登录，重新启用前不能发布成绩。请先确认真是本人。",
                "They are signed out everywhere and come in by the password alone, releasing no results until they set it up again. First be sure that it is them.",
            ),
        )
    });
    let end = act(
        "/desk/people/accounts/end",
        says.say("停用账号", "End account"),
        says.say(
            "对方马上退出，不能再登录，所有任职结束；已做的留在记录里。不能恢复，名称也不能再用。",
            "They are signed out at once and come in no more, and everything that they hold ends; what they did stays on record. It cannot be undone, and the name stays taken.",
        ),
    );
    let has = if one.has_factor { says.say("已启用", "set up") } else { says.say("未启用", "none") };
    let places = match reader.language {
        Language::Chinese => format!("{} 处", one.sessions),
        Language::English if one.sessions == 1 => "1 place".to_owned(),
        Language::English => format!("{} places", one.sessions),
    };
    el("tr")
        .add(el("th").set("scope", "row").add(name("span", &one.name, reader)))
        .add(el("td").add(reader.moment(one.made_at)))
        .add(el("td").add(has))
        .add(el("td").add(places))
        .add(el("td").add(el("div").class("acts").add(link).add(factor).add(end)))
}

fn invite_form(people: &People, typed: &Invite, reader: Reader) -> Element {
    let says = Says(reader.language);
    let mut roles: Vec<Role> = people.offers.iter().flat_map(|offer| offer.roles.iter().copied()).collect();
    roles.sort_unstable();
    roles.dedup();
    // Nobody is made an administrator by not looking.
    let chosen = if typed.role.is_empty() { Role::Organiser.as_str() } else { typed.role.as_str() };
    let roles =
        roles.into_iter().map(|role| option(role.as_str(), role.as_str() == chosen, role_word(role, reader)));
    let scopes = people.offers.iter().map(|Offer { scope, of, .. }| {
        option(scope.clone(), *scope == typed.scope, of_word(scope, of, reader))
    });
    let whom = text_input("whom", &typed.whom)
        .set("maxlength", "64")
        .set("placeholder", says.say("陈师傅", "Chen, foreman of shop 2"));
    let fields = form("/desk/people/invitations")
        .class("line")
        .add(field(says.say("邀请谁", "Whom"), whom))
        .add(field(says.say("角色", "Role"), el("select").set("name", "role").add(roles.collect::<Vec<_>>())))
        .add(field(
            says.say("范围", "Over"),
            el("select").set("name", "scope").add(scopes.collect::<Vec<_>>()),
        ))
        .add(button("primary", says.say("建立邀请", "Make the invitation")));
    let about = says.say(
        "对方打开链接，自己设名称和密码；您看不到密码。裁判用登录卡，不用邀请。",
        "They open the link and set a name and a password of their own, which you never see. Judges come by cards, not by invitations.",
    );
    section("invite", says.say("邀请", "Invite")).add(el("p").class("about").add(about)).add(fields)
}

fn invited(invited: &[Invited], query: &ListQuery, reader: Reader) -> Element {
    let says = Says(reader.language);
    let list = List { at: AT, place: "#invited", query, unit: "个", reader };
    let part = query.part(invited.iter().collect(), |one| {
        vec![
            ("whom", one.whom.as_str().into()),
            ("role", Cell::Key(one.role.as_str())),
            ("word", role_word(one.role, reader).into()),
            ("over", of_word(&one.scope, &one.of, reader).into()),
            ("until", Cell::Number(one.expires_at)),
        ]
    });
    let is_long = part.is_long(query);
    let rows: Vec<Element> = part
        .rows
        .iter()
        .map(|one| {
            let words = says.say("收回", "Take back");
            let end = row_form("/desk/people/invitations/end", query)
                .add(hidden_input("id", one.id.clone()))
                .add(button("quiet", words).set("aria-label", format!("{words}: {}", one.whom)));
            el("tr")
                .add(el("th").set("scope", "row").add(name("span", &one.whom, reader)))
                .add(el("td").add(role_word(one.role, reader)))
                .add(el("td").add(name("span", &of_word(&one.scope, &one.of, reader), reader)))
                .add(el("td").add(reader.moment(one.expires_at)))
                .add(el("td").add(end))
        })
        .collect();
    let body = if part.all == 0 {
        el("p").class("about").add(says.say("没有等待接受的邀请。", "No invitation waits."))
    } else if rows.is_empty() {
        list.nothing()
    } else {
        let by = |column: &'static str| if is_long { column } else { "" };
        let columns = [
            (by("whom"), says.say("邀请谁", "Whom")),
            (by("role"), says.say("角色", "Role")),
            (by("over"), says.say("范围", "Over")),
            (by("until"), says.say("有效期至", "Good until")),
            ("", says.say("操作", "Act")),
        ];
        el("table").class("people").add(list.heads(&columns)).add(el("tbody").add(rows))
    };
    section("invited", says.say("等待接受的邀请", "Invitations that wait"))
        .add(is_long.then(|| list.count(&part)))
        .add(body)
        .add(list.pages(&part))
}

fn held(held: &[Held], account: &str, query: &ListQuery, reader: Reader) -> Element {
    let says = Says(reader.language);
    let list = List { at: AT, place: "#held", query, unit: "项", reader };
    let part = query.part(held.iter().collect(), |one| {
        vec![
            ("name", one.name.as_str().into()),
            ("role", Cell::Key(one.role.as_str())),
            ("word", role_word(one.role, reader).into()),
            ("over", of_word(&one.scope, &one.of, reader).into()),
            ("since", Cell::Number(one.made_at)),
        ]
    });
    let is_long = part.is_long(query);
    let rows: Vec<Element> = part
        .rows
        .iter()
        .map(|one| {
            let is_own = one.account == account;
            let words = if is_own { says.say("辞去", "Give up") } else { says.say("结束任职", "End") };
            let about = if is_own {
                says.say("辞去后您马上不能再做这项工作。", "You can do this work no more, at once.")
            } else {
                says.say(
                    "结束后对方马上不能再做这项工作；已做的留在记录里。",
                    "They can do this work no more, at once; what they did stays on record.",
                )
            };
            let end = row_form("/desk/people/end", query)
                .add(hidden_input("id", one.id.clone()))
                .add(button("quiet", words));
            let label = format!("{words}: {} {}", one.name, role_word(one.role, reader));
            let own = is_own.then(|| el("small").add(says.say("您", "you")));
            el("tr")
                .add(el("th").set("scope", "row").add(name("span", &one.name, reader)).add(" ").add(own))
                .add(el("td").add(role_word(one.role, reader)))
                .add(el("td").add(name("span", &of_word(&one.scope, &one.of, reader), reader)))
                .add(el("td").add(reader.moment(one.made_at)))
                .add(el("td").add(confirmed("quiet", words, label, about, end)))
        })
        .collect();
    let body = if part.all > 0 && rows.is_empty() {
        list.nothing()
    } else if rows.is_empty() {
        empty(
            says.say("您还没有任何角色", "You hold no role yet"),
            says.say("请邀请您的人再发一个邀请链接。", "Ask whoever invited you for another invitation."),
        )
    } else {
        let by = |column: &'static str| if is_long { column } else { "" };
        let columns = [
            (by("name"), says.say("姓名", "Name")),
            (by("role"), says.say("角色", "Role")),
            (by("over"), says.say("范围", "Over")),
            (by("since"), says.say("起", "Since")),
            ("", says.say("操作", "Act")),
        ];
        el("table").class("people").add(list.heads(&columns)).add(el("tbody").add(rows))
    };
    section("held", says.say("任职", "Who holds which role"))
        .add(is_long.then(|| list.count(&part)))
        .add(body)
        .add(list.pages(&part))
}

fn organisations(people: &People, typed: &OrganisationForm, query: &ListQuery, reader: Reader) -> Element {
    let says = Says(reader.language);
    let list = List { at: AT, place: "#organisations", query, unit: "个", reader };
    let part = query.part(people.organisations.iter().collect(), |one| {
        vec![("name", one.name.as_str().into()), ("kind", kind_word(one.kind, reader).into())]
    });
    let rows: Vec<Element> = part.rows.iter().map(|one| organisation(one, people, reader)).collect();
    let body = if part.all > 0 && rows.is_empty() {
        list.nothing()
    } else if rows.is_empty() {
        el("p").class("about").add(says.say(
            "还没有机构。只有一个单位时可以不建。",
            "There are no organisations yet; where there is one only, none is needed.",
        ))
    } else {
        el("ul").class("tree").add(rows)
    };
    let fields = organisation_fields("/desk/organisations".to_owned(), typed, people, None, reader)
        .add(button("primary", says.say("添加", "Add")));
    let about = says.say(
        "上级的组委会管下级的大赛和人员。",
        "An organiser of one also looks after those below it, with their competitions and people.",
    );
    section("organisations", says.say("机构", "Organisations"))
        .add(el("p").class("about").add(about))
        .add(part.is_long(query).then(|| list.count(&part)))
        .add(body)
        .add(list.pages(&part))
        .add(fields)
}

fn organisation(one: &Organisation, people: &People, reader: Reader) -> Element {
    let says = Says(reader.language);
    let typed = OrganisationForm {
        parent: one.parent.as_ref().map(ToString::to_string).unwrap_or_default(),
        kind: one.kind.as_str().to_owned(),
        name: one.name.clone(),
    };
    let at = format!("/desk/organisations/{}", segment(one.id.as_str()));
    let change = organisation_fields(at.clone(), &typed, people, Some(one), reader)
        .add(button("quiet", says.say("保存", "Save")));
    let remove = form(format!("{at}/end")).add(button("quiet", says.say("删除", "Remove")));
    let edit = says.say("修改", "Change");
    let edit = el("details")
        .class("folded")
        .add(el("summary").set("aria-label", format!("{edit}: {}", one.name)).add(edit))
        .add(change)
        .add(remove);
    let depth = one.depth.min(9).to_string();
    el("li")
        .set("data-depth", depth)
        .add(name("strong", &one.name, reader))
        .add(" ")
        .add(el("small").add(kind_word(one.kind, reader)))
        .add(edit)
}

fn organisation_fields(
    at: String,
    typed: &OrganisationForm,
    people: &People,
    own: Option<&Organisation>,
    reader: Reader,
) -> Element {
    let says = Says(reader.language);
    let mut parents = Vec::new();
    let stays_outside = own.is_some_and(|own| {
        own.parent.as_ref().is_none_or(|parent| !people.organisations.iter().any(|one| one.id == *parent))
    });
    if people.is_at_top || stays_outside {
        let value = if people.is_at_top { String::new() } else { typed.parent.clone() };
        let words = if people.is_at_top {
            says.say("（最上级）", "(at the top)")
        } else {
            says.say("（不变）", "(as it is)")
        };
        parents.push(option(value.clone(), value == typed.parent, words));
    }
    // It is not theirs to take from who is above it.
    let is_fixed = stays_outside && !people.is_at_top;
    let others =
        people.organisations.iter().filter(|one| !is_fixed && own.is_none_or(|own| own.id != one.id));
    parents.extend(others.map(|one| {
        let indent = "\u{3000}".repeat(one.depth);
        option(one.id.to_string(), one.id.as_str() == typed.parent, format!("{indent}{}", one.name))
    }));
    let kinds = OrganisationKind::ALL
        .iter()
        .map(|(kind, word)| option(*word, *word == typed.kind, kind_word(*kind, reader)));
    let of_name = text_input("name", &typed.name)
        .set("maxlength", "100")
        .set("placeholder", says.say("石家庄市总工会", "Federation of trade unions of Shijiazhuang"));
    form(at)
        .class("line")
        .add(field(says.say("名称", "Name"), of_name))
        .add(field(says.say("类型", "Kind"), el("select").set("name", "kind").add(kinds.collect::<Vec<_>>())))
        .add(field(says.say("上级", "Below"), el("select").set("name", "parent").add(parents)))
}

impl JoinPage<'_> {
    pub(crate) fn title(reader: Reader) -> &'static str {
        Says(reader.language).say("接受邀请", "Take an invitation up")
    }

    pub(crate) fn body(&self, reader: Reader) -> Element {
        let says = Says(reader.language);
        let code = || {
            text_input("code", self.code).class("mono").set("autocomplete", "off").set("spellcheck", "false")
        };
        let of_code = says.say("邀请码（打开链接时已填好）", "Code (filled in by the link)");
        let own_name = text_input("name", self.name).set("maxlength", "64").set("autocomplete", "username");
        let password = text_input("password", "")
            .set("type", "password")
            .set("minlength", "10")
            .set("maxlength", "128")
            .set("autocomplete", "new-password");
        let hint = el("small").add(
            says.say("至少 10 个字符，15 个以上更好。", "At least 10 characters; 15 or more are better."),
        );
        let to = self.invited.map(|invited| {
            let of = of_word(&invited.scope, &invited.of, reader);
            el("p").add(format!("{} · {of}", role_word(invited.role, reader)))
        });
        let fresh = form("/join")
            .add(field(of_code, code()))
            .add(field(says.say("您的名称", "Your name"), own_name))
            .add(field(says.say("密码", "Password"), password).add(hint))
            .add(button("primary", says.say("建立账号并登录", "Make the account and sign in")));
        let known = form("/join/accept")
            .add(field(of_code, code()))
            .add(button("quiet", says.say("用已登录的账号接受", "Take it up with the account signed in")));
        let known = el("details")
            .class("folded")
            .add(el("summary").add(says.say("我已有账号", "I have an account")))
            .add(known)
            .add(el("p").add(quiet_link(
                says.say("先登录，再打开链接", "Sign in first, then open the link again"),
                "/desk/sign-in",
            )));
        el("div")
            .class("door")
            .add(el("h1").add(Self::title(reader)))
            .add(self.problem.map(wrong))
            .add(to)
            .add(fresh)
            .add(known)
    }
}

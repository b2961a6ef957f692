//! One's own account: the second factor, the password, where it is signed in and what was done to it; and the
//! pages that lead in: the second half of a sign-in, a new password by a link.

use domain::finding::Language;
use protocol::Problem;
use protocol::account::{AccountAct, Done, FactorDraft, Mine, OpenSession};

use super::{
    Says, button, confirmed, field, form, going_on, heading_cells, hidden_input, quiet_link, section,
    text_input, wrong,
};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::qr::qr;

/// `/password`: a new password by a link.
#[derive(Clone, Copy, Debug, Default)]
pub struct RenewPage<'a> {
    /// The secret, where it was sent; else the script takes it from the address.
    pub code: &'a str,
    /// Whose password it becomes, where that is known.
    pub name: Option<&'a str>,
    /// What went wrong.
    pub problem: Option<&'a Problem>,
}

/// What the page of one's own account shows.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) mine: &'a Mine,
    pub(super) draft: Option<&'a FactorDraft>,
    pub(super) recovery: &'a [String],
    pub(super) problem: Option<&'a Problem>,
    pub(super) done: Option<AccountAct>,
}

/// The second half of a sign-in.
pub(super) fn code_door(half: &str, on: &str, problem: Option<&Problem>, reader: Reader) -> Element {
    let says = Says(reader.language);
    let about = says.say(
        "打开手机上的验证器，输入现在显示的六位数。手机不在身边，就输入一个恢复码。",
        "Open the authenticator on your phone and type the six digits that it shows now. Without the phone, type a recovery code.",
    );
    let code = code_input(reader).set("autofocus", "");
    let fields = form(going_on("/desk/sign-in/code", on))
        .add(hidden_input("half", half.to_owned()))
        .add(field(says.say("验证码", "Code"), code))
        .add(button("primary", says.say("登录", "Sign in")));
    let lost = says.say(
        "手机和恢复码都没有：请管理您任职的人解除验证码；管理员自己可在服务器上运行 leitai account。",
        "With neither phone nor recovery codes: ask whoever looks after your appointments to remove the second factor; an administrator runs leitai account on the server.",
    );
    el("div")
        .class("door")
        .add(el("h1").add(says.say("再输入验证码", "One code more")))
        .add(problem.map(wrong))
        .add(el("p").add(about))
        .add(fields)
        .add(el("p").class("about").add(lost))
        .add(el("p").add(quiet_link(says.say("换个账号", "Another account"), "/desk/sign-in")))
}

/// Where a code of the phone is typed, or a recovery code.
fn code_input(reader: Reader) -> Element {
    text_input("code", "")
        .class("mono")
        .set("inputmode", "text")
        .set("maxlength", "32")
        .set("autocomplete", "one-time-code")
        .set("autocapitalize", "characters")
        .set("spellcheck", "false")
        .set("placeholder", Says(reader.language).say("例如 123456", "such as 123456"))
}

pub(super) fn mine_title(reader: Reader) -> &'static str {
    Says(reader.language).say("我的账号", "My account")
}

pub(super) fn mine_page(shown: Shown<'_>, reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let title = match reader.language {
        Language::Chinese => format!("我的账号 · {}", shown.mine.name),
        Language::English => format!("My account · {}", shown.mine.name),
    };
    let roles = quiet_link(says.say("我的角色", "My roles"), "/desk/people#held");
    let head = el("div").class("head").add(el("h1").add(title)).add(el("p").class("acts").add(roles));
    let done = shown.done.map(|act| {
        let words = format!("{}{}", act_word(act, reader), says.say("。", "."));
        el("p").class("note").set("role", "status").add(words)
    });
    let mut page = vec![head];
    page.extend(shown.problem.map(wrong));
    page.extend(done);
    page.extend((!shown.recovery.is_empty()).then(|| recovery(shown.recovery, reader)));
    if let Some(draft) = shown.draft {
        // One thing at a time.
        page.push(setting_up(draft, reader));
        return page;
    }
    page.push(factor(shown.mine, reader));
    page.push(password(reader));
    page.push(sessions(&shown.mine.sessions, reader));
    page.push(history(&shown.mine.done, reader));
    page
}

fn factor(mine: &Mine, reader: Reader) -> Element {
    let says = Says(reader.language);
    let place = section("factor", says.say("验证码（第二重验证）", "Second factor"));
    if !mine.has_factor {
        let about = says.say(
            "登录时除密码外还要手机上的六位数，别人知道密码也进不来。发布成绩的人必须启用；两分钟就好，手机要装一个验证器应用。",
            "Signing in then takes six digits of your phone besides the password, so that the password alone lets nobody in. Whoever releases results needs it. It takes two minutes and an authenticator app on your phone.",
        );
        let password = text_input("password", "")
            .set("type", "password")
            .set("maxlength", "128")
            .set("autocomplete", "current-password");
        let begin = form("/desk/me/factor")
            .class("line")
            .add(field(says.say("先输入您的密码", "Your password first"), password))
            .add(button("primary", says.say("启用", "Set it up")));
        return place.add(el("p").class("about").add(about)).add(begin);
    }
    let left = match reader.language {
        Language::Chinese => format!("已启用。恢复码还有 {} 个没用。", mine.recovery_left),
        Language::English => format!("It is set up. {} recovery codes are left.", mine.recovery_left),
    };
    let few = (mine.recovery_left <= 2).then(|| {
        el("p").class("note attention").add(
            says.say("恢复码快用完了，请做一组新的。", "Hardly any recovery code is left; make new ones."),
        )
    });
    let renew = says.say("做一组新的恢复码", "Make new recovery codes");
    let with_code = |at: &'static str, class, words| {
        let name = says.say("现在的验证码", "The code of this moment");
        form(at).add(field(name, code_input(reader))).add(button(class, words))
    };
    let about = says.say("原来的恢复码随即作废。", "The earlier ones are of no use from then on.");
    let renewal =
        confirmed("quiet", renew, renew.to_owned(), about, with_code("/desk/me/recovery", "primary", renew));
    let remove = says.say("停用", "Remove");
    let about = says.say(
        "停用后只凭密码就能登录，也不能再发布成绩。换手机：先停用，再用新手机启用。",
        "From then on the password alone lets you in, and you release no results. For another phone, remove it and set it up again.",
    );
    let label = says.say("停用验证码", "Remove the second factor").to_owned();
    let removal = confirmed("quiet", remove, label, about, with_code("/desk/me/factor/end", "quiet", remove));
    place.add(el("p").add(left)).add(few).add(el("div").class("acts").add(renewal).add(removal))
}

fn setting_up(draft: &FactorDraft, reader: Reader) -> Element {
    let says = Says(reader.language);
    let steps = el("ol")
        .add(el("li").add(says.say(
            "在手机上打开验证器应用（如微软、谷歌的验证器），选“扫描二维码”。",
            "Open an authenticator app on your phone (Microsoft's, Google's or another) and choose to scan a code.",
        )))
        .add(el("li").add(says.say("扫下面的二维码。", "Scan this code.")))
        .add(el("li").add(says.say(
            "输入手机上显示的六位数。",
            "Type the six digits that the phone shows.",
        )));
    let spaced: Vec<String> =
        draft.secret.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
    let by_hand = el("details")
        .class("folded")
        .add(el("summary").add(says.say("扫不了码，手工输入密钥", "I cannot scan: type the key")))
        .add(el("p").add(el("code").class("mono").add(spaced.join(" "))))
        .add(el("p").add(quiet_link(
            says.say("就在这台手机上打开验证器", "Open the authenticator on this phone"),
            draft.address.clone(),
        )));
    let code = code_input(reader).set("inputmode", "numeric");
    let fields = form("/desk/me/factor/confirm")
        .add(field(says.say("六位验证码", "Six digits"), code))
        .add(button("primary", says.say("启用", "Set it up")));
    section("factor", says.say("启用验证码", "Set the second factor up"))
        .class("setting-up")
        .add(steps)
        .add(qr(&draft.address, says.say("给验证器扫的二维码", "QR code for the authenticator")))
        .add(by_hand)
        .add(fields)
        .add(el("p").add(quiet_link(says.say("先不启用", "Not now"), "/desk/me")))
}

fn recovery(codes: &[String], reader: Reader) -> Element {
    let says = Says(reader.language);
    let about = says.say(
        "手机丢了或坏了，用其中一个代替验证码登录；每个只能用一次。只显示这一次：请抄下或打印，与手机分开放。",
        "Where the phone is lost or broken, one of these lets you in instead of its code, each once. They are shown this once: write them down or print them, and keep them apart from the phone.",
    );
    let list: Vec<Element> =
        codes.iter().map(|code| el("li").add(el("code").class("mono").add(code.clone()))).collect();
    el("section")
        .class("note invitation recovery")
        .set("role", "status")
        .add(el("h2").add(says.say("恢复码", "Recovery codes")))
        .add(el("p").add(about))
        .add(el("ul").class("codes").add(list))
}

fn password(reader: Reader) -> Element {
    let says = Says(reader.language);
    let input = |name, complete: &'static str| {
        text_input(name, "")
            .set("type", "password")
            .set("minlength", "10")
            .set("maxlength", "128")
            .set("autocomplete", complete)
    };
    let fields = form("/desk/me/password")
        .class("line")
        .add(field(says.say("现在的密码", "Present password"), input("old", "current-password")))
        .add(field(says.say("新密码", "New password"), input("new", "new-password")))
        .add(button("quiet", says.say("改密码", "Change it")));
    let about = says.say(
        "至少 10 个字符，15 个以上更好。改了以后，其他地方的登录都会退出。",
        "At least 10 characters; 15 or more are better. Every other place where you are signed in is then signed out.",
    );
    section("password", says.say("密码", "Password")).add(el("p").class("about").add(about)).add(fields)
}

fn sessions(sessions: &[OpenSession], reader: Reader) -> Element {
    let says = Says(reader.language);
    let rows: Vec<Element> = sessions
        .iter()
        .map(|one| {
            let on = if one.browser.is_empty() {
                says.say("未知设备", "Unknown").to_owned()
            } else {
                one.browser.clone()
            };
            let words = says.say("退出", "Sign out");
            let act = if one.is_own {
                el("small").add(says.say("就是这里", "here"))
            } else {
                form("/desk/me/sessions/end")
                    .add(hidden_input("id", one.id.clone()))
                    .add(button("quiet", words).set("aria-label", format!("{words}: {on}")))
            };
            el("tr")
                .add(el("th").set("scope", "row").add(on))
                .add(el("td").add(reader.moment(one.made_at)))
                .add(el("td").add(reader.moment(one.seen_at)))
                .add(el("td").add(act))
        })
        .collect();
    let names = [
        says.say("设备", "On what"),
        says.say("登录时间", "Since"),
        says.say("最近使用", "Last seen"),
        says.say("操作", "Act"),
    ];
    let others = (sessions.len() > 1).then(|| {
        form("/desk/me/sessions/end")
            .add(hidden_input("id", ""))
            .add(button("quiet", says.say("其他地方全部退出", "Sign out everywhere else")))
    });
    let about = says.say(
        "看到不认识的设备，请马上退出它并改密码。",
        "Where you do not know one of these, sign it out at once and change your password.",
    );
    section("sessions", says.say("登录中的设备", "Where you are signed in"))
        .add(el("p").class("about").add(about))
        .add(el("table").class("open-sessions").add(heading_cells(&names)).add(el("tbody").add(rows)))
        .add(others)
}

fn history(done: &[Done], reader: Reader) -> Element {
    let says = Says(reader.language);
    let place = section("history", says.say("账号记录", "What was done to this account"));
    if done.is_empty() {
        return place.add(el("p").class("about").add(says.say("还没有记录。", "Nothing so far.")));
    }
    let rows: Vec<Element> = done
        .iter()
        .map(|one| {
            let by = match (&one.by, one.is_own) {
                (_, true) => says.say("您", "you").to_owned(),
                (Some(name), false) => name.clone(),
                (None, false) => says.say("服务器管理者", "who looks after the server").to_owned(),
            };
            el("tr")
                .add(el("th").set("scope", "row").add(act_word(one.act, reader)))
                .add(el("td").add(by))
                .add(el("td").add(reader.moment(one.at)))
        })
        .collect();
    let names = [says.say("做了什么", "What"), says.say("谁", "By"), says.say("时间", "When")];
    place.add(el("table").add(heading_cells(&names)).add(el("tbody").add(rows)))
}

/// What was done, as it is told where it was just done and in the list.
fn act_word(act: AccountAct, reader: Reader) -> &'static str {
    let says = Says(reader.language);
    match act {
        AccountAct::PasswordChanged => says.say("密码已改", "The password was changed"),
        AccountAct::LinkMade => says.say("做了重设密码的链接", "A link to a new password was made"),
        AccountAct::PasswordByLink => says.say("用链接重设了密码", "A new password was given by a link"),
        AccountAct::FactorSet => says.say("验证码已启用", "The second factor was set up"),
        AccountAct::FactorRemoved => says.say("验证码已停用", "The second factor was removed"),
        AccountAct::RecoveryMade => says.say("做了新的恢复码", "New recovery codes were made"),
        AccountAct::RecoveryUsed => says.say("用了一个恢复码", "A recovery code was used"),
        AccountAct::SessionsEnded => says.say("其他地方的登录已退出", "Sessions elsewhere were ended"),
        AccountAct::Ended => says.say("账号已停用", "The account was ended"),
    }
}

impl RenewPage<'_> {
    pub(crate) fn title(reader: Reader) -> &'static str {
        Says(reader.language).say("设新密码", "Set a new password")
    }

    pub(crate) fn body(&self, reader: Reader) -> Element {
        let says = Says(reader.language);
        let code =
            text_input("code", self.code).class("mono").set("autocomplete", "off").set("spellcheck", "false");
        let password = text_input("password", "")
            .set("type", "password")
            .set("minlength", "10")
            .set("maxlength", "128")
            .set("autocomplete", "new-password");
        let hint = el("small").add(
            says.say("至少 10 个字符，15 个以上更好。", "At least 10 characters; 15 or more are better."),
        );
        let fields = form("/password")
            .add(field(says.say("链接码（打开链接时已填好）", "Code (filled in by the link)"), code))
            .add(field(says.say("新密码", "New password"), password).add(hint))
            .add(button("primary", says.say("设为新密码", "Set it")));
        let of = self.name.map(|name| el("p").add(name.to_owned()));
        let about = says.say(
            "设好以后，这个账号在其他地方的登录都会退出。",
            "Everywhere that the account is signed in it is then signed out.",
        );
        el("div")
            .class("door")
            .add(el("h1").add(Self::title(reader)))
            .add(self.problem.map(wrong))
            .add(of)
            .add(fields)
            .add(el("p").class("about").add(about))
    }
}

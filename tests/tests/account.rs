//! One's own account, as its holder and those who look after it use it: the second factor, passwords, links,
//! sessions and its end, on both databases.
#![expect(clippy::expect_used, reason = "a test stops at what it cannot do")]

use std::sync::Arc;
use std::time::Duration;

use domain::access::{Appointment, Role, Scope};
use domain::id::OrganisationId;
use protocol::account::{AccountAct, SignIn, SignedIn};
use protocol::desk::{Act, Competition, Do, Small};
use server::accounts::{AccountError, Accounts, Entry, OPERATOR};
use server::http::{self, Config, Running};
use server::vault::Vault;
use sqlx::AssertSqlSafe;
use tests::TestDatabase;
use tests::http::{Answer, Browser, code_in};
use tests::office::{PASSWORD, config, first, stranger};
use tests::program::leitai;

const NAME: &str = "刘老师";
/// What was ended is refused that soon.
const REMEMBERED: Duration = Duration::from_millis(2_100);

async fn start(place: &TestDatabase, vault: &str) -> Running {
    let config = Config { vault: Some(place.folder.join(vault)), ..config(place) };
    http::start(config).await.expect("the server starts")
}

/// Signs in as a program.
async fn sign_in(running: &Running, name: &str, password: &str, code: Option<&str>) -> Answer {
    let body = SignIn { name: name.to_owned(), password: password.to_owned(), code: code.map(str::to_owned) };
    Browser::new(running.address).post("/api/sign-in", &body).await
}

async fn signed_in(running: &Running, name: &str, password: &str, code: Option<&str>) -> Browser {
    let mut browser = Browser::new(running.address);
    browser.bearer = sign_in(running, name, password, code).await.json::<SignedIn>(200).bearer;
    browser.headers = vec![("accept", "text/html"), ("accept-language", "zh")];
    browser
}

/// Somebody with an account who holds that.
async fn with_role(running: &Running, name: &str, role: Role, scope: Scope) -> Browser {
    let accounts = &running.app.accounts;
    let (code, _) = accounts.invite(Appointment { role, scope }, name, "test").await.expect("an invitation");
    accounts.join(&code, name, PASSWORD, "").await.expect("an account");
    signed_in(running, name, PASSWORD, None).await
}

/// An account's id.
async fn account(running: &Running, name: &str) -> String {
    running.app.accounts.named(name).await.expect("it is there")
}

async fn is_in(browser: &Browser) -> bool {
    tokio::time::sleep(REMEMBERED).await;
    let answer = browser.get("/desk/me").await;
    assert!(matches!(answer.status, 200 | 303), "{}", answer.text);
    answer.status == 200
}

async fn acts(running: &Running, name: &str) -> Vec<AccountAct> {
    let account = account(running, name).await;
    let done = running.app.accounts.acts_on(&account).await.expect("an answer");
    done.iter().map(|done| done.act).collect()
}

/// The codes that a page shows once.
fn recovery_codes(page: &str) -> Vec<String> {
    let list = page.split("class=\"codes\"").nth(1).expect("codes").split("</ul>").next().expect("their end");
    list.split("<code class=\"mono\">").skip(1).map(|rest| rest[..19].to_owned()).collect()
}

/// The secret that the page of an authenticator's QR code spells out.
fn secret_of(page: &str) -> String {
    let address =
        page.split("otpauth://").nth(1).expect("an address").split("secret=").nth(1).expect("a secret");
    address[..32].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_releases_results_without_a_second_factor() {
    for place in TestDatabase::every_kind() {
        let running = start(&place, "vault").await;
        let liu = first(&running, NAME).await;
        let small = Small {
            name: "市赛".to_owned(),
            skill: "焊工".to_owned(),
            rule_set: "enterprise-drill".to_owned(),
            competitors: "李明远\n王秀兰".to_owned(),
            judges: "马建华".to_owned(),
            aspects: "外观，10，测量".to_owned(),
            organisation: String::new(),
        };
        let made: serde_json::Value = liu.post("/api/competitions/small", &small).await.json(201);
        let id = made["competition"]["id"].as_str().expect("an id");
        let shown: Competition = liu.get(&format!("/api/competitions/{id}")).await.json(200);
        let path = format!("/api/skills/{}/act", shown.skills[0].skill.id);
        for step in [Act::Open, Act::Close] {
            assert_eq!(liu.post(&path, &Do { act: step }).await.status, 204, "{step:?}");
        }
        let desk = format!("/desk/competition/{id}");
        let page = liu.get(&desk).await.text;
        assert!(page.contains("发布成绩前请先启用验证码") && !page.contains("release_provisional"), "{page}");
        for act in [Act::ReleaseProvisional, Act::ReleasePublicised, Act::ReleaseOfficial] {
            let mut program = liu.clone();
            program.headers.clear();
            let refused = program.post(&path, &Do { act }).await;
            assert_eq!((refused.status, refused.code().as_str()), (403, "second_factor_needed"), "{act:?}");
        }
        liu.set_factor().await;
        let page = liu.get(&desk).await.text;
        assert!(!page.contains("发布成绩前请先启用验证码") && page.contains("release_provisional"), "{page}");
        for act in [Act::ReleaseProvisional, Act::ReleaseOfficial] {
            assert_eq!(liu.post(&path, &Do { act }).await.status, 204, "{act:?}");
        }
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_set_up_at_the_page_and_asked_for_at_the_door() {
    for place in TestDatabase::every_kind() {
        let running = start(&place, "vault").await;
        let liu = first(&running, NAME).await;
        let elsewhere = signed_in(&running, NAME, PASSWORD, None).await;
        let wrong = liu.form("/desk/me/factor", &[("password", "not my password")]).await;
        assert_eq!(wrong.status, 422, "nobody binds a phone of theirs to a desk left open");
        // Nothing is asked for before the first code was given.
        assert_eq!(
            liu.form("/desk/me/factor", &[("password", PASSWORD)]).await.header("location"),
            Some("/desk/me/factor")
        );
        let page = liu.get("/desk/me/factor").await.text;
        let secret = secret_of(&page);
        assert_eq!(sign_in(&running, NAME, PASSWORD, None).await.status, 200);
        let wrong = liu.form("/desk/me/factor/confirm", &[("code", "000 00x")]).await;
        assert_eq!(wrong.status, 401);
        assert_eq!(secret_of(&wrong.text), secret, "the same code is there to be scanned");
        let code = code_in(&secret, 0);
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        let done = liu.form("/desk/me/factor/confirm", &[("code", &spaced)]).await;
        assert_eq!(done.status, 200, "{}", done.text);
        let codes = recovery_codes(&done.text);
        assert_eq!(codes.len(), 8);
        assert!(!is_in(&elsewhere).await, "who came by the password alone is out");
        assert!(is_in(&liu).await);

        // In the database neither stands in plain.
        let select = "SELECT factor FROM account WHERE factor IS NOT NULL";
        let kept: String =
            sqlx::query_scalar(select).fetch_one(running.app.database.pool()).await.expect("sealed");
        assert!(!kept.contains(&secret), "{kept}");
        let hashes: Vec<String> = sqlx::query_scalar("SELECT code FROM recovery_code")
            .fetch_all(running.app.database.pool())
            .await
            .expect("hashes");
        assert!(hashes.iter().all(|hash| hash.len() == 64 && !codes.contains(hash)));

        let alone = sign_in(&running, NAME, PASSWORD, None).await;
        assert_eq!((alone.status, alone.code().as_str()), (401, "code_needed"));
        let again = sign_in(&running, NAME, PASSWORD, Some(&code)).await;
        assert_eq!((again.status, again.code().as_str()), (401, "code_refused"), "it was used");
        let wrong_password = sign_in(&running, NAME, "another password", Some(&code_in(&secret, 1))).await;
        assert_eq!(wrong_password.code(), "sign_in_refused", "a code alone says nothing");
        let next = code_in(&secret, 1);
        let with_next = signed_in(&running, NAME, PASSWORD, Some(&next)).await;
        assert!(is_in(&with_next).await);
        assert_eq!(sign_in(&running, NAME, PASSWORD, Some(&next)).await.code(), "code_refused");

        // The page asks in two steps; the first gives nothing but the way to the second.
        let visitor = stranger(&running);
        let half = visitor.form("/desk/sign-in", &[("name", NAME), ("password", PASSWORD)]).await;
        assert_eq!((half.status, half.cookies().len()), (200, 0), "{}", half.text);
        let token =
            half.text.split("name=\"half\" value=\"").nth(1).expect("half").split('"').next().expect("it");
        for (as_cookie, as_bearer) in [(true, false), (false, true)] {
            let mut thief = Browser::new(running.address);
            if as_cookie {
                thief.headers = vec![("cookie", format!("desk-access={token}; desk={token}").leak())];
            }
            thief.bearer = as_bearer.then(|| token.to_owned());
            assert_eq!(thief.get("/api/competitions").await.status, 401);
        }
        let refused = visitor.form("/desk/sign-in/code", &[("half", token), ("code", "123")]).await;
        assert!(refused.status == 401 && refused.text.contains(token), "{}", refused.text);
        let typed = codes[0].to_lowercase().replace('-', " ");
        let entered = visitor.form("/desk/sign-in/code", &[("half", token), ("code", &typed)]).await;
        assert_eq!((entered.status, entered.header("location")), (303, Some("/desk")), "{}", entered.text);
        let twice = visitor.form("/desk/sign-in/code", &[("half", token), ("code", &codes[0])]).await;
        assert_eq!(twice.status, 401, "a recovery code is good once");
        let forged = visitor.form("/desk/sign-in/code", &[("half", "x.y.z"), ("code", &codes[1])]).await;
        assert!(forged.status == 401 && forged.text.contains("name=\"password\""), "{}", forged.text);
        let mine = liu.get("/desk/me").await.text;
        assert!(mine.contains("恢复码还有 7 个没用"), "{mine}");
        assert_eq!(acts(&running, NAME).await[..2], [AccountAct::RecoveryUsed, AccountAct::FactorSet]);
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_renewed_removed_and_not_guessed() {
    for place in TestDatabase::every_kind() {
        let running = start(&place, "vault").await;
        let liu = first(&running, NAME).await;
        let secret = liu.set_factor().await;
        assert_eq!(liu.form("/desk/me/factor", &[("password", PASSWORD)]).await.status, 409, "there is one");
        let early = liu.form("/desk/me/recovery", &[("code", "111111")]).await;
        assert_eq!(early.status, 401);
        let renewed = liu.form("/desk/me/recovery", &[("code", &code_in(&secret, 1))]).await;
        let codes = recovery_codes(&renewed.text);
        assert_eq!(codes.len(), 8);
        for attempt in 0..10 {
            let refused = sign_in(&running, NAME, PASSWORD, Some("ABCD-ABCD-ABCD-ABCD")).await;
            assert_eq!(refused.status, 401, "{attempt}");
        }
        // Nor is the count taken back by an account that is called like the counter.
        let account = account(&running, NAME).await;
        for name in [format!("code of {account}"), account] {
            with_role(&running, &name, Role::Supervisor, Scope::Everything).await;
        }
        let locked = sign_in(&running, NAME, PASSWORD, Some(&codes[0])).await;
        assert_eq!((locked.status, locked.code().as_str()), (429, "too_many_tries"));
        // Somebody else's tries lock nobody out for good: another server knows nothing of them.
        let beside = start(&place, "vault").await;
        let mut there = signed_in(&beside, NAME, PASSWORD, Some(&codes[0])).await;
        there.headers = liu.headers.clone();
        let removed = there.form("/desk/me/factor/end", &[("code", &codes[1])]).await;
        assert_eq!(removed.status, 200, "{}", removed.text);
        assert_eq!(sign_in(&running, NAME, PASSWORD, None).await.status, 200, "the password is enough again");
        assert!(!is_in(&liu).await && is_in(&there).await);
        let wrong = there.form("/desk/me/factor/end", &[("code", &codes[2])]).await;
        assert_eq!(wrong.status, 409, "nothing is there to remove");
        beside.stop().await;
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_sign_in_is_good_for_minutes_and_a_link_for_a_day() {
    for place in TestDatabase::every_kind() {
        let running = start(&place, "vault").await;
        let liu = first(&running, NAME).await;
        let secret = liu.set_factor().await;
        let later = async |seconds: i64| {
            let clock = Arc::clone(&running.app.clock);
            let vault = Vault::open(&place.folder.join("vault")).expect("the key");
            let clock = Arc::new(move || clock() + seconds * 1_000);
            Accounts::start(running.app.database.clone(), clock, Arc::new(vault)).await.expect("the accounts")
        };
        let half = async |accounts: &Accounts| match accounts.sign_in(NAME, PASSWORD, "").await {
            Ok(Entry::Half(half)) => half,
            Ok(Entry::In(_)) => panic!("the whole way"),
            Err(error) => panic!("{error:?}"),
        };
        let accounts = &running.app.accounts;
        let old = half(&later(-400).await).await;
        let late = accounts.finish(&old, &code_in(&secret, 1), "").await.err();
        assert!(matches!(late, Some(AccountError::HalfTooOld)), "{late:?}");
        assert!(accounts.finish(&half(accounts).await, &code_in(&secret, 1), "").await.is_ok());
        let account = account(&running, NAME).await;
        let link = running.app.accounts.password_link(&account, OPERATOR).await.expect("a link");
        // Half the way with a password that was changed meanwhile leads nowhere.
        let before = half(accounts).await;
        let after_a_day = later(24 * 3_600 + 1).await;
        let late = after_a_day.renew_password(&link.code, "a new password", "").await.err();
        assert!(matches!(late, Some(AccountError::LinkRefused)), "{late:?}");
        assert!(running.app.accounts.renew_password(&link.code, "a new password", "").await.is_ok());
        let changed = accounts.finish(&before, &code_in(&secret, 2), "").await.err();
        assert!(matches!(changed, Some(AccountError::HalfTooOld)), "{changed:?}");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_vault_opens_no_second_factor_but_a_recovery_code_still_lets_in() {
    for place in TestDatabase::every_kind() {
        let running = start(&place, "vault").await;
        let liu = first(&running, NAME).await;
        let begun = liu.form("/desk/me/factor", &[("password", PASSWORD)]).await;
        assert_eq!(begun.status, 303);
        let secret = secret_of(&liu.get("/desk/me/factor").await.text);
        let done = liu.form("/desk/me/factor/confirm", &[("code", &code_in(&secret, 0))]).await;
        let codes = recovery_codes(&done.text);
        running.stop().await;
        let moved = start(&place, "another").await;
        let told: Vec<&str> = moved.notices.iter().map(|notice| notice.code).collect();
        assert_eq!(told, ["vault_other_key"], "said at the start");
        let refused = sign_in(&moved, NAME, PASSWORD, Some(&code_in(&secret, 1))).await;
        assert_eq!((refused.status, refused.code().as_str()), (503, "vault_other"), "{}", refused.text);
        assert_eq!(sign_in(&moved, NAME, PASSWORD, Some(&codes[0])).await.status, 200);
        moved.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_changed_by_who_knows_it_and_others_are_signed_out() {
    for place in TestDatabase::every_kind() {
        let running = start(&place, "vault").await;
        let liu = first(&running, NAME).await;
        let elsewhere = signed_in(&running, NAME, PASSWORD, None).await;
        let change =
            async |old: &str, new: &str| liu.form("/desk/me/password", &[("old", old), ("new", new)]).await;
        for (old, new) in [("wrong password", "a new password"), (PASSWORD, "short"), (PASSWORD, NAME)] {
            let refused = change(old, new).await;
            assert_eq!(refused.status, 422, "{old} {new}: {}", refused.text);
        }
        assert!(is_in(&elsewhere).await, "nothing was changed");
        let done = change(PASSWORD, "a new password").await;
        assert!(done.status == 200 && done.text.contains("密码已改"), "{}", done.text);
        assert!(!is_in(&elsewhere).await && is_in(&liu).await);
        assert_eq!(sign_in(&running, NAME, PASSWORD, None).await.status, 401);
        assert_eq!(sign_in(&running, NAME, "a new password", None).await.status, 200);
        for _ in 0..12 {
            change("wrong password", "a newer password").await;
        }
        assert_eq!(change("a new password", "a newer password").await.status, 429, "nor is it guessed here");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_are_listed_with_what_they_are_on_and_ended_one_by_one_or_all() {
    for place in TestDatabase::every_kind() {
        let running = start(&place, "vault").await;
        let liu = first(&running, NAME).await;
        let mut phone = Browser::new(running.address);
        phone.headers = vec![
            ("accept", "text/html"),
            (
                "user-agent",
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36",
            ),
        ];
        let entered = phone.form("/desk/sign-in", &[("name", NAME), ("password", PASSWORD)]).await;
        phone.headers.push(("cookie", entered.cookies().join("; ").leak()));
        let third = signed_in(&running, NAME, PASSWORD, None).await;
        let other = with_role(&running, "王老师", Role::Organiser, Scope::Everything).await;
        let page = liu.get("/desk/me").await.text;
        assert!(page.contains("Chrome · Android") && page.contains("就是这里"), "{page}");
        let sessions =
            running.app.accounts.sessions_of(&account(&running, NAME).await).await.expect("sessions");
        assert_eq!(sessions.len(), 3);
        let of_phone = sessions.iter().find(|one| one.browser == "Chrome · Android").expect("the phone's");
        // What is another's is not ended by its id.
        assert_eq!(
            other.form("/desk/me/sessions/end", &[("id", of_phone.session.as_str())]).await.status,
            303
        );
        assert!(is_in(&phone).await);
        liu.form("/desk/me/sessions/end", &[("id", of_phone.session.as_str())]).await;
        assert!(!is_in(&phone).await && is_in(&third).await);
        liu.form("/desk/me/sessions/end", &[("id", "")]).await;
        assert!(!is_in(&third).await && is_in(&liu).await && is_in(&other).await);
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_looks_after_an_account_lets_its_holder_in_again_and_nobody_else_does() {
    for place in TestDatabase::every_kind() {
        let running = start(&place, "vault").await;
        let liu = first(&running, NAME).await;
        let organisation = OrganisationId::from("o-elsewhere");
        let insert = format!("INSERT INTO organisation VALUES ('{organisation}', NULL, 'city', '石家庄', 1)");
        sqlx::raw_sql(AssertSqlSafe(insert)).execute(running.app.database.pool()).await.expect("inserted");
        let of_city = Scope::Organisation(organisation);
        let wang = with_role(&running, "王老师", Role::Organiser, of_city.clone()).await;
        let chen = with_role(&running, "陈师傅", Role::Foreman, of_city).await;
        let zhao = with_role(&running, "赵老师", Role::Supervisor, Scope::Everything).await;
        let (of_liu, of_wang, of_chen, of_zhao) = (
            account(&running, NAME).await,
            account(&running, "王老师").await,
            account(&running, "陈师傅").await,
            account(&running, "赵老师").await,
        );
        // An organiser of a city looks after those of that city; nobody at all after themselves.
        let seen = wang.get("/desk/people").await.text;
        assert!(seen.contains(&of_chen) && !seen.contains(&format!("value=\"{of_liu}\"")), "{seen}");
        for path in ["link", "factor/end", "end"] {
            let path = format!("/desk/people/accounts/{path}");
            for (who, whose) in
                [(&wang, &of_liu), (&wang, &of_zhao), (&wang, &of_wang), (&chen, &of_wang), (&liu, &of_liu)]
            {
                let refused = who.form(&path, &[("id", whose)]).await;
                assert_eq!(refused.status, 403, "{path}: {}", refused.text);
            }
            assert_eq!(liu.form(&path, &[("id", "nobody")]).await.status, 404, "{path}");
        }
        chen.set_factor().await;
        let link = async |who: &Browser, whose: &str| {
            let page = who.form("/desk/people/accounts/link", &[("id", whose)]).await.text;
            let link = page.split("/password#").nth(1).expect("a link");
            link.split('"').next().expect("its end").to_owned()
        };
        // Who is dismissed leaves no link behind, and a link is for what an account held when it was made.
        let li = with_role(&running, "李老师", Role::Organiser, Scope::Everything).await;
        let left = link(&li, &of_zhao).await;
        let held = running.app.accounts.appointments().await.expect("appointments");
        let of_li = held.iter().find(|one| one.name == "李老师").expect("it is there");
        running.app.accounts.dismiss(&of_li.id, "test").await.expect("dismissed");
        let before = link(&wang, &of_chen).await;
        let more = Appointment { role: Role::Supervisor, scope: Scope::Everything };
        let (code, _) = running.app.accounts.invite(more, "陈师傅", "test").await.expect("an invitation");
        running.app.accounts.accept(&code, &of_chen).await.expect("accepted");
        assert_eq!(wang.form("/desk/people/accounts/link", &[("id", &of_chen)]).await.status, 403);
        for void in [left, before] {
            let fields = [("code", void.as_str()), ("password", "a new password")];
            assert_eq!(stranger(&running).form("/password", &fields).await.status, 410);
        }
        let held = running.app.accounts.appointments().await.expect("appointments");
        let of_chen_too = held.iter().find(|one| one.account == of_chen && one.held.role == Role::Supervisor);
        running.app.accounts.dismiss(&of_chen_too.expect("it is there").id, "test").await.expect("dismissed");
        let (earlier, code) = (link(&wang, &of_chen).await, link(&wang, &of_chen).await);
        let visitor = stranger(&running);
        let renew = async |code: &str, password: &str| {
            visitor.form("/password", &[("code", code), ("password", password)]).await
        };
        assert_eq!(renew(&earlier, "a new password").await.status, 410, "a newer one was made");
        let unfit = renew(&code, "short").await;
        assert!(unfit.status == 422 && unfit.text.contains("陈师傅"), "{}", unfit.text);
        let done = renew(&code, "a new password").await;
        assert_eq!(
            (done.status, done.header("location")),
            (303, Some("/desk/sign-in")),
            "the phone is asked for"
        );
        assert_eq!(renew(&code, "another password").await.status, 410, "it is good once");
        assert!(!is_in(&chen).await);
        assert_eq!(sign_in(&running, "陈师傅", "a new password", None).await.code(), "code_needed");
        // The phone is gone too.
        assert_eq!(wang.form("/desk/people/accounts/factor/end", &[("id", &of_chen)]).await.status, 303);
        let chen = signed_in(&running, "陈师傅", "a new password", None).await;
        let mine = chen.get("/desk/me").await.text;
        assert!(mine.contains("验证码已停用") && mine.contains("王老师"), "who did it is told: {mine}");
        let expected = [
            AccountAct::FactorRemoved,
            AccountAct::PasswordByLink,
            AccountAct::LinkMade,
            AccountAct::LinkMade,
        ];
        assert_eq!(acts(&running, "陈师傅").await[..4], expected);
        // Without a second factor a link leads right in.
        let code = link(&liu, &of_zhao).await;
        assert_eq!(renew(&code, "a new password").await.header("location"), Some("/desk"));
        assert!(!is_in(&zhao).await);

        assert_eq!(wang.form("/desk/people/accounts/end", &[("id", &of_chen)]).await.status, 303);
        assert!(!is_in(&chen).await);
        assert_eq!(sign_in(&running, "陈师傅", "a new password", None).await.code(), "sign_in_refused");
        let held = running.app.accounts.appointments().await.expect("appointments");
        assert!(held.iter().all(|one| one.account != of_chen));
        let taken = running.app.accounts.invite(
            Appointment { role: Role::Foreman, scope: Scope::Everything },
            "another",
            "test",
        );
        let (code, _) = taken.await.expect("an invitation");
        let refused = running.app.accounts.join(&code, "陈师傅", PASSWORD, "").await.err();
        assert!(matches!(refused, Some(AccountError::NameTaken)), "{refused:?}");
        let last = running.app.accounts.end_account(&of_liu, &of_zhao).await.err();
        assert!(matches!(last, Some(AccountError::LastAdministrator)), "{last:?}");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_after_the_server_lets_the_last_administrator_in_again() {
    for place in TestDatabase::every_kind() {
        let running = start(&place, "vault").await;
        let liu = first(&running, NAME).await;
        liu.set_factor().await;
        let url = place.url.clone();
        let call = async |more: &'static [&'static str]| {
            let url = url.clone();
            let arguments = move || ["account", "reset", NAME, "--database"].map(str::to_owned);
            let run = move || {
                let all =
                    arguments().into_iter().chain([url]).chain(more.iter().map(|one| (*one).to_owned()));
                leitai(all).run().done()
            };
            tokio::task::spawn_blocking(run).await.expect("it ran")
        };
        let said = call(&["--second-factor"]).await.output;
        let code = said.split(',').nth(3).expect("a code").to_owned();
        let visitor = stranger(&running);
        let fields = [("code", code.as_str()), ("password", "a new password")];
        let done = visitor.form("/password", &fields).await;
        assert_eq!(done.header("location"), Some("/desk"), "{said} {}", done.text);
        assert!(!is_in(&liu).await);
        let chen = signed_in(&running, NAME, "a new password", None).await;
        let mine = chen.get("/desk/me").await.text;
        assert!(mine.contains("服务器管理者"), "{mine}");
        running.stop().await;
    }
}

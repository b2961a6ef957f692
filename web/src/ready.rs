//! `/ready`: what a device must be able to do before a judge relies on it. The page says everything;
//! its script only tests, and marks each line.

use crate::desk::{Says, button};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::parts::icon;

pub(crate) fn title(reader: Reader) -> &'static str {
    Says(reader.language).say("检查这台设备", "Test this device")
}

pub(crate) fn body(reader: Reader) -> Vec<Element> {
    let says = Says(reader.language);
    let about = says.say(
        "在要用来评分的设备上、用评分时的浏览器打开本页。没有通过的，下面各用一句话说怎么办；没有全部通过也能评分，只是要一直开着页面。",
        "Open this page on the device, and in the browser, that will mark. For what does not pass, one sentence each says what to do; marking works even so, as long as the page stays open.",
    );
    let missing = says.say(
        "这个浏览器没有运行脚本，以下各项都没有测；评分页也需要脚本，请换用较新的浏览器。",
        "This browser runs no script, so nothing below is tested; the marking page needs scripts too. Use a newer browser.",
    );
    let head = el("div")
        .class("head")
        .add(el("h1").add(title(reader)))
        .add(el("p").class("about").add(about))
        .add(el("noscript").add(el("p").class("note attention").add(missing)));
    let tests: Vec<Element> = tests(says).into_iter().map(|test| view(test, says)).collect();
    let again = button("quiet", says.say("再测一次", "Test again")).set("type", "button").set("hidden", "");
    let judge =
        el("a").class("primary").set("href", "/judge").add(says.say("打开评分页", "Open the marking page"));
    vec![head, verdict(says), el("ul").class("tests").add(tests), el("p").class("acts").add(judge).add(again)]
}

/// What is tested.
struct Test {
    /// Its name in the script.
    id: &'static str,
    name: &'static str,
    /// The figure that comes out: what stands before it, and its unit.
    figure: Option<(&'static str, &'static str)>,
    /// What to do where it is missing.
    mend: Vec<Element>,
}

fn tests(says: Says) -> Vec<Test> {
    let plain = |chinese, english| vec![el("span").add(says.say(chinese, english))];
    let trust = el("a").set("href", "/trust").add(says.say("证书页", "the certificate's page"));
    let secure = vec![el("span").add(says.say("请先看", "See ")).add(trust).add(says.say(
        "，然后用 https:// 开头的地址打开本页。",
        ", then open this page by its address with https://.",
    ))];
    let test = |id, name, mend| Test { id, name, figure: None, mend };
    let figure = |test: Test, before, unit| Test { figure: Some((before, unit)), ..test };
    vec![
        test("secure", says.say("安全连接", "Secure connection"), secure),
        test(
            "worker",
            says.say("没有网络也能打开", "Opens without a network"),
            plain(
                "请先解决“安全连接”；仍不行时用系统自带的浏览器或 Chrome，不要在聊天软件或隐私窗口里打开。",
                "Mend the secure connection first; if that does not help, use the system's browser or Chrome, not a chat app or a private window.",
            ),
        ),
        test(
            "persistence",
            says.say("评分长期保留", "Marks are kept for long"),
            plain(
                "请把评分页添加到主屏幕，以后从主屏幕打开，系统才不会自行清理它的数据。",
                "Add the marking page to the home screen and open it from there, so that the system does not clear its data by itself.",
            ),
        ),
        test(
            "write",
            says.say("写入可靠", "Writes are reliable"),
            plain(
                "请关闭隐私浏览、腾出存储空间，或换用较新的浏览器。",
                "Leave private browsing, free some storage, or use a newer browser.",
            ),
        ),
        test(
            "wake",
            says.say("屏幕保持常亮", "The screen stays on"),
            plain(
                "请把系统的自动锁屏时间设为最长，并关闭省电模式。",
                "Set the system's auto-lock to its longest and leave low power mode.",
            ),
        ),
        figure(
            test(
                "clock",
                says.say("时钟准确", "The clock is right"),
                plain(
                    "请在系统设置里打开“自动设定日期和时间”，再测一次。",
                    "Turn on automatic date and time in the system's settings, and test again.",
                ),
            ),
            says.say("与服务器相差", "off by"),
            says.say("秒", "s"),
        ),
        figure(
            test(
                "trip",
                says.say("网络往返快", "The network answers quickly"),
                plain(
                    "请靠近无线接入点，或换用赛场指定的网络。",
                    "Move closer to the access point, or use the hall's own network.",
                ),
            ),
            says.say("往返", "there and back in"),
            says.say("毫秒", "ms"),
        ),
        test(
            "socket",
            says.say("实时通道畅通", "The live channel opens"),
            plain(
                "请关闭代理和 VPN，直接连接赛场网络。",
                "Turn proxies and VPNs off, and connect to the hall's network directly.",
            ),
        ),
    ]
}

/// The words of every state stand there; the style shows those of the present one.
fn view(test: Test, says: Says) -> Element {
    let figure = test.figure.map(|(before, unit)| {
        let figure = el("span").class("figure-of");
        figure.add(format!("{before} ")).add(el("output")).add(format!(" {unit}"))
    });
    let name = el("div").class("name").add(el("h2").add(test.name)).add(figure);
    el("li")
        .class("test")
        .set("data-test", test.id)
        .set("data-state", "untested")
        .add(name)
        .add(words(says))
        .add(el("p").class("mend").add(test.mend))
}

/// A sign and a word for each state.
fn words(says: Says) -> Element {
    const RING: &str = "M10 1a9 9 0 1 0 .01 0M10 3a7 7 0 1 1-.01 0";
    const DOTS: &str = "M3 8h4v4H3zM8 8h4v4H8zM13 8h4v4h-4z";
    const HOOK: &str = "M2 10.5l2-2 4 4 8-9 2 2-10 11z";
    const CROSS: &str = "M4 2l6 6 6-6 2 2-6 6 6 6-2 2-6-6-6 6-2-2 6-6-6-6z";
    let state =
        |class, shape, word| el("span").class(class).add(icon("0 0 20 20", shape)).add(el("span").add(word));
    el("p")
        .class("words")
        .add(state("is-untested", RING, says.say("未测", "Not tested")))
        .add(state("is-testing", DOTS, says.say("正在测", "Testing")))
        .add(state("is-fine", HOOK, says.say("通过", "Passed")))
        .add(state("is-missing", CROSS, says.say("未通过", "Not passed")))
}

/// All of it in one sentence, heard when it changes.
fn verdict(says: Says) -> Element {
    let word = |class, words: &'static str| el("span").class(class).add(words);
    el("p")
        .class("verdict")
        .set("role", "status")
        .set("data-state", "untested")
        .add(word("is-untested", says.say("还没有测。", "Nothing is tested yet.")))
        .add(word("is-testing", says.say("正在测，请稍候……", "Testing; one moment…")))
        .add(word("is-fine", says.say("全部通过，可以评分。", "All passed: ready to mark.")))
        .add(word(
            "is-missing",
            says.say(
                "有未通过的：请按下面各句处理，再测一次。",
                "Not all passed: do as it says below, and test again.",
            ),
        ))
}

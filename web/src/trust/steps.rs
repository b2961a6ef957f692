//! What to do on each kind of device, step by step, each with its picture.

use super::picture::{Row, other, picture, switch, tap};
use crate::desk::{Says, section};
use crate::node::{Element, el};

/// What a file of ours is called on a device.
const FILE: &str = "leitai-authority.crt";

pub(super) fn devices(says: Says) -> Element {
    let words = says.say(
        "各版本系统的菜单名称略有不同；找不到时，在“设置”的搜索框里输入“证书”。",
        "Names of menus differ a little between versions; where one is missing, search the settings for \"certificate\".",
    );
    let link = |(id, name): &(&'static str, &'static str)| el("a").set("href", format!("#{id}")).add(*name);
    let names = names(says);
    let links = el("nav")
        .class("device-links")
        .set("aria-label", says.say("设备", "Devices"))
        .add(names.iter().map(link).collect::<Vec<_>>());
    let ways = [ipad(says), android(says), harmony(says)];
    let sections = names
        .into_iter()
        .zip(ways)
        .map(|((id, name), steps)| section(id, name).add(el("ol").class("device-steps").add(steps)));
    el("div").add(links).add(sections.collect::<Vec<_>>()).add(el("p").class("about aside").add(words))
}

const fn names(says: Says) -> [(&'static str, &'static str); 3] {
    [
        ("ipad", says.say("iPad（iPadOS）", "iPad (iPadOS)")),
        ("android", says.say("安卓（用 Chrome）", "Android (with Chrome)")),
        ("harmony", says.say("鸿蒙（HarmonyOS）", "HarmonyOS")),
    ]
}

fn ipad(says: Says) -> Vec<Element> {
    let profile = says.say("已下载描述文件", "Profile Downloaded");
    let trust = says.say("证书信任设置", "Certificate Trust Settings");
    vec![
        step(
            says.say(
                "用 Safari 打开本页，点“下载证书”，再点“允许”。",
                "Open this page in Safari, tap Get the certificate, then Allow.",
            ),
            says.say("正尝试下载描述文件", "Download a profile?"),
            &[tap(says.say("允许", "Allow")), other(says.say("忽略", "Ignore"))],
        ),
        step(
            says.say(
                "打开“设置”，点上方的“已下载描述文件”，再点“安装”，输入锁屏密码。",
                "Open Settings, tap Profile Downloaded near the top, then Install, and give the passcode.",
            ),
            says.say("设置", "Settings"),
            &[tap(profile), other(says.say("无线局域网", "Wi-Fi")), other(says.say("蓝牙", "Bluetooth"))],
        ),
        step(
            says.say(
                "在“设置 › 通用 › 关于本机”的最下方，点“证书信任设置”。",
                "In Settings › General › About, at the very bottom, tap Certificate Trust Settings.",
            ),
            says.say("关于本机", "About"),
            &[other(says.say("名称", "Name")), other(says.say("型号", "Model Name")), tap(trust)],
        ),
        step(
            says.say(
                "打开“Leitai authority”旁的开关，再点“继续”。没有这一步，Safari 仍不信任它。",
                "Turn on the switch beside Leitai authority, then tap Continue. Without this, Safari still does not trust it.",
            ),
            trust,
            &[switch("Leitai authority")],
        ),
    ]
}

fn android(says: Says) -> Vec<Element> {
    let certificate = says.say("CA 证书", "CA certificate");
    vec![
        step(
            says.say(
                "用 Chrome 打开本页，点“下载证书”，文件会存到“下载”里。",
                "Open this page in Chrome and tap Get the certificate; the file goes to Downloads.",
            ),
            says.say("下载内容", "Downloads"),
            &[tap(FILE)],
        ),
        step(
            says.say(
                "打开“设置 › 安全和隐私 › 更多安全设置 › 加密与凭据 › 安装证书”，点“CA 证书”。",
                "Open Settings › Security & privacy › More security settings › Encryption & credentials › Install a certificate, and tap CA certificate.",
            ),
            says.say("安装证书", "Install a certificate"),
            &[
                tap(certificate),
                other(says.say("VPN 和应用用户证书", "VPN & app user certificate")),
                other(says.say("WLAN 证书", "Wi-Fi certificate")),
            ],
        ),
        step(
            says.say(
                "看到警告后点“仍然安装”，输入锁屏密码，再选 leitai-authority.crt。没有设锁屏密码的，系统会要求先设一个。",
                "At the warning tap Install anyway, give the screen lock, and choose leitai-authority.crt. A device without a screen lock asks for one first.",
            ),
            certificate,
            &[other(says.say("不安装", "Don't install")), tap(says.say("仍然安装", "Install anyway"))],
        ),
    ]
}

fn harmony(says: Says) -> Vec<Element> {
    let storage = says.say("从存储设备安装", "Install from storage");
    vec![
        step(
            says.say(
                "用自带的浏览器打开本页，点“下载证书”，文件会存到“下载”里。",
                "Open this page in the system's browser and tap Get the certificate; the file goes to Downloads.",
            ),
            says.say("下载", "Downloads"),
            &[tap(FILE)],
        ),
        step(
            says.say(
                "打开“设置 › 隐私和安全 › 高级 › 证书与凭据”；HarmonyOS 4 及更早在“安全 › 更多安全设置 › 加密和凭据”。点“从存储设备安装”。",
                "Open Settings › Privacy & security › Advanced › Certificates & credentials; on HarmonyOS 4 and before, Security › More settings › Encryption & credentials. Tap Install from storage.",
            ),
            says.say("证书与凭据", "Certificates & credentials"),
            &[
                other(says.say("受信任的凭据", "Trusted credentials")),
                other(says.say("用户凭据", "User credentials")),
                tap(storage),
            ],
        ),
        step(
            says.say(
                "点“CA 证书”，选 leitai-authority.crt，按提示确认并输入锁屏密码。",
                "Tap CA certificate, choose leitai-authority.crt, confirm, and give the screen lock.",
            ),
            storage,
            &[tap(says.say("CA 证书", "CA certificate")), other(says.say("WLAN 证书", "Wi-Fi certificate"))],
        ),
    ]
}

fn step(words: &'static str, title: &'static str, rows: &[Row]) -> Element {
    el("li").add(picture(title, rows)).add(el("p").add(words))
}

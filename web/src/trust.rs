//! `/trust`: how a device comes to trust a server that has an authority of its own.

mod picture;
mod steps;

use crate::desk::{Says, section};
use crate::format::Reader;
use crate::node::{Element, el};
use crate::qr::qr;
use steps::devices;

/// What the page shows, by what devices trust this server.
#[derive(Clone, Copy, Debug)]
pub enum TrustPage<'a> {
    /// It speaks plain HTTP.
    Plain,
    /// An authority that devices know.
    Known,
    /// An authority of its own.
    Own {
        /// This page's address in plain HTTP, for a device that does not trust the server yet.
        address: &'a str,
        /// Where the server is reached once it is trusted: `https://192.168.1.10:8443`.
        origin: &'a str,
        /// SHA-256 of the authority's certificate: `AB:CD:…`.
        fingerprint: &'a str,
    },
}

/// Where the authority's certificate is, as devices take it.
pub(crate) const CERTIFICATE: &str = "/trust/leitai-authority.crt";
/// The same as text.
const CERTIFICATE_AS_TEXT: &str = "/trust/leitai-authority.pem";

impl TrustPage<'_> {
    pub(crate) fn title(reader: Reader) -> &'static str {
        Says(reader.language).say("让设备信任这台服务器", "Let devices trust this server")
    }

    pub(crate) fn body(&self, reader: Reader) -> Vec<Element> {
        let says = Says(reader.language);
        let head = el("div").class("head").add(el("h1").add(Self::title(reader)));
        let (about, next) = match *self {
            Self::Own { address, origin, fingerprint } => {
                let mut page = vec![head.add(el("p").class("about").add(why(says)))];
                page.push(certificate(address, fingerprint, says));
                page.push(devices(says));
                page.push(after(origin, says));
                return page;
            }
            Self::Known => (
                says.say(
                    "这台服务器的证书来自设备已经信任的机构，不需要安装任何东西。",
                    "This server's certificate comes from an authority that devices know; there is nothing to install.",
                ),
                says.say("检查这台设备", "Test this device"),
            ),
            Self::Plain => (
                says.say(
                    "这台服务器没有使用 HTTPS，没有可安装的证书；组委会可用 leitai serve --tls-own 启动它，届时本页给出证书。",
                    "This server speaks no HTTPS, so there is no certificate to install; organisers start it with leitai serve --tls-own, and this page gives one.",
                ),
                says.say("看看这台设备还缺什么", "See what this device lacks"),
            ),
        };
        let ready = el("a").class("primary").set("href", "/ready").add(next);
        vec![head.add(el("p").class("about").add(about)), el("p").class("acts").add(ready)]
    }
}

const fn why(says: Says) -> &'static str {
    says.say(
        "它用自建的机构签发 HTTPS 证书。每台设备安装一次这个机构的证书，评分页才能离线打开、保持屏幕常亮、长期保存评分。这个机构只能为内网地址和这台服务器签发证书。",
        "It has HTTPS certificates from an authority of its own. Each device is given that authority's certificate once; then the marking page opens without a network, keeps the screen on and keeps marks for long. The authority can vouch for inner networks and this server only.",
    )
}

fn certificate(address: &str, fingerprint: &str, says: Says) -> Element {
    let scan = says.say("用设备的相机扫码打开本页", "Scan this with the device to open the page there");
    let get =
        el("a").class("primary").set("href", CERTIFICATE).add(says.say("下载证书", "Get the certificate"));
    let text = el("a").class("quiet").set("href", CERTIFICATE_AS_TEXT).add(says.say("PEM 格式", "As PEM"));
    let compare = says.say(
        "证书的指纹（SHA-256）。安装前与服务器终端或打印的登录卡上的核对，一致才装：",
        "The certificate's fingerprint (SHA-256). Install it only if the server's terminal, or the printed cards, show the same:",
    );
    let words = el("div")
        .add(el("p").add(scan))
        .add(el("p").class("mono address").add(address.to_owned()))
        .add(el("p").class("acts").add(get).add(text))
        .add(el("p").add(compare))
        .add(fingerprint_view(fingerprint));
    el("div")
        .class("certificate")
        .add(qr(address, says.say("本页的二维码", "QR code of this page")))
        .add(words)
}

/// Four bytes a group, so that two people can read it to each other.
pub(crate) fn fingerprint_view(fingerprint: &str) -> Element {
    let bytes: Vec<&str> = fingerprint.split(':').collect();
    let groups: Vec<Element> = bytes.chunks(4).map(|four| el("span").add(four.join(":"))).collect();
    el("p").class("mono fingerprint").set("translate", "no").add(groups)
}

fn after(origin: &str, says: Says) -> Element {
    let ready = format!("{origin}/ready");
    let test = el("a").class("primary").set("href", ready).add(says.say("检查这台设备", "Test this device"));
    let about = says.say(
        "装好后打开 HTTPS 的检查页：没有警告、各项通过，就可以评分了。赛后可以在同一处把证书删除。",
        "Then open the test page by HTTPS: no warning and everything passed means ready to mark. After the competition, remove the certificate at the same place.",
    );
    section("after", says.say("装好以后", "When it is installed"))
        .add(el("p").class("about").add(about))
        .add(el("p").class("acts").add(test))
}

//! Labels of a skill's competitors, for workpieces and workstations: the code in huge type, and a QR code
//! that opens the competitor's sheet in the judge's app. Never a name.

use protocol::desk::Labels;

use crate::desk::{Says, quiet_link};
use crate::format::{Reader, segment};
use crate::node::{Element, el};
use crate::parts::{empty, name};
use crate::qr::qr;

/// What the page shows.
#[derive(Clone, Copy, Debug)]
pub struct LabelsPage<'a> {
    /// The labels.
    pub labels: &'a Labels,
    /// Where to go back to.
    pub back: &'a str,
}

/// The document's title.
pub(crate) fn title(reader: Reader) -> &'static str {
    Says(reader.language).say("选手标签", "Competitors' labels")
}

impl LabelsPage<'_> {
    /// The page's body.
    pub(crate) fn body(&self, reader: Reader) -> Vec<Element> {
        let says = Says(reader.language);
        let Labels { skill, codes, .. } = self.labels;
        let of = format!("{} {}", skill.number, reader.pick(&skill.name));
        let about = says.say(
            "贴在工件或工位上；裁判用平板的相机扫描，就打开这位选手的评分表。标签上没有姓名。用浏览器打印：A4 纸，每页六张，沿虚线剪开。",
            "For workpieces and workstations: a judge who scans one with the tablet's camera gets that competitor's sheet. No names are on them. Print from the browser: A4, six on a sheet, cut along the dashes.",
        );
        let head = el("div")
            .class("labels-head")
            .add(el("h1").add(title(reader)))
            .add(name("p", of.trim(), reader).class("of"))
            .add(el("p").class("about").add(about))
            .add(el("p").class("acts").add(quiet_link(says.say("返回", "Back"), self.back.to_owned())));
        let body = if codes.is_empty() {
            empty(
                says.say("没有选手", "There are no competitors"),
                says.say(
                    "赛项有了选手名单，这里就有标签。",
                    "Once the skill has its competitors, their labels are here.",
                ),
            )
        } else {
            el("ul")
                .class("labels")
                .add(codes.iter().map(|code| self.label(code.as_str(), reader)).collect::<Vec<_>>())
        };
        vec![head, body]
    }

    fn label(&self, code: &str, reader: Reader) -> Element {
        let says = Says(reader.language);
        let Labels { skill, origin, .. } = self.labels;
        let address = format!("{origin}/judge#open={}", segment(code));
        let code_drawn = qr(&address, says.say("打开评分表的二维码", "QR code that opens the sheet"));
        let size = match code.chars().count() {
            ..=4 => "code mono",
            5..=8 => "code mono is-long",
            _ => "code mono is-longest",
        };
        el("li")
            .class("label")
            .add(el("a").set("href", address.clone()).add(code_drawn))
            .add(el("p").class(size).add(code.to_owned()))
            .add(el("p").class("skill").add(says.say("赛项", "Skill")).add(" ").add(skill.number.clone()))
    }
}

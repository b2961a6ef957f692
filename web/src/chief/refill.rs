//! A form that was refused comes back as it was sent, where it stood: nothing is typed twice.

use std::borrow::Cow;

use crate::node::{Element, Node};

/// A form as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentForm {
    /// Where it goes to, without a query.
    pub path: String,
    /// What it held, by its fields' names.
    pub fields: Vec<(String, String)>,
}

/// Fields that each showing of a form makes anew.
const OWN: [&str; 3] = ["act", "salt", "stands"];
/// What is never shown again.
const SECRET: &str = "pin";

impl SentForm {
    fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Puts what was sent back into its form, with what is wrong at its head, and opens what it stands in;
    /// whether there is such a form.
    pub(super) fn put_back(&self, nodes: &mut [Node], wrong: &Element) -> bool {
        nodes.iter_mut().any(|node| {
            let Node::Element(element) = node else { return false };
            let is_it = element.tag == "form" && self.is_of(element);
            if is_it {
                let mut has_focus = false;
                self.fill(element.children_mut(), &mut has_focus);
                element.children_mut().insert(0, Node::Element(wrong.clone()));
            }
            let is_inside = is_it || self.put_back(element.children_mut(), wrong);
            if is_inside && element.tag == "details" {
                element.put("open", "");
            }
            is_inside
        })
    }

    /// Whether a form is the one that was sent: it goes to the same place and is about the same.
    fn is_of(&self, form: &Element) -> bool {
        let path = form.attribute("action").and_then(|to| to.split('?').next());
        path == Some(&self.path) && self.is_about(&form.children)
    }

    fn is_about(&self, nodes: &[Node]) -> bool {
        nodes.iter().all(|node| {
            let Node::Element(element) = node else { return true };
            let name = element.attribute("name").unwrap_or_default();
            let is_given = element.attribute("type") == Some("hidden") && !OWN.contains(&name);
            let is_same =
                !is_given || self.field(name).is_none_or(|sent| Some(sent) == element.attribute("value"));
            is_same && self.is_about(&element.children)
        })
    }

    fn fill(&self, nodes: &mut [Node], has_focus: &mut bool) {
        for node in nodes {
            let Node::Element(element) = node else { continue };
            let name = element.attribute("name").unwrap_or_default().to_owned();
            let is_typed = element.attribute("type").is_none_or(|kind| kind == "text");
            let sent = self.field(&name).filter(|_| name != SECRET).map(str::to_owned);
            let is_first =
                !name.is_empty() && !*has_focus && matches!(element.tag, "input" | "select" | "textarea");
            if is_first && is_typed {
                *has_focus = true;
                // A browser goes there by itself, however far down the page that is.
                element.put("autofocus", "");
            }
            match (element.tag, sent) {
                ("input", Some(sent)) if is_typed => element.put("value", sent),
                ("textarea", Some(sent)) => {
                    element.children_mut().clear();
                    element.children_mut().push(Node::Text(Cow::Owned(sent)));
                }
                ("select", Some(sent)) => choose(element, &sent),
                _ => self.fill(element.children_mut(), has_focus),
            }
        }
    }
}

/// Chooses an option, where the list still has it.
fn choose(select: &mut Element, value: &str) {
    let is_it =
        |node: &Node| matches!(node, Node::Element(option) if option.attribute("value") == Some(value));
    if !select.children.iter().any(is_it) {
        return;
    }
    for node in select.children_mut() {
        let is_chosen = is_it(node);
        let Node::Element(option) = node else { continue };
        option.drop_attribute("selected");
        if is_chosen {
            option.put("selected", "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::{field, hidden_input, option};
    use crate::node::{el, write_html};

    fn page() -> Vec<Node> {
        let of = |code: &'static str| {
            let what = el("select")
                .set("name", "what")
                .add(option("absent", true, "absent"))
                .add(option("late", false, "late"));
            let fields = el("form")
                .set("action", "/chief/competitor?find=K")
                .add(hidden_input("act", "1"))
                .add(hidden_input("competitor", code))
                .add(field("What", what))
                .add(field("PIN", el("input").set("name", "pin")))
                .add(field("Why", el("textarea").set("name", "reason")));
            Node::Element(el("tr").add(el("details").add(el("summary").add("Decide")).add(fields)))
        };
        vec![of("K01"), of("K02")]
    }

    #[test]
    fn the_form_that_was_sent_is_filled_and_opened_and_no_other() {
        let sent = |path: &str| SentForm {
            path: path.to_owned(),
            fields: [
                ("act", "7"),
                ("competitor", "K02"),
                ("what", "late"),
                ("pin", "123456"),
                ("reason", "a <b>"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        };
        let (before, mut after) = (page(), page());
        assert!(sent("/chief/competitor").put_back(&mut after, &el("p").add("wrong")));
        assert_eq!(after[0], before[0]);
        let mut html = String::new();
        write_html(&after[1..], &mut html);
        assert!(html.contains("<details open=\"\">") && html.contains("<p>wrong</p>"), "{html}");
        assert!(
            html.contains("value=\"late\" selected=\"\"") && !html.contains("absent\" selected"),
            "{html}"
        );
        assert!(html.contains(">a &lt;b&gt;</textarea>") && !html.contains("123456"), "{html}");
        assert!(html.contains("name=\"what\" autofocus=\"\""), "{html}");
        let mut after = page();
        assert!(!sent("/chief/lock").put_back(&mut after, &el("p")));
        assert_eq!(after, before, "what has no form any more leaves the page as it is");
    }
}

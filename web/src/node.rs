//! Pages as trees: built once, written as HTML by the server, compared and patched by the browser.
//!
//! One plain type for every page keeps the browser's part small (docs/adr/0005). Text is escaped
//! where it is written, and there is no way to add markup as text.

use std::borrow::Cow;
use std::ops::Deref;

/// A piece of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Element(Element),
    Text(Cow<'static, str>),
}

/// An element with what is in it; boxed, since what builds pages passes it on and on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element(Box<Inner>);

/// What an element is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inner {
    pub(crate) tag: &'static str,
    /// Names it among its siblings, so that it stays the same element when it moves.
    pub(crate) key: Option<String>,
    pub(crate) attributes: Vec<(&'static str, Cow<'static, str>)>,
    pub(crate) children: Vec<Node>,
}

/// An empty element.
pub(crate) fn el(tag: &'static str) -> Element {
    Element(Box::new(Inner { tag, key: None, attributes: Vec::new(), children: Vec::new() }))
}

impl Deref for Element {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Element {
    /// With an attribute.
    pub(crate) fn set(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.0.attributes.push((name, value.into()));
        self
    }

    /// With an attribute, where there is a value for it.
    pub(crate) fn set_some(self, name: &'static str, value: Option<impl Into<Cow<'static, str>>>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// With a class.
    pub(crate) fn class(self, class: impl Into<Cow<'static, str>>) -> Self {
        self.set("class", class)
    }

    /// With a key, which the page's `data-key` shows too.
    pub(crate) fn key(mut self, key: String) -> Self {
        self.0.key = Some(key.clone());
        self.set("data-key", key)
    }

    /// With these in it, and nothing else.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn fill(mut self, children: Vec<Node>) -> Self {
        self.0.children = children;
        self
    }

    /// An attribute's value.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_ref())
    }

    /// Gives an attribute a value, in place of the one it has.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn put(&mut self, name: &'static str, value: impl Into<Cow<'static, str>>) {
        self.drop_attribute(name);
        self.0.attributes.push((name, value.into()));
    }

    /// Takes an attribute away.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn drop_attribute(&mut self, name: &str) {
        self.0.attributes.retain(|(known, _)| *known != name);
    }

    /// What is in it.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn children_mut(&mut self) -> &mut Vec<Node> {
        &mut self.0.children
    }

    /// With this in it, after what is there.
    pub(crate) fn add(mut self, content: impl Content) -> Self {
        content.add_to(&mut self.0.children);
        self
    }
}

/// What can stand in an element.
pub(crate) trait Content {
    /// Adds itself after what is there.
    fn add_to(self, nodes: &mut Vec<Node>);
}

impl Content for Element {
    fn add_to(self, nodes: &mut Vec<Node>) {
        nodes.push(Node::Element(self));
    }
}

impl Content for Cow<'static, str> {
    fn add_to(self, nodes: &mut Vec<Node>) {
        if self.is_empty() {
            return;
        }
        // In HTML, texts side by side are one text.
        match nodes.last_mut() {
            Some(Node::Text(text)) => text.to_mut().push_str(&self),
            _ => nodes.push(Node::Text(self)),
        }
    }
}

impl Content for &'static str {
    fn add_to(self, nodes: &mut Vec<Node>) {
        Cow::Borrowed(self).add_to(nodes);
    }
}

impl Content for String {
    fn add_to(self, nodes: &mut Vec<Node>) {
        Cow::<'static, str>::Owned(self).add_to(nodes);
    }
}

impl<C: Content> Content for Option<C> {
    fn add_to(self, nodes: &mut Vec<Node>) {
        if let Some(content) = self {
            content.add_to(nodes);
        }
    }
}

impl<C: Content> Content for Vec<C> {
    fn add_to(self, nodes: &mut Vec<Node>) {
        for content in self {
            content.add_to(nodes);
        }
    }
}

/// The pieces as HTML.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn write_html(nodes: &[Node], html: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => escape(text, html),
            Node::Element(element) => {
                html.push('<');
                html.push_str(element.tag);
                for (name, value) in &element.attributes {
                    html.push(' ');
                    html.push_str(name);
                    html.push_str("=\"");
                    escape(value, html);
                    html.push('"');
                }
                html.push('>');
                // The elements of ours that hold nothing and have no end.
                if matches!(element.tag, "input" | "img") {
                    continue;
                }
                write_html(&element.children, html);
                html.push_str("</");
                html.push_str(element.tag);
                html.push('>');
            }
        }
    }
}

/// Writes text so that it is text, in an element and in a quoted attribute.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(element: Element) -> String {
        let mut html = String::new();
        write_html(&[Node::Element(element)], &mut html);
        html
    }

    #[test]
    fn text_cannot_become_markup() {
        let name = "<script>\"&'".to_owned();
        let page = el("p").set("title", name.clone()).add(name);
        assert_eq!(html(page), "<p title=\"&lt;script&gt;&quot;&amp;'\">&lt;script&gt;&quot;&amp;'</p>");
    }

    #[test]
    fn texts_side_by_side_are_one_text_as_a_browser_reads_them() {
        let page = el("p").add("a").add("").add(Some("b")).add(el("i")).add(None::<Element>).add("c");
        assert_eq!(page.children.len(), 3);
        assert_eq!(html(page), "<p>ab<i></i>c</p>");
    }
}

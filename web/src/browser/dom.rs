//! From trees to elements: what changed between two trees is changed in the page, and nothing else.

use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Document, Event, EventTarget, Window};

use crate::node::{Element, Node};

const SVG: &str = "http://www.w3.org/2000/svg";

/// The browser's window.
pub(super) fn window() -> Option<Window> {
    web_sys::window()
}

/// The page's document.
pub(super) fn document() -> Option<Document> {
    window()?.document()
}

/// Listens for as long as the page is open.
pub(super) fn listen(target: &EventTarget, event: &str, listener: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(listener);
    let _ = target.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
    listener.forget();
}

/// Whether the element holds what the tree says: as many elements, and the same text. To look at
/// each element would take a slow phone half a second.
pub(super) fn matches(parent: &web_sys::Element, nodes: &[Node]) -> bool {
    let mut text = String::new();
    let count = survey(nodes, &mut text);
    let shown = parent.query_selector_all("*").map_or(0, |elements| elements.length());
    shown == count && parent.text_content().is_some_and(|shown| shown == text)
}

/// How many elements there are; their text is added to `text`.
fn survey(nodes: &[Node], text: &mut String) -> u32 {
    let mut count = 0;
    for node in nodes {
        match node {
            Node::Text(part) => text.push_str(part),
            Node::Element(element) => count += 1 + survey(&element.children, text),
        }
    }
    count
}

/// Puts what the tree says in the place of whatever the element holds.
pub(super) fn fill(parent: &web_sys::Node, nodes: &[Node]) {
    parent.set_text_content(None);
    append(parent, nodes);
}

fn append(parent: &web_sys::Node, nodes: &[Node]) {
    for made in nodes.iter().filter_map(make) {
        let _ = parent.append_child(&made);
    }
}

/// Makes the elements that a tree describes.
fn make(node: &Node) -> Option<web_sys::Node> {
    let document = document()?;
    let element = match node {
        Node::Text(text) => return Some(document.create_text_node(text).into()),
        Node::Element(element) => element,
    };
    let made = match element.tag {
        "svg" | "path" | "rect" => document.create_element_ns(Some(SVG), element.tag),
        tag => document.create_element(tag),
    };
    let made = made.ok()?;
    for (name, value) in &element.attributes {
        let _ = made.set_attribute(name, value);
    }
    append(&made, &element.children);
    Some(made.into())
}

/// Turns what shows the old tree into what shows the new one.
pub(super) fn patch(parent: &web_sys::Node, old: &[Node], new: &[Node]) {
    if old == new {
        return;
    }
    if old.iter().chain(new).any(|node| key(node).is_some()) {
        patch_keyed(parent, old, new);
        return;
    }
    let mut child = parent.first_child();
    for pair in 0..old.len().max(new.len()) {
        let next = child.as_ref().and_then(web_sys::Node::next_sibling);
        match (child, old.get(pair), new.get(pair)) {
            (Some(shown), Some(old), Some(new)) => patch_node(parent, &shown, old, new),
            (Some(shown), _, None) => {
                let _ = parent.remove_child(&shown);
            }
            (_, _, Some(new)) => append(parent, std::slice::from_ref(new)),
            (None, _, None) => {}
        }
        child = next;
    }
}

fn patch_node(parent: &web_sys::Node, shown: &web_sys::Node, old: &Node, new: &Node) {
    match (old, new) {
        (Node::Text(old), Node::Text(new)) => {
            if old != new {
                shown.set_node_value(Some(new));
            }
        }
        (Node::Element(old), Node::Element(new)) if old.tag == new.tag => {
            if let Some(shown) = shown.dyn_ref::<web_sys::Element>() {
                patch_attributes(shown, old, new);
                patch(shown, &old.children, &new.children);
            }
        }
        _ => {
            if let Some(made) = make(new) {
                let _ = parent.replace_child(&made, shown);
            }
        }
    }
}

fn patch_attributes(shown: &web_sys::Element, old: &Element, new: &Element) {
    if old.attributes == new.attributes {
        return;
    }
    for (name, value) in &new.attributes {
        if !old.attributes.iter().any(|known| known == &(*name, value.clone())) {
            let _ = shown.set_attribute(name, value);
        }
    }
    for (name, _) in &old.attributes {
        if !new.attributes.iter().any(|(kept, _)| kept == name) {
            let _ = shown.remove_attribute(name);
        }
    }
}

/// The same for lists whose elements have keys: each element goes where its key goes, and as few as
/// possible are moved, since one that is moved loses the focus.
fn patch_keyed(parent: &web_sys::Node, old: &[Node], new: &[Node]) {
    let mut known = Vec::with_capacity(old.len());
    let mut child = parent.first_child();
    for (place, node) in old.iter().enumerate() {
        let Some(shown) = child else { break };
        child = shown.next_sibling();
        known.push(Some((place, node, shown)));
    }
    // Most of them are where they were, or close by.
    let mut wanted = Vec::with_capacity(new.len());
    for (place, node) in new.iter().enumerate() {
        let is_it = |known: &Option<(usize, &Node, web_sys::Node)>| {
            known.as_ref().is_some_and(|(_, old, _)| key(node).is_some() && key(old) == key(node))
        };
        let at = match known.get(place) {
            Some(near) if is_it(near) => Some(place),
            _ => known.iter().position(is_it),
        };
        wanted.push(at.and_then(|at| known.get_mut(at)?.take()));
    }
    for (_, _, gone) in known.into_iter().flatten() {
        let _ = parent.remove_child(&gone);
    }
    let places: Vec<Option<usize>> =
        wanted.iter().map(|known| known.as_ref().map(|(place, ..)| *place)).collect();
    let stays = longest_rise(&places);
    // From the end, so that each knows the one before which it stands.
    let mut after: Option<web_sys::Node> = None;
    for ((node, known), stays) in new.iter().zip(wanted).zip(stays).rev() {
        let shown = match known {
            Some((_, old, shown)) => {
                patch_node(parent, &shown, old, node);
                Some(shown)
            }
            None => make(node),
        };
        let Some(shown) = shown else { continue };
        if !stays {
            let _ = parent.insert_before(&shown, after.as_ref());
        }
        after = Some(shown);
    }
}

/// Which places stand in a longest rising sequence: those elements are in order already.
fn longest_rise(places: &[Option<usize>]) -> Vec<bool> {
    // `ends[n]` is where the lowest end of all rises of n + 1 stands; `before` links each backwards.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; places.len()];
    for (at, place) in places.iter().enumerate() {
        let Some(place) = place else { continue };
        let length =
            ends.partition_point(|end| places.get(*end).copied().flatten().is_some_and(|end| end < *place));
        if let Some(slot) = before.get_mut(at) {
            *slot = length.checked_sub(1).and_then(|length| ends.get(length).copied());
        }
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut stays = vec![false; places.len()];
    let mut at = ends.last().copied();
    while let Some(place) = at {
        if let Some(slot) = stays.get_mut(place) {
            *slot = true;
        }
        at = before.get(place).copied().flatten();
    }
    stays
}

fn key(node: &Node) -> Option<&str> {
    match node {
        Node::Element(element) => element.key.as_deref(),
        Node::Text(_) => None,
    }
}

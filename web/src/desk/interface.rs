//! The description of the interface, for people: every route with who may call it, what it takes and
//! what it gives, made of the OpenAPI document and of nothing else.

use domain::finding::Language;
use serde_json::{Map, Value};

use super::Says;
use crate::format::Reader;
use crate::node::{Content as _, Element, Node, el};

/// Where bodies are kept in the document.
const SCHEMAS: &str = "#/components/schemas/";

pub(super) fn interface_page(description: &Value, reader: Reader) -> Vec<Node> {
    let says = Says(reader.language);
    let paths = description["paths"].as_object();
    let groups = [
        ("/api/", "api", says.say("接口", "Interface")),
        ("", "pages", says.say("页面和文件", "Pages and files")),
    ];
    let mut page = Vec::new();
    head(description, reader).add_to(&mut page);
    let mut before: Vec<&str> = Vec::new();
    for (prefix, id, title) in groups {
        let of_group = paths.iter().flat_map(|paths| paths.iter()).filter(|(path, _)| {
            path.starts_with(prefix) && !before.iter().any(|earlier| path.starts_with(earlier))
        });
        let mut routes = Vec::new();
        for (path, methods) in of_group {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                routes.push(route(method, path, operation, reader));
            }
        }
        el("section")
            .set("aria-labelledby", id)
            .add(el("h2").set("id", id).add(title))
            .add(routes)
            .add_to(&mut page);
        before.push(prefix);
    }
    let schemas = description["components"]["schemas"].as_object();
    let bodies: Vec<Element> =
        schemas.into_iter().flatten().map(|(name, schema)| body(name, schema, reader)).collect();
    el("section")
        .set("aria-labelledby", "bodies")
        .add(el("h2").set("id", "bodies").add(says.say("数据结构", "Bodies")))
        .add(bodies)
        .add_to(&mut page);
    page
}

fn head(description: &Value, reader: Reader) -> Element {
    let says = Says(reader.language);
    let version = description["info"]["version"].as_str().unwrap_or_default();
    let about = says.say(
        "这一页列出服务器的每个地址：谁可以调用、收什么、给什么。用浏览器的“在页面中查找”来搜索。说明文字取自程序，为英文。",
        "Every address of the server: who may call it, what it takes and what it gives. Search it with your browser's own find.",
    );
    let file = el("a").set("href", "/openapi.json").set("download", "openapi.json").add("openapi.json");
    let guards = ["public", "account", "staff", "judge", "operator"].map(|guard| {
        el("div").add(el("dt").add(guard_word(guard, reader))).add(el("dd").add(guard_about(guard, reader)))
    });
    el("div")
        .class("head")
        .add(el("h1").add(says.say("接口说明", "The interface")))
        .add(el("p").class("about").add(about))
        .add(el("p").class("about").add(format!("OpenAPI 3.1 · Leitai {version} · ")).add(file))
        .add(el("dl").class("guards").add(guards.to_vec()))
}

/// One method of one address.
fn route(method: &str, path: &str, operation: &Value, reader: Reader) -> Element {
    let says = Says(reader.language);
    let guard = operation["tags"][0].as_str().unwrap_or_default();
    let summary = operation["summary"].as_str().unwrap_or_default();
    let heading = el("h3")
        .add(el("span").class("method").add(method.to_uppercase()))
        .add(" ")
        .add(el("code").add(path.to_owned()));
    let takes = &operation["requestBody"]["content"]["application/json"]["schema"];
    let gives = &operation["responses"]["2XX"]["content"]["application/json"]["schema"];
    let line = |what: &'static str, schema: &Value| {
        (!schema.is_null())
            .then(|| el("p").class("body").add(el("span").add(what)).add(type_of(schema, reader)))
    };
    el("article")
        .class("route")
        .add(el("header").add(heading).add(guard_word(guard, reader)))
        .add(el("p").set("lang", "en").add(summary.to_owned()))
        .add(line(says.say("收：", "Takes "), takes))
        .add(line(says.say("给：", "Gives "), gives))
}

/// One body by its name.
fn body(name: &str, schema: &Value, reader: Reader) -> Element {
    let mut said = Vec::new();
    el("h3").add(el("code").add(name.to_owned())).add_to(&mut said);
    about(schema).add_to(&mut said);
    said.extend(shape(schema, reader));
    el("article").class("schema").set("id", format!("body-{name}")).fill(said)
}

/// What a schema says of itself.
fn about(schema: &Value) -> Option<Element> {
    let text = schema["description"].as_str()?;
    Some(el("p").set("lang", "en").add(text.replace('\n', " ")))
}

/// What a body consists of: fields, alternatives, or one type.
fn shape(schema: &Value, reader: Reader) -> Vec<Node> {
    let mut nodes = Vec::new();
    if let Some(properties) = schema["properties"].as_object() {
        fields(schema, properties, reader).add_to(&mut nodes);
    }
    let alternatives = ["oneOf", "anyOf"].iter().find_map(|word| schema[*word].as_array());
    if let Some(alternatives) = alternatives {
        let one = |alternative: &Value| {
            let mut item = Vec::new();
            match alternative.get("const") {
                Some(value) => el("code").add(value.to_string()).add_to(&mut item),
                None if alternative["properties"].is_object() => {}
                None => type_of(alternative, reader).add_to(&mut item),
            }
            about(alternative).add_to(&mut item);
            item.extend(shape_of_object(alternative, reader));
            el("li").fill(item)
        };
        el("ul")
            .class("alternatives")
            .add(alternatives.iter().map(one).collect::<Vec<_>>())
            .add_to(&mut nodes);
    }
    if nodes.is_empty() {
        el("p").class("body").add(type_of(schema, reader)).add_to(&mut nodes);
    }
    nodes
}

fn shape_of_object(schema: &Value, reader: Reader) -> Option<Node> {
    let properties = schema["properties"].as_object()?;
    Some(Node::Element(fields(schema, properties, reader)))
}

fn fields(schema: &Value, properties: &Map<String, Value>, reader: Reader) -> Element {
    let says = Says(reader.language);
    let required = schema["required"].as_array();
    let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|one| one == name));
    let rows: Vec<Element> = properties
        .iter()
        .map(|(name, field)| {
            let optional = (!is_required(name)).then(|| el("small").add(says.say("可省略", "optional")));
            let mut said = Vec::new();
            about(field).add_to(&mut said);
            if field.get("$ref").is_none() {
                said.extend(shape_of_object(field, reader));
            }
            el("tr")
                .add(el("th").set("scope", "row").add(el("code").add(name.clone())).add(" ").add(optional))
                .add(el("td").add(type_of(field, reader)))
                .add(el("td").fill(said))
        })
        .collect();
    let names = [says.say("字段", "Field"), says.say("类型", "Type"), says.say("说明", "What it is")];
    el("table").class("fields").add(super::heading_cells(&names)).add(el("tbody").add(rows))
}

/// A type in a few words, with the way to a body that has a name.
fn type_of(schema: &Value, reader: Reader) -> Element {
    let says = Says(reader.language);
    let word = el("span").class("type");
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix(SCHEMAS)) {
        return word.add(el("a").set("href", format!("#body-{name}")).add(name.to_owned()));
    }
    if let Some(value) = schema.get("const") {
        return word.add(el("code").add(value.to_string()));
    }
    let parts = ["anyOf", "oneOf"].iter().find_map(|word| schema[*word].as_array());
    if let Some(parts) = parts {
        return separated(word, parts.iter().map(|part| type_of(part, reader)));
    }
    if let Some(values) = schema["enum"].as_array() {
        return separated(word, values.iter().map(|value| el("code").add(value.to_string())));
    }
    if schema["items"].is_object() {
        return word.add(says.say("列表：", "list of ")).add(type_of(&schema["items"], reader));
    }
    if schema["additionalProperties"].is_object() {
        let of = type_of(&schema["additionalProperties"], reader);
        return word.add(says.say("以名称为键：", "by name: ")).add(of);
    }
    match &schema["type"] {
        Value::String(name) => word.add(type_word(name, reader)),
        Value::Array(names) => {
            let names = names.iter().filter_map(Value::as_str);
            separated(word, names.map(|name| el("span").add(type_word(name, reader))))
        }
        _ => word.add(says.say("任意 JSON", "any JSON")),
    }
}

fn separated(word: Element, parts: impl Iterator<Item = Element>) -> Element {
    parts.enumerate().fold(word, |word, (at, part)| word.add((at > 0).then_some(" | ")).add(part))
}

fn type_word(name: &str, reader: Reader) -> String {
    let known = [
        ("string", "文本", "text"),
        ("integer", "整数", "whole number"),
        ("number", "数", "number"),
        ("boolean", "true 或 false", "true or false"),
        ("object", "对象", "object"),
        ("array", "列表", "list"),
        ("null", "null", "null"),
    ];
    let says = Says(reader.language);
    let known = known.iter().find(|(known, ..)| *known == name);
    known.map_or_else(|| name.to_owned(), |(_, zh, en)| says.say(zh, en).to_owned())
}

fn guard_word(guard: &str, reader: Reader) -> Element {
    let (class, zh, en) = match guard {
        "account" => ("guard account", "有账号者", "every account"),
        "staff" => ("guard staff", "按角色", "by role"),
        "judge" => ("guard judge", "裁判设备", "judge's device"),
        "operator" => ("guard operator", "本机或平台管理员", "this machine, or platform administrator"),
        _ => ("guard public", "公开", "public"),
    };
    el("span").class(class).add(Says(reader.language).say(zh, en))
}

fn guard_about(guard: &str, reader: Reader) -> &'static str {
    let (zh, en) = match guard {
        "account" => ("每个已登录的账号。", "Everybody with an account who is signed in."),
        "staff" => (
            "已登录、且角色允许的人，只限其角色所及的机构、大赛和赛项。",
            "Those who are signed in and whose roles allow it, over what these reach.",
        ),
        "judge" => ("用登录卡登录的裁判设备。", "Judges' devices that were enrolled by a card."),
        "operator" => (
            "本机上的程序，或平台管理员：说明服务器本身的内容不对外公开。",
            "Programs on this machine, or platform administrators: what tells of the server itself is not public.",
        ),
        _ => ("任何人，无需登录。", "Everybody, without signing in."),
    };
    match reader.language {
        Language::Chinese => zh,
        Language::English => en,
    }
}

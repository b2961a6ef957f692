//! The description of the interface, made of the list of routes: OpenAPI 3.1.

use protocol::Problem;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::guard::Guard;
use super::routes::{Body, Route, Routes};

/// Every route with its bodies. Pages are left out: they are for people.
#[must_use]
pub fn openapi(routes: &Routes) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut schemas = settings.into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for route in routes.list() {
        let path = route.path.replace("{*", "{");
        let methods = paths.entry(path).or_insert_with(|| json!({}));
        methods[route.method.as_str().to_lowercase()] = operation(route, &mut schemas);
    }
    // Every refusal has the same shape.
    let _ = schemas.subschema_for::<Problem>();
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Leitai", "version": env!("CARGO_PKG_VERSION"), "license": { "name": "Apache-2.0" } },
        "paths": paths,
        "components": {
            "schemas": schemas.definitions(),
            "responses": {
                "Problem": {
                    "description": "What went wrong, in the reader's language.",
                    "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
                },
            },
            "securitySchemes": {
                "session": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A session's secret, as signing in gives it to programs; browsers send cookies.",
                },
            },
        },
    })
}

fn operation(route: &Route, schemas: &mut SchemaGenerator) -> Value {
    let parameters: Vec<Value> = route
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            let name = name.trim_start_matches('*');
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
        })
        .collect();
    let body = |body: &Body, schemas: &mut SchemaGenerator| json!({ "application/json": { "schema": body(schemas) } });
    let mut said = json!({
        "summary": route.about,
        "tags": [route.guard.as_str()],
        "parameters": parameters,
        "responses": {
            "2XX": { "description": "Done." },
            "4XX": { "$ref": "#/components/responses/Problem" },
            "5XX": { "$ref": "#/components/responses/Problem" },
        },
    });
    if let Some(gives) = &route.gives {
        said["responses"]["2XX"]["content"] = body(gives, schemas);
    }
    if let Some(takes) = &route.takes {
        said["requestBody"] = json!({ "required": true, "content": body(takes, schemas) });
    }
    if route.guard != Guard::Public {
        said["security"] = json!([{ "session": [] }]);
    }
    said
}

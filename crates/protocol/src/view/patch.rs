//! JSON merge patches (RFC 7396). They cannot say `null`, and views hold none outside of lists.

use serde_json::{Map, Value};

/// What turns `old` into `new`: `apply(old, diff(old, new)) == new`, where no object of `new` holds
/// a `null`. Lists are replaced whole.
#[must_use]
pub fn diff(old: &Value, new: &Value) -> Value {
    let (Value::Object(old), Value::Object(new)) = (old, new) else { return new.clone() };
    let mut patch = Map::new();
    for name in old.keys().filter(|name| !new.contains_key(*name)) {
        patch.insert(name.clone(), Value::Null);
    }
    for (name, value) in new {
        match old.get(name) {
            Some(known) if known == value => {}
            Some(known) if known.is_object() && value.is_object() => {
                patch.insert(name.clone(), diff(known, value));
            }
            // Merged into nothing, or into what is no object, an object stands as it is.
            _ => {
                patch.insert(name.clone(), value.clone());
            }
        }
    }
    Value::Object(patch)
}

/// Turns `value` into what the patch leads to.
pub fn apply(value: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *value = patch;
        return;
    };
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    let Value::Object(fields) = value else { return };
    for (name, change) in patch {
        if change.is_null() {
            fields.remove(&name);
        } else {
            apply(fields.entry(name).or_insert(Value::Null), change);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    /// JSON as views hold it: no `null` in objects.
    fn view() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            (0..4_i64).prop_map(Value::from),
            "[a-c]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            let object = proptest::collection::btree_map("[a-d]", inner.clone(), 0..4);
            prop_oneof![
                proptest::collection::vec(inner, 0..3).prop_map(Value::from),
                object.prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_patch_leads_from_any_view_to_any_other(old in view(), new in view()) {
            let mut value = old.clone();
            apply(&mut value, diff(&old, &new));
            prop_assert_eq!(value, new);
        }
    }

    #[test]
    fn a_patch_says_only_what_changed() {
        let old = json!({"rows": {"K1": {"rank": 1, "total": "8.00"}, "K2": {"rank": 2}}, "as_of": 1});
        let new = json!({"rows": {"K1": {"rank": 1, "total": "8.50"}, "K3": {"rank": 2}}, "as_of": 1});
        let wanted = json!({"rows": {"K1": {"total": "8.50"}, "K2": null, "K3": {"rank": 2}}});
        assert_eq!(diff(&old, &new), wanted);
    }

    /// The table of RFC 7396, appendix A.
    #[test]
    fn patches_apply_as_the_rfc_shows() {
        let rows = [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "c"}), json!({"a": ["b"]}), json!({"a": ["b"]})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [{"b": "c"}]}), json!({"a": [1]}), json!({"a": [1]})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a": "b"}), json!(["c"]), json!(["c"])),
            (json!({"a": "foo"}), json!(null), json!(null)),
            (json!({"a": "foo"}), json!("bar"), json!("bar")),
            (json!({"e": null}), json!({"a": 1}), json!({"e": null, "a": 1})),
            (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ];
        for (mut value, patch, wanted) in rows {
            apply(&mut value, patch.clone());
            assert_eq!(value, wanted, "{patch}");
        }
    }
}

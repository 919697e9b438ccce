//! A table of keys as JSON Schema (draft 2020-12), so that editors complete keys and check values.
//!
//! Input: tables. Output: JSON. A schema is looser than the program: it knows the spellings of keys and words, and not
//! what keys mean together. Knows no file.

use serde_json::{Map, Value as Json, json};

use super::{FieldOf, TypeOf};

/// The dialect, for `$schema`.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A schema for a mapping with the keys of all these tables; `required` are English names of keys.
pub fn mapping_schema(title: &str, tables: &[&[FieldOf<'_>]], required: &[&str]) -> Json {
    let mut schema = object(tables, required);
    schema.insert("$schema".into(), json!(DIALECT));
    schema.insert("title".into(), json!(title));
    Json::Object(schema)
}

fn object(tables: &[&[FieldOf<'_>]], required: &[&str]) -> Map<String, Json> {
    let mut properties = Map::new();
    let mut spellings = Vec::new();
    for field in tables.iter().flat_map(|table| table.iter()) {
        let mut value = value_schema(&field.ty);
        let doc =
            [field.doc_zh, field.doc_en].into_iter().filter(|doc| !doc.is_empty()).collect::<Vec<_>>().join(" / ");
        if let Json::Object(map) = &mut value
            && !doc.is_empty()
        {
            map.insert("description".into(), json!(doc));
        }
        for name in [field.key, field.zh].into_iter().chain(field.aliases.iter().copied()) {
            properties.insert(name.to_string(), value.clone());
        }
        if required.contains(&field.key) {
            let names: Vec<Json> = [field.zh, field.key].iter().map(|name| json!({ "required": [name] })).collect();
            spellings.push(json!({ "anyOf": names }));
        }
    }
    let mut schema = Map::new();
    schema.insert("type".into(), json!("object"));
    schema.insert("properties".into(), Json::Object(properties));
    schema.insert("additionalProperties".into(), json!(false));
    if !spellings.is_empty() {
        schema.insert("allOf".into(), Json::Array(spellings));
    }
    schema
}

fn value_schema(ty: &TypeOf<'_>) -> Json {
    // YAML reads some texts as numbers or truth values; the program takes them as written.
    let text = json!({ "type": ["string", "number", "boolean", "null"] });
    let one_or_list = |item: Json| json!({ "anyOf": [item, { "type": "array", "items": item }] });
    match ty {
        TypeOf::Text => text,
        TypeOf::Texts | TypeOf::Names => one_or_list(text),
        TypeOf::Date | TypeOf::Link => json!({ "type": ["string", "null"] }),
        TypeOf::Links => one_or_list(json!({ "type": ["string", "null"] })),
        TypeOf::Flag => json!({ "enum": [true, false, "是", "否", "yes", "no", null] }),
        TypeOf::Integer(min, max) => json!({ "type": ["integer", "null"], "minimum": min, "maximum": max }),
        TypeOf::Number => json!({ "type": ["number", "null"] }),
        TypeOf::Choice(rows) => words(rows),
        TypeOf::Choices(rows) => one_or_list(words(rows)),
        TypeOf::Map(table) => Json::Object(object(&[table], &[])),
        TypeOf::Maps(table) => one_or_list(Json::Object(object(&[table], &[]))),
        TypeOf::OneOf(types) => json!({ "anyOf": types.iter().map(value_schema).collect::<Vec<_>>() }),
        TypeOf::Any => json!({}),
    }
}

/// The spellings of a choice, each once, with the shown ones first.
fn words(rows: &[(&str, &str)]) -> Json {
    let mut words: Vec<&str> = Vec::new();
    for word in rows.iter().map(|(_, zh)| *zh).chain(rows.iter().map(|(name, _)| *name)) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    json!({ "enum": words })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Field, Type};

    const INNER: &[Field] = &[Field::new("place", "地点", Type::Text, "在哪里", "where")];
    const TABLE: &[Field] = &[
        Field::new("method", "手法", Type::Text, "怎么骗", "how").with_aliases(&["way"]),
        Field::new("size", "人数", Type::Integer(1, 9), "", ""),
        Field::new("state", "状态", Type::Choice(&[("a", "甲"), ("a", "甲甲"), ("b", "乙")]), "", ""),
        Field::new("spots", "地点", Type::Maps(INNER), "", ""),
    ];

    #[test]
    fn every_spelling_of_a_key_is_a_property_and_unknown_keys_are_refused() {
        let schema = mapping_schema("骗局 scam", &[TABLE], &["method"]);
        assert_eq!(schema["$schema"], DIALECT);
        assert_eq!(schema["additionalProperties"], false);
        for name in ["method", "手法", "way"] {
            assert_eq!(schema["properties"][name]["description"], "怎么骗 / how", "{name}");
        }
        assert_eq!(schema["properties"]["人数"]["maximum"], 9);
        assert_eq!(schema["properties"]["状态"]["enum"], json!(["甲", "甲甲", "乙", "a", "b"]));
        let item = &schema["properties"]["spots"]["anyOf"][1]["items"];
        assert_eq!(item["properties"]["地点"]["type"][0], "string");
        // Either spelling of a required key will do.
        assert_eq!(schema["allOf"], json!([{ "anyOf": [{ "required": ["手法"] }, { "required": ["method"] }] }]));
    }
}

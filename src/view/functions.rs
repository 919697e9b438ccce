//! The functions that templates can call: read-only queries over the site whose output is being rendered on this
//! thread. In: the arguments of the call. Out: a template value, or an error that becomes a template diagnostic.

use std::sync::Arc;

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use crate::theme::{DEFAULT_ILLUSTRATION, illustration_template};
use puzhi_core::base::{PhoneText, SitePath, is_phone_label, percent_encode_path};

use super::calendar::model::PhoneView;
use super::qr;
use super::site::url_of;
use super::tracking::facets::Query;
use super::tracking::recorder;
use super::tracking::site::Site;

fn site() -> TeraResult<Arc<Site>> {
    recorder::site().ok_or_else(|| Error::message("no output of a site is being made"))
}

/// The names of the functions.
const NAMES: &[&str] = &["asset", "data", "targets", "terms", "pages", "phones", "qr", "illustration", "mailto"];

/// Adds all functions to a Tera environment and returns their names. The comment above each one is its description in
/// `docs/reference/template-data.md`.
pub fn register(tera: &mut Tera) -> &'static [&'static str] {
    // A static file of the theme or site: its `url` and `integrity` (for `<link>` and `<script>`).
    tera.register_function("asset", move |args: Kwargs, _: &State| -> TeraResult<Value> {
        let path = args.must_get::<&str>("path")?;
        let site = site()?;
        let file =
            site.static_asset(path).ok_or_else(|| Error::message(format!("there is no static file `{path}`")))?;
        let view = AssetView { url: url_of(&file.asset.route), integrity: &file.asset.integrity };
        Ok(Value::from_serializable(&view))
    });

    // A file of `data/` as parsed: `data(path="channels.yaml")`. A CSV file is a list of rows by column.
    tera.register_function("data", move |args: Kwargs, _: &State| -> TeraResult<Value> {
        let name = args.must_get::<&str>("path")?;
        let path = SitePath::new(&format!("data/{}", name.trim_start_matches("/data/").trim_start_matches('/')))
            .map_err(|_| Error::message(format!("`{name}` is no path inside data/")))?;
        let site = site()?;
        let value = site.data_file(&path).ok_or_else(|| Error::message(format!("there is no data file `{path}`")))?;
        Ok(Value::from_serializable(value))
    });

    // Groups of targets, all or those of one group or unit: list of [TargetGroup](#targetgroup).
    tera.register_function("targets", move |args: Kwargs, state: &State| -> TeraResult<Value> {
        let site = site()?;
        let groups = site.target_groups(args.get::<&str>("group")?, args.get::<&str>("unit")?, lang(&site, state)?);
        Ok(Value::from_serializable(&groups))
    });

    // The terms of a taxonomy in the page's language: list of [TermView](#termview).
    tera.register_function("terms", move |args: Kwargs, state: &State| -> TeraResult<Value> {
        let site = site()?;
        let lang = lang(&site, state)?;
        let taxonomy = args.must_get::<&str>("taxonomy")?;
        let list = site.taxonomy_terms(taxonomy, lang);
        let terms: Vec<_> = list.terms.iter().map(|t| site.term_view(t)).collect();
        Ok(Value::from_serializable(&terms))
    });

    // The listed pages of a section in its order, 20 unless `limit` says otherwise: list of [CardView](#cardview).
    tera.register_function("pages", move |args: Kwargs, state: &State| -> TeraResult<Value> {
        let site = site()?;
        let lang = lang(&site, state)?;
        let limit = args.get::<u64>("limit")?.unwrap_or(20).min(500) as usize;
        let section = args.must_get::<&str>("section")?;
        let query =
            Query { lang, section: Some(section.to_string()), kind: None, terms: Vec::new(), sort: None, limit };
        let found = site.find(query);
        let cards = site.card_views(&found.pages);
        found
            .section_exists
            .then(|| Value::from_serializable(&cards))
            .ok_or_else(|| Error::message(format!("there is no section `{section}`")))
    });

    // A text in pieces, of which those with `dial` are telephone numbers: list of [PhoneView](#phoneview). Without `label` the text names
    // numbers only, as the value of a key for them does. With a label that does not name telephones, or an empty one, numbers
    // are those that the text itself shows to be some.
    tera.register_function("phones", move |args: Kwargs, _: &State| -> TeraResult<Value> {
        let text = args.must_get::<&str>("text")?;
        let phones = match args.get::<&str>("label")? {
            Some(label) if !is_phone_label(label) => PhoneText::of_prose(text),
            _ => PhoneText::of_field(text),
        };
        let pieces: Vec<_> =
            phones.pieces().into_iter().map(|p| PhoneView { text: p.text.to_string(), dial: p.dial }).collect();
        Ok(Value::from_serializable(&pieces))
    });

    // The QR code of a text as HTML: an `<svg>` element named `label` for screen readers. Empty if the text is too long.
    tera.register_function("qr", move |args: Kwargs, _: &State| -> TeraResult<Value> {
        let (text, label) = (args.must_get::<&str>("text")?, args.must_get::<&str>("label")?);
        Ok(Value::safe_string(&qr::page_svg(text, label).unwrap_or_default()))
    });

    // A picture of the theme (`templates/illustrations/NAME.svg`) as HTML: an `<svg>` element that screen readers skip. Its name is
    // English or Chinese. With `kind` in place of `name`, a kind without a picture has that of `page`.
    tera.register_function("illustration", move |args: Kwargs, _: &State| -> TeraResult<Value> {
        let site = site()?;
        picture(&site, args.get::<&str>("name")?, args.get::<&str>("kind")?)
    });

    // The address of a mail with a subject and a text, for `href`.
    tera.register_function("mailto", move |args: Kwargs, _: &State| -> TeraResult<Value> {
        let encoded = |key| args.must_get::<&str>(key).map(percent_encode_path);
        let address = format!("mailto:{}?subject={}&body={}", encoded("to")?, encoded("subject")?, encoded("text")?);
        Ok(Value::normal_string(&address))
    });
    NAMES
}

/// The picture of this name, else the one of this kind of page.
fn picture(site: &Site, name: Option<&str>, kind: Option<&str>) -> TeraResult<Value> {
    let svg = |name: &str| site.template(&illustration_template(name)).text().map(Value::safe_string);
    match (name, kind) {
        (Some(name), _) => svg(name).ok_or_else(|| Error::message(format!("the theme has no picture `{name}`"))),
        (None, Some(kind)) => {
            Ok(svg(kind).or_else(|| svg(DEFAULT_ILLUSTRATION)).unwrap_or_else(|| Value::safe_string("")))
        }
        (None, None) => Err(Error::message("`illustration` needs a `name` or a `kind`")),
    }
}

#[derive(serde::Serialize)]
struct AssetView<'a> {
    url: String,
    integrity: &'a str,
}

/// The language of the page being rendered.
fn lang(site: &Site, state: &State) -> TeraResult<usize> {
    let code = state.get::<String>("lang_code")?.unwrap_or_default();
    Ok(site.settings().language(&code).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_has_its_name_in_the_list() {
        let mut tera = Tera::default();
        let names = register(&mut tera);
        for name in names {
            assert!(tera.add_raw_template("a", &format!("{{{{ {name}() }}}}")).is_ok(), "{name}");
        }
        let registered = include_str!("functions.rs").matches("    tera.register_function(\"").count();
        assert_eq!(registered, names.len());
    }
}

//! Functions templates may call: small, closed queries over the site.

use std::sync::{Arc, OnceLock};

use tera::{Error, Kwargs, State, Tera, TeraResult, Value};

use crate::base::SitePath;

use super::site::{Site, url_of};

/// The site, promised to the template engine before it exists: functions are registered when templates are compiled,
/// and are called only once the site is known.
#[derive(Clone, Default)]
pub struct Handle(Arc<OnceLock<Arc<Site>>>);

impl Handle {
    /// Keeps the promise. A second site is ignored.
    pub fn set(&self, site: Arc<Site>) {
        let _ = self.0.set(site);
    }

    fn site(&self) -> TeraResult<&Site> {
        self.0.get().map(Arc::as_ref).ok_or_else(|| Error::message("the site is not known yet"))
    }

    /// Registers every function.
    pub fn register(&self, tera: &mut Tera) {
        let handle = self.clone();
        // A static file of the theme or site: its `url` and `integrity` (for `<link>` and `<script>`).
        tera.register_function("asset", move |args: Kwargs, _: &State| -> TeraResult<Value> {
            let path = args.must_get::<&str>("path")?;
            let asset = handle.site()?.assets.files.get(path).ok_or_else(|| Error::message(format!("there is no static file `{path}`")))?;
            let view = AssetView { url: url_of(&asset.route), integrity: &asset.integrity };
            Ok(Value::from_serializable(&view))
        });

        let handle = self.clone();
        // A file of `data/` as parsed: `data(path="channels.yaml")`. A CSV file is a list of rows by column.
        tera.register_function("data", move |args: Kwargs, _: &State| -> TeraResult<Value> {
            let name = args.must_get::<&str>("path")?;
            let path = SitePath::new(&format!("data/{}", name.trim_start_matches("/data/").trim_start_matches('/')))
                .map_err(|_| Error::message(format!("`{name}` is no path inside data/")))?;
            let value = handle.site()?.data.get(&path).ok_or_else(|| Error::message(format!("there is no data file `{path}`")))?;
            Ok(Value::from_serializable(value))
        });

        let handle = self.clone();
        // Groups of targets, all or those of one group or unit: list of [TargetGroup](#targetgroup).
        tera.register_function("targets", move |args: Kwargs, state: &State| -> TeraResult<Value> {
            let site = handle.site()?;
            let groups = site.target_groups(args.get::<&str>("group")?, args.get::<&str>("unit")?, lang(site, state)?);
            Ok(Value::from_serializable(&groups))
        });

        let handle = self.clone();
        // The terms of a taxonomy in the page's language: list of [TermView](#termview).
        tera.register_function("terms", move |args: Kwargs, state: &State| -> TeraResult<Value> {
            let site = handle.site()?;
            let lang = lang(site, state)?;
            let terms: Vec<_> = site.catalog.terms_of(args.must_get::<&str>("taxonomy")?, lang).map(|t| site.term_view(t)).collect();
            Ok(Value::from_serializable(&terms))
        });

        let handle = self.clone();
        // The listed pages of a section in its order, 20 unless `limit` says otherwise: list of [CardView](#cardview).
        tera.register_function("pages", move |args: Kwargs, state: &State| -> TeraResult<Value> {
            let site = handle.site()?;
            let lang = lang(site, state)?;
            let limit = args.get::<u64>("limit")?.unwrap_or(20).min(500) as usize;
            let section = args.must_get::<&str>("section")?;
            let id = site.catalog.section_at(section, lang).ok_or_else(|| Error::message(format!("there is no section `{section}`")))?;
            let pages = site.catalog.section(id).pages.iter().filter(|p| site.catalog.listed(**p)).take(limit);
            Ok(Value::from_serializable(&pages.map(|p| site.card_view(*p)).collect::<Vec<_>>()))
        });
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
    Ok(site.settings.language(&code).unwrap_or(0))
}

//! The Tera environment: the theme's templates and words, shadowed file by file by the site's own.
//!
//! In: the snapshot's `themes/NAME`, `templates`, `i18n`, `static` and the embedded default theme.
//! Out: a [`Theme`] that renders a template by name. Knows no pages.

mod embedded;
mod error;
mod template_dependencies;
mod translations;

use std::collections::{BTreeMap, BTreeSet};

use tera::{Context, Tera};

use crate::assets::minify_css;
use crate::engine::Fingerprint;
use crate::settings::Settings;
use crate::source::FileSnapshot;
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, codes};

pub use embedded::files as embedded_files;
pub use translations::{Translations, markdown_labels};

/// Where a static file of the theme or site comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaticFile {
    Embedded(String),
    Site(SitePath),
}

/// Templates that every theme must have.
pub const REQUIRED_TEMPLATES: [&str; 13] = [
    "page.html",
    "policy.html",
    "guide.html",
    "event.html",
    "story.html",
    "survey.html",
    "home.html",
    "section.html",
    "term.html",
    "taxonomy.html",
    "404.html",
    "redirect.html",
    "base.html",
];

/// Everything the look of a site is made of.
pub struct Theme {
    pub tera: Tera,
    /// UI words by language, in the settings' order.
    pub translations: Vec<Translations>,
    /// Static files of the theme by address path, e.g. `css/civic.css`; the site's own shadow them.
    pub static_files: BTreeMap<String, StaticFile>,
    /// What each template is worth with all it is made of, by name.
    pub template_fingerprints: BTreeMap<String, Fingerprint>,
    /// Site path of each template, for messages.
    paths: BTreeMap<String, SitePath>,
}

/// Loads the theme. Functions are registered by the view before the templates are added, since Tera checks calls
/// when it compiles.
pub fn load(
    files: &FileSnapshot,
    settings: &Settings,
    register: impl FnOnce(&mut Tera),
) -> (Option<Theme>, Vec<Diagnostic>) {
    let mut diags = Vec::new();
    let folder = format!("themes/{}", settings.theme);
    let on_disk = files.paths_in(&folder).next().is_some();
    if !on_disk && settings.theme != "civic" {
        let site = SitePath::new("site.yaml").unwrap_or_else(|_| SitePath::root());
        return (None, vec![Diagnostic::new(&codes::theme::NO_THEME).file(&site).arg("name", &settings.theme)]);
    }

    let mut templates: BTreeMap<String, (SitePath, String)> = BTreeMap::new();
    let mut static_files = BTreeMap::new();
    if !on_disk {
        for (path, bytes) in embedded::files() {
            if let Some(name) = path.strip_prefix("templates/") {
                let shown = SitePath::new(&format!("{folder}/{path}")).unwrap_or_else(|_| SitePath::root());
                templates.insert(format!("theme/{name}"), (shown, String::from_utf8_lossy(bytes).into_owned()));
            } else if let Some(name) = path.strip_prefix("static/") {
                static_files.insert(name.to_string(), StaticFile::Embedded(path.clone()));
            }
        }
    }
    let mut read = |path: &SitePath, name: String, diags: &mut Vec<Diagnostic>| match files.read_text(
        path,
        settings.limits.markdown,
        "markdown",
    ) {
        Ok((source, warning)) => {
            diags.extend(warning);
            templates.insert(name, (path.clone(), source.text));
        }
        Err(diag) => diags.push(diag),
    };
    for path in files.paths_in(&folder) {
        let Some(below) = path.relative_to(&folder) else { continue };
        if let Some(name) = below.strip_prefix("templates/") {
            read(path, format!("theme/{name}"), &mut diags);
        } else if let Some(name) = below.strip_prefix("static/") {
            static_files.insert(name.to_string(), StaticFile::Site(path.clone()));
        }
    }
    for path in files.paths_in("templates") {
        if let Some(name) = path.relative_to("templates") {
            read(path, name.to_string(), &mut diags);
        }
    }
    for path in files.paths_in("static") {
        if let Some(name) = path.relative_to("static")
            && static_files.contains_key(name)
        {
            static_files.insert(name.to_string(), StaticFile::Site(path.clone()));
        }
    }
    let translations = translations::load(files, settings, &folder, &mut diags);

    let mut tera = Tera::default();
    let paths: BTreeMap<String, SitePath> =
        templates.iter().map(|(name, (path, _))| (name.clone(), path.clone())).collect();
    register(&mut tera);
    // The engine has no reason to refuse a prefix before templates are added; a refusal would show as missing templates.
    let _ = tera.set_fallback_prefixes(["theme/"]);
    let result = tera.add_raw_templates(templates.iter().map(|(name, (_, text))| (name.as_str(), text.as_str())));
    let texts = templates.into_iter().map(|(name, (_, text))| (name, text)).collect();
    let theme = Theme {
        tera,
        translations,
        static_files,
        template_fingerprints: template_dependencies::fingerprints(&texts),
        paths,
    };
    if let Err(error) = result {
        diags.push(theme.diagnose(&error, "", &BTreeSet::new()));
        return (None, diags);
    }
    for name in REQUIRED_TEMPLATES {
        if !theme.has_template(name) {
            let at = SitePath::new(&folder).unwrap_or_else(|_| SitePath::root());
            diags.push(Diagnostic::new(&codes::theme::NO_TEMPLATE).file(&at).arg("name", name));
        }
    }
    (Some(theme), diags)
}

impl Theme {
    /// Whether a template can be rendered, as the site's own or the theme's.
    pub fn has_template(&self, name: &str) -> bool {
        self.tera.contains_template(name)
    }

    /// Names a page may choose by `template:`.
    pub fn template_names(&self) -> impl Iterator<Item = &str> {
        self.paths.keys().map(|n| n.strip_prefix("theme/").unwrap_or(n))
    }

    /// Renders `name`; an error names the template's file and line and what the context held.
    pub fn render(
        &self,
        name: &str,
        context: &Context,
        available: impl FnOnce() -> BTreeSet<&'static str>,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let mut html = Vec::with_capacity(TYPICAL_PAGE_BYTES);
        match self.tera.render_to(name, context, &mut html) {
            Ok(()) => Ok(html),
            Err(error) => Err(Box::new(self.diagnose(&error, name, &available()))),
        }
    }

    fn diagnose(&self, error: &tera::Error, name: &str, available: &BTreeSet<&str>) -> Diagnostic {
        error::diagnose(error, name, available, &self.paths)
    }

    /// Bytes of a static file by its address path, as they are published: style sheets compact.
    pub fn static_file(&self, path: &str, files: &FileSnapshot) -> Result<Vec<u8>, Diagnostic> {
        let bytes = match self.static_files.get(path) {
            Some(StaticFile::Embedded(path)) => embedded::files().get(path).map(|b| b.to_vec()).unwrap_or_default(),
            Some(StaticFile::Site(path)) => files.read_bytes(path, MAX_STATIC_BYTES, "data")?,
            None => Vec::new(),
        };
        Ok(match std::str::from_utf8(&bytes) {
            Ok(text) if path.ends_with(".css") => minify_css(text).into_bytes(),
            _ => bytes,
        })
    }
}

/// Bytes of a page of usual size.
const TYPICAL_PAGE_BYTES: usize = 16 << 10;

/// A theme's static file is read whole to be fingerprinted.
const MAX_STATIC_BYTES: u64 = 64 << 20;

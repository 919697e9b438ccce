//! The Tera environment: templates, translations and static files of the theme; files of the site override those of
//! the theme.
//!
//! Input: the folders `themes/NAME`, `templates`, `i18n` and `static` of the snapshot, and the embedded default
//! theme. Output: a [`Theme`] that renders a template by name. Does not know pages.

mod bounds;
mod embedded;
mod engine_messages;
mod error;
mod extra_keys;
mod illustrations;
mod template_dependencies;
mod translations;

use std::collections::{BTreeMap, BTreeSet};

use tera::{Context, Tera};

use crate::assets::{clean_photograph, minify_css};
use crate::engine::Fingerprint;
use crate::markdown::TemplateIds;
use crate::settings::Settings;
use crate::source::{Fences, FileSnapshot, conflict_markers, human_size};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, SourceText, codes};
use puzhi_core::kinds::KindName;

use bounds::BoundedOutput;
use error::{AvailableNames, TemplateSources};
use extra_keys::extra_keys;

pub use embedded::files as embedded_files;
pub use illustrations::{DEFAULT_ILLUSTRATION, illustration_template};
pub use translations::{Translations, markdown_labels};

/// Name of the embedded theme, which serves unless the site has a folder of this name in `themes/`.
pub const EMBEDDED_THEME: &str = "civic";

/// Where a static file comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StaticFile {
    /// The embedded theme, at this path.
    Embedded(String),
    /// The site's folder, at this path.
    Site(SitePath),
}

/// Templates that a theme must have besides those of kinds of pages.
const SITE_TEMPLATES: [&str; 7] =
    ["home.html", "section.html", "term.html", "taxonomy.html", "404.html", "redirect.html", "base.html"];

/// Names of the templates that a theme must have.
fn required_templates() -> impl Iterator<Item = &'static str> {
    let of_kinds = KindName::ALL.iter().map(|kind| kind.definition()).filter(|kind| kind.needs_template);
    of_kinds.map(|kind| kind.template).chain(SITE_TEMPLATES)
}

/// Templates, translations and static files of a site.
pub struct Theme {
    /// The Tera environment with all templates added.
    pub tera: Tera,
    /// Texts of the user interface by language, in the order of the settings.
    pub translations: Vec<Translations>,
    /// Static files of the theme by the path used in addresses, for example `css/civic.css`. Static files of the site
    /// override them.
    pub static_files: BTreeMap<String, StaticFile>,
    /// Main colour that the settings give, as `#rrggbb`.
    colour: Option<String>,
    /// Fingerprint of each template by name, including all templates it depends on.
    pub template_fingerprints: BTreeMap<String, Fingerprint>,
    /// Ids of elements in each template by name, including all templates it depends on.
    pub template_ids: BTreeMap<String, TemplateIds>,
    /// Path of each template file relative to the site, for messages.
    paths: BTreeMap<String, SitePath>,
    /// Text of each template, for messages.
    texts: BTreeMap<String, String>,
    /// The functions that templates can call, for messages.
    functions: &'static [&'static str],
}

/// Loads the theme. `register` adds the functions that templates may call and returns their names; it runs before the templates are added,
/// because Tera checks calls when it compiles a template. Returns no theme if the theme does not exist or a template
/// cannot be compiled. A missing required template is reported as an error, but the theme is returned.
pub fn load(
    files: &FileSnapshot,
    settings: &Settings,
    register: impl FnOnce(&mut Tera) -> &'static [&'static str],
) -> (Option<Theme>, Vec<Diagnostic>) {
    let mut diags = Vec::new();
    let folder = format!("themes/{}", settings.theme);
    let on_disk = files.paths_in(&folder).next().is_some();
    if !on_disk && settings.theme != EMBEDDED_THEME {
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
            diags.extend(conflict_markers(&SourceText::new(path, &source.text), Fences::None));
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
    take_own_static_files(files, &mut static_files);
    let translations = translations::load(files, settings, &folder, &mut diags);

    let mut tera = Tera::default();
    let paths: BTreeMap<String, SitePath> =
        templates.iter().map(|(name, (path, _))| (name.clone(), path.clone())).collect();
    bounds::register(&mut tera);
    let functions = register(&mut tera);
    // This call fails only if templates were already added. A failure would be reported as missing templates below.
    let _ = tera.set_fallback_prefixes(["theme/"]);
    let result = tera.add_raw_templates(templates.iter().map(|(name, (_, text))| (name.as_str(), text.as_str())));
    let texts: BTreeMap<String, String> = templates.into_iter().map(|(name, (_, text))| (name, text)).collect();
    let whole = template_dependencies::whole_templates(&texts);
    let theme = Theme {
        tera,
        translations,
        static_files,
        colour: settings.colour.clone(),
        template_fingerprints: whole.iter().map(|(name, whole)| (name.clone(), whole.fingerprint)).collect(),
        template_ids: whole.into_iter().map(|(name, whole)| (name, whole.ids)).collect(),
        paths,
        texts,
        functions,
    };
    if let Err(error) = result {
        diags.extend(error::diagnose_loading(&error, &theme.sources()));
        return (None, diags);
    }
    for name in required_templates() {
        if !theme.has_template(name) {
            let at = SitePath::new(&folder).unwrap_or_else(|_| SitePath::root());
            diags.push(Diagnostic::new(&codes::theme::NO_TEMPLATE).file(&at).arg("name", name));
        }
    }
    (Some(theme), diags)
}

/// Files in `static/` of the site take the place of the theme's of the same name.
fn take_own_static_files(files: &FileSnapshot, static_files: &mut BTreeMap<String, StaticFile>) {
    for path in files.paths_in("static") {
        if let Some(file) = path.relative_to("static").and_then(|name| static_files.get_mut(name)) {
            *file = StaticFile::Site(path.clone());
        }
    }
}

impl Theme {
    /// Whether the site or the theme has a template with this name.
    pub fn has_template(&self, name: &str) -> bool {
        self.tera.contains_template(name)
    }

    /// Whether a template is a part of others or makes pages of another sort, so that it shows nothing of a page of content. Those that
    /// need values which such a page does not have fail by themselves.
    pub fn shows_no_page(name: &str) -> bool {
        let other = ["base.html", "404.html", "poster.html", "redirect.html", "wechat.html"];
        let is_in = |folder: &str| name.starts_with(folder);
        other.contains(&name)
            || is_in("parts/")
            || is_in("directives/")
            || is_in("illustrations/")
            || name.ends_with("components.html")
    }

    /// Ids of elements in each template, with those of the templates of directives, which any page may show.
    pub fn ids_of_pages(&self) -> BTreeMap<String, TemplateIds> {
        let mut of_directives = TemplateIds::default();
        let is_directive = |name: &str| name.strip_prefix("theme/").unwrap_or(name).starts_with("directives/");
        self.template_ids.iter().filter(|(name, _)| is_directive(name)).for_each(|(_, ids)| of_directives.add(ids));
        let pages = self.template_ids.iter().filter(|(name, _)| !is_directive(name) && !name.starts_with("theme/"));
        let with_directives = |ids: &TemplateIds| {
            let mut ids = ids.clone();
            ids.add(&of_directives);
            ids
        };
        pages.map(|(name, ids)| (name.clone(), with_directives(ids))).collect()
    }

    /// Template names that a page may select with `template:` in front matter.
    pub fn template_names(&self) -> impl Iterator<Item = &str> {
        self.paths.keys().map(|n| n.strip_prefix("theme/").unwrap_or(n))
    }

    /// Renders the template `name`. An error names the template file, the line and the variables that were available.
    pub fn render(
        &self,
        name: &str,
        context: &Context,
        available: impl FnOnce() -> BTreeSet<&'static str>,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let _steps = bounds::Steps::begin();
        let mut html = BoundedOutput::new(TYPICAL_PAGE_BYTES, bounds::MAX_BYTES);
        let rendered = self.tera.render_to(name, context, &mut html);
        let Some(html) = html.finish() else {
            let most = human_size(bounds::MAX_BYTES as u64);
            let diag = Diagnostic::new(&codes::output::OUTPUT_TOO_LARGE);
            let diag = diag.arg("size", format!("> {most}")).arg("limit", most);
            return Err(Box::new(self.paths.get(name).map_or(diag.clone(), |path| diag.file(path))));
        };
        match rendered {
            Ok(()) => Ok(html),
            Err(error) => {
                let (names, extra) = (available(), extra_keys(context));
                let available = AvailableNames { names: &names, extra: &extra };
                Err(Box::new(error::diagnose(&error, name, available, &self.sources())))
            }
        }
    }

    fn sources(&self) -> TemplateSources<'_> {
        TemplateSources { paths: &self.paths, texts: &self.texts, functions: self.functions }
    }

    /// Content of a static file of the theme as it is published; style sheets are minified, and one that declares the main colour
    /// (`--main`) gets that of the settings. `path` is the key in `static_files`.
    pub fn static_file(&self, path: &str, files: &FileSnapshot) -> Result<Vec<u8>, Diagnostic> {
        let bytes = match self.static_files.get(path) {
            Some(StaticFile::Embedded(path)) => embedded::files().get(path).map(|b| b.to_vec()).unwrap_or_default(),
            Some(StaticFile::Site(path)) => clean_photograph(path, files.read_bytes(path, MAX_STATIC_BYTES, "data")?)?,
            None => Vec::new(),
        };
        Ok(match std::str::from_utf8(&bytes) {
            Ok(text) if path.ends_with(".css") => with_colour(minify_css(text), self.colour.as_deref()).into_bytes(),
            _ => bytes,
        })
    }
}

/// `css` with `colour` as its `--main`, if it declares one: its last rule wins. It stands here and not in a `<style>` of each page, which a
/// Content-Security-Policy would have to allow with a hash that differs from site to site.
fn with_colour(mut css: String, colour: Option<&str>) -> String {
    if let Some(colour) = colour.filter(|_| css.contains("--main:")) {
        css.push_str(":root{--main:");
        css.push_str(colour);
        css.push('}');
    }
    css
}

/// Initial capacity of the render buffer in bytes: the size of a typical page.
const TYPICAL_PAGE_BYTES: usize = 16 << 10;

/// Size limit in bytes. Static files of a theme are read into memory for their fingerprint.
const MAX_STATIC_BYTES: u64 = 64 << 20;

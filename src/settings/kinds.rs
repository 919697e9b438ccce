//! The kinds of pages of a site: its own, from the files of `kinds/`, and what `site.yaml` hides of the built-in ones.
//!
//! Input: the keys `hidden_kinds` and `hidden_taxonomies`, and the site's files. Output: [`SiteKinds`] and diagnostics.
//! Does not know whether templates exist.

use std::sync::Arc;

use puzhi_core::base::SitePath;
use puzhi_core::diag::codes::kinds as codes;
use puzhi_core::diag::{Diagnostic, SourceText};
use puzhi_core::kinds::{HIDEABLE_KINDS, KindFileContext, KindName, MAX_KINDS, SiteKinds, TAXONOMY_KEYS, read_kind};
use puzhi_core::yaml::{Field, MappingReader, Type};

use super::Settings;
use crate::source::FileSnapshot;

/// Folder of the files that define kinds.
pub const KINDS_FOLDER: &str = "kinds";

const HIDEABLE_TAXONOMIES: &[(&str, &str)] =
    &[("tags", "标签"), ("units", "责任单位"), ("campaigns", "活动系列"), ("channels", "七进"), ("audiences", "面向")];

/// The keys of `site.yaml` that hide built-in kinds and taxonomies.
pub(super) const HIDDEN_KINDS_FIELD: Field = Field::new(
    "hidden_kinds",
    "隐藏类型",
    Type::Choices(HIDEABLE_KINDS),
    "这个站点不用的类型；这种页面算错误",
    "kinds that this site does not use; pages of them are errors",
);

pub(super) const HIDDEN_TAXONOMIES_FIELD: Field = Field::new(
    "hidden_taxonomies",
    "隐藏分类",
    Type::Choices(HIDEABLE_TAXONOMIES),
    "这个站点不用的内置分类；写了算错误",
    "built-in taxonomies that this site does not use; terms in them are errors",
);

/// Reads both keys.
pub(super) fn read(f: &mut MappingReader<'_, '_>) -> SiteKinds {
    let hidden = f.choices("hidden_kinds").iter().filter_map(|name| KindName::from_name(name.value)).collect();
    let written = f.choices("hidden_taxonomies");
    let is_hidden = |name: &&str| written.iter().any(|word| word.value == *name);
    let hidden_taxonomies = TAXONOMY_KEYS.iter().map(|(name, _)| *name).filter(is_hidden).collect();
    SiteKinds { own: Vec::new(), hidden, hidden_taxonomies }
}

/// The settings with the kinds that the site's files define. A file with errors defines what can be understood of it, so
/// that its pages are not reported for its mistakes.
pub fn with_own_kinds(settings: &Arc<Settings>, files: &FileSnapshot) -> (Arc<Settings>, Vec<Diagnostic>) {
    let mut paths = files.paths_in(KINDS_FOLDER).peekable();
    if paths.peek().is_none() {
        return (Arc::clone(settings), Vec::new());
    }
    let mut diags = Vec::new();
    let mut settings = Settings::clone(settings);
    let taxonomies: Vec<String> = settings.taxonomies.iter().map(|taxonomy| taxonomy.key.clone()).collect();
    settings.kinds.own.clear();
    for path in paths {
        if !is_kind_file(path) {
            diags.push(Diagnostic::new(&codes::KIND_FILE_UNUSED).file(path));
            continue;
        }
        if settings.kinds.own.len() == MAX_KINDS {
            diags.push(Diagnostic::new(&codes::TOO_MANY_KINDS).file(path).arg("limit", MAX_KINDS));
            break;
        }
        match files.read_text(path, settings.limits.front_matter, "front_matter") {
            Ok((file, warning)) => {
                diags.extend(warning);
                let context = KindFileContext { taken: &settings.kinds.own, taxonomies: &taxonomies };
                let (kind, found) = read_kind(&SourceText::new(path, &file.text), context);
                diags.extend(found);
                settings.kinds.own.push(kind);
            }
            Err(diag) => diags.push(diag),
        }
    }
    (Arc::new(settings), diags)
}

/// Whether a file in `kinds/` defines a kind.
fn is_kind_file(path: &SitePath) -> bool {
    path.relative_to(KINDS_FOLDER).is_some_and(|below| !below.contains('/')) && path.has_extension(&["yaml", "yml"])
}

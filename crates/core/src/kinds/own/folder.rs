//! The folder of `content/` for new pages of a kind.
//!
//! Input: the file of the kind, its name, and the kinds before it. Output: a folder, and findings about one that pages of another sort
//! have. Does not know which folders exist.

use super::file::KindFileContext;
use crate::base::SitePath;
use crate::diag::Diagnostic;
use crate::diag::codes::kinds as code;
use crate::kinds::{KindName, TAXONOMY_KEYS};
use crate::yaml::{MappingReader, Spanned};

/// Reads the folder: by default the name of the kind.
pub(super) fn folder(
    fields: &mut MappingReader<'_, '_>,
    name: &Spanned<String>,
    context: KindFileContext<'_>,
) -> String {
    let by_name = Spanned { value: name.value.to_lowercase(), span: name.span };
    let written =
        fields.node("folder").and_then(|node| Some(Spanned { value: node.text()?.into_owned(), span: node.span }));
    let Some(written) = written else {
        // A list or mapping is reported as such.
        fields.text("folder");
        report_taken(fields, &by_name, context);
        return by_name.value;
    };
    let path = SitePath::new(written.value.trim().trim_matches('/')).ok();
    let below = path.as_ref().map(|path| path.relative_to("content").unwrap_or(path.as_str()));
    let good = below.filter(|path| {
        // Pages of all kinds lie in content/ itself.
        !path.is_empty() && *path != "content" && !path.split('/').any(|segment| segment.starts_with('.'))
    });
    let Some(good) = good else {
        let diag = Diagnostic::new(&code::BAD_KIND_FOLDER).at(fields.source(), written.span);
        fields.report(diag.arg("value", written.value.trim()).arg("example", "scams"));
        return by_name.value;
    };
    let folder = Spanned { value: good.to_string(), span: written.span };
    report_taken(fields, &folder, context);
    folder.value
}

/// Warns of a folder in which pages of another kind, or terms, lie.
fn report_taken(fields: &mut MappingReader<'_, '_>, folder: &Spanned<String>, context: KindFileContext<'_>) {
    let built_in = KindName::ALL.iter().find(|kind| kind.definition().folder == folder.value);
    let built_in = built_in.map(|kind| (format!("类型“{}”", kind.zh()), format!("the kind {}", kind.as_str())));
    let own = context.taken.iter().find(|kind| kind.folder == folder.value);
    let own = || own.map(|kind| (format!("类型“{}”", kind.zh), format!("the kind {}", kind.name)));
    let built_in_terms = || TAXONOMY_KEYS.iter().find(|(key, _)| *key == folder.value);
    let terms = || built_in_terms().map(|(key, _)| (format!("分类 {key} "), format!("the taxonomy {key}")));
    let own_terms = || context.taxonomies.iter().find(|key| **key == folder.value);
    let own_terms = || own_terms().map(|key| (format!("分类“{key}”"), format!("the taxonomy {key}")));
    if let Some((zh, en)) = built_in.or_else(own).or_else(terms).or_else(own_terms) {
        let diag = Diagnostic::new(&code::KIND_FOLDER_TAKEN).at(fields.source(), folder.span);
        fields.report(diag.arg("folder", &folder.value).arg("other", zh).arg("other_en", en));
    }
}

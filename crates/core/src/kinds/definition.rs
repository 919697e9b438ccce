//! What a kind of page is: its names, its table of keys, how they are read, where its pages go, what they look like and
//! what a new one contains.
//!
//! Each kind defines one [`KindDefinition`] in its own file; `kinds::mod` lists them, and everything else reads the list.
//! Knows no kind in particular.

use super::{CommonFrontMatter, KindData, NewPageTemplate};
use crate::yaml::{Field, FilledField, MappingReader};

/// A built-in kind of page.
#[derive(Debug)]
pub struct KindDefinition {
    /// English name, as in `kind:` and in templates.
    pub name: &'static str,
    /// Chinese names that `kind:` accepts. The first is the one that is shown.
    pub zh: &'static [&'static str],
    /// The keys that only this kind has.
    pub fields: &'static [Field],
    /// Reads the keys. Diagnostics are dropped for a page without front matter.
    pub read: fn(&mut MappingReader<'_, '_>, &CommonFrontMatter) -> KindData,
    /// Folder of `content/` for new pages, where no section declares the kind; "" for `content/` itself.
    pub folder: &'static str,
    /// Template of its pages.
    pub template: &'static str,
    /// Whether every theme must have that template. Without it, `page.html` shows the page.
    pub needs_template: bool,
    /// Keys of which a new page has values, besides those of all pages.
    pub new_fields: fn(&NewPageTemplate<'_>) -> Vec<FilledField<'static>>,
    /// Body of a new page.
    pub new_body: &'static str,
    /// Example for the reference page: front matter that is read without findings.
    pub example: &'static str,
}

/// For kinds whose new pages have values only in the keys of all pages.
pub(super) fn no_new_fields(_: &NewPageTemplate<'_>) -> Vec<FilledField<'static>> {
    Vec::new()
}

/// Makes [`super::KindName`] and its list from one line for each kind: `Variant = file`.
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $file:ident),* $(,)?) => {
        /// The name of a kind, as written in `kind:`.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize,
        )]
        #[serde(rename_all = "lowercase")]
        pub enum KindName {
            $($(#[$doc])* $variant,)*
            /// A kind that the site defines, by its index in [`SiteKinds`].
            Own(u8),
        }

        impl KindName {
            /// All built-in kinds, in the order of the reference page.
            pub const ALL: &[KindName] = &[$(KindName::$variant),*];

            /// The definition of the kind; of a site's own kind only what its file leaves open.
            pub const fn definition(self) -> &'static KindDefinition {
                match self {
                    $(KindName::$variant => &$file::KIND,)*
                    KindName::Own(_) => &own::KIND,
                }
            }
        }
    };
}
pub(super) use kinds;

/// Rows of a choice between kinds: each kind's English name with each of its Chinese names.
pub(super) const fn choice_rows<const N: usize>(kinds: &[super::KindName]) -> [(&'static str, &'static str); N] {
    let mut rows = [("", ""); N];
    let (mut row, mut kind) = (0, 0);
    while kind < kinds.len() {
        let definition = kinds[kind].definition();
        let mut spelling = 0;
        while spelling < definition.zh.len() {
            rows[row] = (definition.name, definition.zh[spelling]);
            row += 1;
            spelling += 1;
        }
        kind += 1;
    }
    rows
}

/// Number of rows that [`choice_rows`] makes.
pub(super) const fn count_choice_rows(kinds: &[super::KindName]) -> usize {
    let (mut rows, mut kind) = (0, 0);
    while kind < kinds.len() {
        rows += kinds[kind].definition().zh.len();
        kind += 1;
    }
    rows
}

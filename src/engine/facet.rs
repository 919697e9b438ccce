//! What a facet is: one kind of value that can be read from a source, with its reader, its name and its fingerprint in one place.
//!
//! In: a type for each facet. Out: the enum of the facets of one kind of subject, made by `facet_group!` and `named_facet_group!`.
//! Does not know what the sources and the values are.

use super::Fingerprint;

/// One kind of value that can be read from a source `S`, for example the title of a page. The rule for implementations: the
/// fingerprint covers everything that `read` gives out, so that a reader whose value would differ finds another fingerprint.
pub trait Facet<S: ?Sized> {
    /// What the value belongs to: a page, a term, a file.
    type Of;
    /// The value, or a handle that gives out parts of it.
    type Value<'s>
    where
        S: 's;
    /// The name of the facet in `puzhi explain` and in tests. Unique among the facets of a source.
    const NAME: &'static str;
    /// The same in Chinese, for `puzhi explain`.
    const ZH: &'static str;

    /// Reads the value. Whoever calls this records the read.
    fn read<'s>(source: &'s S, of: &Self::Of) -> Self::Value<'s>;

    /// The present fingerprint of the value; `None` if there is no such value.
    fn fingerprint(source: &S, of: &Self::Of) -> Option<Fingerprint>;
}

/// The names of a facet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FacetNames {
    /// In English, and for tests.
    pub en: &'static str,
    /// In Chinese.
    pub zh: &'static str,
}

impl FacetNames {
    /// The names of `F`.
    pub fn of<S: ?Sized, F: Facet<S>>() -> Self {
        Self { en: F::NAME, zh: F::ZH }
    }
}

/// Defines the enum of all facets that have subjects of one type: `facet_group! { /// Doc. Group, Source, Subject { A, B } }`. Adding a
/// facet to the program is its type with its [`Facet`] and its name in such a list.
macro_rules! facet_group {
    ($(#[$doc:meta])* $group:ident, $source:ty, $subject:ty { $($facet:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
        )]
        pub enum $group {
            $(#[doc = concat!("The facet [`", stringify!($facet), "`].")] $facet,)+
        }

        impl $group {
            /// All facets of the group.
            pub const ALL: &'static [Self] = &[$(Self::$facet,)+];

            /// The names of the facet.
            pub fn names(self) -> $crate::engine::FacetNames {
                match self {
                    $(Self::$facet => $crate::engine::FacetNames::of::<$source, $facet>(),)+
                }
            }

            /// The present fingerprint of the facet of one subject.
            pub fn fingerprint(self, source: &$source, of: &$subject) -> Option<$crate::engine::Fingerprint> {
                match self {
                    $(Self::$facet => <$facet as $crate::engine::Facet<$source>>::fingerprint(source, of),)+
                }
            }
        }
    };
}

/// The same for facets that each have a subject of a type of their own, which the key holds. Subjects implement `Display`.
macro_rules! named_facet_group {
    ($(#[$doc:meta])* $group:ident, $source:ty { $($facet:ident($of:ty)),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $group {
            $(#[doc = concat!("A value of the facet [`", stringify!($facet), "`].")] $facet($of),)+
        }

        impl $group {
            /// The names of all facets of the group.
            pub const NAMES: &'static [&'static str] = &[$(<$facet as $crate::engine::Facet<$source>>::NAME,)+];

            /// The names of the facet.
            pub fn names(&self) -> $crate::engine::FacetNames {
                match self {
                    $(Self::$facet(_) => $crate::engine::FacetNames::of::<$source, $facet>(),)+
                }
            }

            /// What the value belongs to.
            pub fn subject(&self) -> String {
                match self {
                    $(Self::$facet(of) => of.to_string(),)+
                }
            }

            /// The present fingerprint of the value.
            pub fn fingerprint(&self, source: &$source) -> Option<$crate::engine::Fingerprint> {
                match self {
                    $(Self::$facet(of) => <$facet as $crate::engine::Facet<$source>>::fingerprint(source, of),)+
                }
            }
        }

        impl std::fmt::Display for $group {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let of = self.subject();
                f.write_str(self.names().en)?;
                if of.is_empty() { Ok(()) } else { write!(f, " {of}") }
            }
        }
    };
}

pub(crate) use {facet_group, named_facet_group};

//! What an output format defines, and the macro that makes the list of formats.
//!
//! In: planning gets a [`Planner`], rendering a [`RenderInput`]. Out: outputs in the plan, an [`Artifact`]. Knows no
//! format in particular.

use std::io::Read;

use crate::catalog::PageId;
use crate::engine::Fingerprint;
use crate::view::{SiteData, Views};
use puzhi_core::base::SitePath;
use puzhi_core::diag::Diagnostic;

use super::OutputJob;
use super::plan::{OutputPlan, Planner};

/// When an output is put into place. What others show or link to comes first, so that a reader who comes in between
/// finds no page that lists or shows what is not there yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WriteRank {
    /// Files that pages show.
    Asset,
    /// Pages and files that lists link to.
    Page,
    /// Lists and feeds.
    List,
}

/// When an output is made. It decides how long documents stay in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RenderTurn {
    /// Shows whole documents of several pages, which are still in memory.
    Feeds,
    /// Shows the document of its own page, which is then let go.
    Pages,
    /// Shows cards, which take the memory that documents leave.
    Lists,
}

/// The content of one output.
pub enum Artifact<'f> {
    /// A rendered output.
    Bytes(Vec<u8>),
    /// A reader for a file that is copied without loading it into memory.
    Stream(Box<dyn Read + 'f>),
}

impl From<Vec<u8>> for Artifact<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Artifact::Bytes(bytes)
    }
}

impl From<String> for Artifact<'_> {
    fn from(text: String) -> Self {
        Artifact::Bytes(text.into_bytes())
    }
}

/// What a format may read to render an output.
pub(super) struct RenderInput<'i, 'f> {
    /// The output.
    pub job: &'i OutputJob,
    /// All outputs of the site.
    pub plan: &'i OutputPlan,
    /// The site's data and templates.
    pub views: &'f Views,
}

/// An output format. A value of the type says what one output of the format shows.
pub(super) trait Format {
    /// Plans all outputs of the format that the site has.
    fn plan(planner: &mut Planner<'_>)
    where
        Self: Sized;

    /// A fingerprint of what the output shows, by names that outlive the build.
    fn fingerprint(&self, site: &SiteData) -> Fingerprint;

    /// The template or format, as timings and messages call it.
    fn name(&self, site: &SiteData) -> &'static str;

    /// When the output is put into place.
    fn write_rank(&self) -> WriteRank;

    /// Renders the output. Fails if a template fails or a file cannot be read.
    fn render<'f>(&self, input: &RenderInput<'_, 'f>) -> Result<Artifact<'f>, Box<Diagnostic>>;

    /// What is found about the page that the output shows when it is made. Fails as rendering does.
    fn findings(&self, _: &RenderInput<'_, '_>) -> Result<Vec<Diagnostic>, Box<Diagnostic>> {
        Ok(Vec::new())
    }

    /// When the output is made.
    fn render_turn(&self) -> RenderTurn {
        RenderTurn::Lists
    }

    /// The page whose own output this is: its address is the page's.
    fn page(&self) -> Option<PageId> {
        None
    }

    /// Whether the output is an HTML page of the theme, which then has a large page beside it.
    fn is_html(&self) -> bool {
        false
    }

    /// Whether the output is a list that follows from pages. When its address goes, it leads to the list above it.
    fn is_list(&self) -> bool {
        false
    }

    /// The output that this one is made from, if it is made from the bytes of another one.
    fn derived_from(&self) -> Option<&OutputJob> {
        None
    }

    /// Whether the output stands for a file of the site at its address.
    fn is_copy(&self) -> bool {
        false
    }

    /// The files of the site that the output publishes, if it is made from nothing else. It is left out when all of them stay back.
    fn published_files(&self) -> &[SitePath] {
        &[]
    }

    /// Whether a file of the site's own may take the output's place.
    fn is_replaceable(&self) -> bool {
        false
    }

    /// Whether the output gives way to every other one at its address: a redirect.
    fn gives_way(&self) -> bool {
        false
    }

    /// Whether the settings limit the size of the output.
    fn is_limited(&self) -> bool {
        true
    }
}

/// Makes the enumeration of all formats from a list of `file::Type`: one variant per format, which holds a value of its
/// type.
macro_rules! formats {
    ($(#[$doc:meta])* $recipe:ident = [$($file:ident :: $format:ident),* $(,)?]) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $recipe {
            $(
                #[doc = concat!("See [`", stringify!($file), "::", stringify!($format), "`].")]
                $format($file::$format),
            )*
        }

        $(
            impl From<$file::$format> for $recipe {
                fn from(output: $file::$format) -> Self {
                    $recipe::$format(output)
                }
            }
        )*

        impl $recipe {
            fn format(&self) -> &dyn Format {
                match self {
                    $($recipe::$format(output) => output,)*
                }
            }

            /// Plans the outputs of all formats.
            fn plan_all(planner: &mut Planner<'_>) {
                $($file::$format::plan(planner);)*
            }
        }
    };
}
pub(super) use formats;

//! [`Site`]: everything that rendering reads, behind one reader that records. In: the data of a site, a facet and its subject.
//! Out: the value; the read is recorded. Knows no template and no output.

use crate::engine::Facet;

use super::key::BuildKey;
use super::recorder;
use super::site_data::SiteData;

/// One site with everything that rendering needs. Nothing in it changes while outputs are made. Its data can be read through
/// [`Site::read`] alone, except by the readers of the facets.
#[derive(Debug)]
pub struct Site {
    pub(super) data: SiteData,
}

/// A facet of a [`Site`]: it also knows the key under which a read of it is recorded.
pub(in crate::view) trait Tracked: Facet<Site> {
    /// The key of one value.
    fn key(of: Self::Of) -> BuildKey;
}

impl Site {
    /// The site that `data` describes.
    pub fn new(data: SiteData) -> Self {
        Self { data }
    }

    /// Reads one value and records that the output that is being rendered depends on it. The only way to the data of the site for
    /// whatever is rendered, and the only call that records.
    pub(in crate::view) fn read<F: Tracked>(&self, of: F::Of) -> F::Value<'_> {
        let value = F::read(self, &of);
        recorder::record(|| F::key(of));
        value
    }

    /// The data without recording, for whatever is not rendered: planning, commands, the preview's list of pages. `tests/tidy`
    /// lists the files that may use it.
    pub fn untracked(&self) -> &SiteData {
        &self.data
    }

    /// The same, to be changed.
    pub fn untracked_mut(&mut self) -> &mut SiteData {
        &mut self.data
    }

    /// The facet whose reads are not recorded; tests alone set it.
    pub(super) fn unrecorded(&self) -> Option<&str> {
        self.data.unrecorded.as_deref()
    }
}

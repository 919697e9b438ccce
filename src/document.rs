//! The phase type [`Document`]: one parsed Markdown file, and [`DocumentReferences`], what is held of it without its text.
//!
//! The build makes it from one source file. It holds typed front matter and the rendered body, whose slots (links,
//! pictures, code, directives) are not filled yet. It does not know other pages.

use jiff::civil::DateTime;

use crate::markdown::{Directive, Image, Link, RenderedBody};
use puzhi_core::base::{ContentHash, DateOrDateTime, SitePath};

use puzhi_core::kinds::{CommonFrontMatter, ImageRef, KindData, SectionOptions, Spanned};

/// Typed front matter and body of one Markdown file.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Path of the file relative to the site's folder.
    pub path: SitePath,
    /// Hash of the file's bytes.
    pub hash: ContentHash,
    /// Front matter that all kinds of pages have.
    pub front_matter: CommonFrontMatter,
    /// Front matter of the page's kind.
    pub kind: KindData,
    /// Section options from `_index.md`; default values on other pages.
    pub section_options: SectionOptions,
    /// The rendered body with open slots.
    pub body: RenderedBody,
}

/// What of a document refers to other pages and files, without its text. A large site holds no more than this of a page whose
/// references were followed.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentReferences {
    path: SitePath,
    kind: KindData,
    image: Option<Box<ImageRef>>,
    template: Option<Spanned<String>>,
    highlights: Vec<Spanned<String>>,
    links: Vec<Link>,
    images: Vec<Image>,
    directives: Vec<Directive>,
}

/// The references of a document, borrowed from the document or from its [`DocumentReferences`].
#[derive(Debug, Clone, Copy)]
pub struct References<'d> {
    /// Path of the file.
    pub path: &'d SitePath,
    /// Front matter of the page's kind.
    pub kind: &'d KindData,
    /// The picture of the front matter.
    pub image: Option<&'d ImageRef>,
    /// The template that the front matter names.
    pub template: Option<&'d Spanned<String>>,
    /// The targets that the front matter names in `extra`, for a home page.
    pub highlights: &'d [Spanned<String>],
    /// The links of the body.
    pub links: &'d [Link],
    /// The images of the body.
    pub images: &'d [Image],
    /// The directives of the body.
    pub directives: &'d [Directive],
}

impl DocumentReferences {
    /// The references.
    pub fn references(&self) -> References<'_> {
        References {
            path: &self.path,
            kind: &self.kind,
            image: self.image.as_deref(),
            template: self.template.as_ref(),
            highlights: &self.highlights,
            links: &self.links,
            images: &self.images,
            directives: &self.directives,
        }
    }
}

impl From<Document> for DocumentReferences {
    fn from(doc: Document) -> Self {
        let RenderedBody { links, images, directives, .. } = doc.body;
        let CommonFrontMatter { image, template, highlights, .. } = doc.front_matter;
        Self { path: doc.path, kind: doc.kind, image, template, highlights, links, images, directives }
    }
}

impl Document {
    /// The references.
    pub fn references(&self) -> References<'_> {
        References {
            path: &self.path,
            kind: &self.kind,
            image: self.front_matter.image.as_deref(),
            template: self.front_matter.template.as_ref(),
            highlights: &self.front_matter.highlights,
            links: &self.body.links,
            images: &self.body.images,
            directives: &self.body.directives,
        }
    }

    /// The moment before which the page is not published, in the site's zone, if front matter names one. A day without a time
    /// begins at midnight.
    pub fn published_from(&self) -> Option<DateTime> {
        [self.front_matter.date, self.front_matter.not_before].into_iter().flatten().map(|day| day.moment()).max()
    }

    /// What is left of a page that is withdrawn: its title, dates and terms for republishing, and a notice that the theme shows. Its references stay, so that
    /// its files are found and held back, and its anchors, so that links to them lead to the notice.
    pub fn withdrawn(self) -> Self {
        let CommonFrontMatter { title, date, not_before, updated, expires, slug, aliases, image, .. } =
            self.front_matter;
        let CommonFrontMatter { order, group, draft, draft_flag, corrections, withdrawn, sample, republish, .. } =
            self.front_matter;
        let RenderedBody { links, images, directives, code, anchors, title: heading, title_id, first_heading, .. } =
            self.body;
        let front_matter = CommonFrontMatter {
            title,
            date,
            not_before,
            updated,
            expires,
            slug,
            aliases,
            image,
            order,
            group,
            draft,
            draft_flag,
            corrections,
            withdrawn,
            sample,
            republish,
            ..CommonFrontMatter::default()
        };
        let body = RenderedBody {
            links,
            images,
            directives,
            code,
            anchors,
            title: heading,
            title_id,
            first_heading,
            ..RenderedBody::default()
        };
        Document { front_matter, kind: KindData::Page, body, ..self }
    }

    /// An empty document, used as a substitute if a file was removed after the scan.
    pub fn empty(path: &SitePath) -> Self {
        Self {
            path: path.clone(),
            hash: ContentHash::of(b""),
            front_matter: CommonFrontMatter::default(),
            kind: KindData::Page,
            section_options: SectionOptions::default(),
            body: RenderedBody::default(),
        }
    }

    /// Last day on which the page is valid: `expires`, else what its kind says.
    pub fn expires(&self) -> Option<DateOrDateTime> {
        self.front_matter.expires.or(match &self.kind {
            KindData::Fields(fields) => fields.expires,
            _ => None,
        })
    }

    /// The title: from the front matter, else the level-1 heading, else the first heading, else `name`, the name of
    /// the file or folder.
    pub fn title<'d>(&'d self, name: &'d str) -> &'d str {
        let written = self.front_matter.title.as_deref().filter(|title| !title.trim().is_empty());
        written.or(self.body.title.as_deref()).or(self.body.first_heading.as_deref()).unwrap_or(name)
    }

    /// The summary from the front matter, else the text of the first paragraph.
    pub fn summary(&self) -> &str {
        self.front_matter.summary.as_deref().unwrap_or(&self.body.first_paragraph)
    }
}

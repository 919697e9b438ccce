//! The facet of the template variable `site`, which every page of a language gets. Its key covers everything that it reads.

use crate::engine::{Facet, Fingerprint, fingerprint};
use crate::settings::FeedScope;
use crate::view::model::{LanguageView, MarkView, NavView, SiteImageView, SiteView};
use crate::view::site::SiteImage;
use crate::view::tracking::recorder::covered;
use crate::view::tracking::search_data::{search_route, search_shape};
use crate::view::tracking::site::Site;

/// The template variable `site` of a language.
pub struct SiteVariable;

/// What [`SiteVariable`] gives out: computed when it is asked for, because it is serialised once and shared by all pages.
#[derive(Clone, Copy)]
pub struct SiteVariableFacts<'s> {
    site: &'s Site,
    lang: usize,
}

impl Facet<Site> for SiteVariable {
    type Of = u32;
    type Value<'s> = SiteVariableFacts<'s>;
    const NAME: &'static str = "site";
    const ZH: &'static str = "站点信息";

    fn read<'s>(site: &'s Site, lang: &u32) -> SiteVariableFacts<'s> {
        SiteVariableFacts { site, lang: *lang as usize }
    }

    fn fingerprint(site: &Site, lang: &u32) -> Option<Fingerprint> {
        let known = site.data.fingerprints.sites.get(*lang as usize)?;
        let compute = || fingerprint(&serde_json::to_string(&Self::read(site, lang).view()).unwrap_or_default());
        Some(*known.get_or_init(compute))
    }
}

impl SiteVariableFacts<'_> {
    /// The variable.
    pub fn view(&self) -> SiteView {
        covered(|| self.compute())
    }

    /// The navigation if the settings define none: the first sections below the home page.
    fn own_navigation(&self) -> Vec<NavView> {
        const MAX_ENTRIES: usize = 7;
        let catalog = &self.site.data.catalog;
        let Some(top) = catalog.section_by_folder("", self.lang) else { return Vec::new() };
        let children = catalog.section(top).children.iter().take(MAX_ENTRIES);
        children
            .map(|id| {
                let link = self.site.section_link(*id);
                let section = catalog.section(*id).folder.clone();
                NavView { title: link.title, url: link.url, external: false, note: None, picture: None, section }
            })
            .collect()
    }

    /// The marks of the footer that the settings name, in the order of the annex on web page design.
    fn marks(&self) -> Vec<MarkView> {
        let (registration, images) = (&self.site.data.settings.registration, &self.site.data.images);
        let word = |key| self.site.word(self.lang, key);
        let mark = |kind, title: Option<String>, url: &Option<String>, picture: &Option<SiteImage>| {
            Some(MarkView { kind, title: title?, url: url.clone(), picture: picture.as_ref().map(image_view) })
        };
        let linked = |url: &Option<String>, key| url.as_ref().map(|_| word(key));
        let rows = [
            mark("mark", linked(&registration.mark, "government_mark"), &registration.mark, &images.mark),
            mark("police", registration.police.clone(), &registration.police_url, &images.police),
            mark(
                "find_mistakes",
                linked(&registration.find_mistakes, "find_mistakes"),
                &registration.find_mistakes,
                &images.find_mistakes,
            ),
        ];
        rows.into_iter().flatten().collect()
    }

    fn compute(&self) -> SiteView {
        let (site, data, lang) = (self.site, &self.site.data, self.lang);
        let language = &data.settings.languages[lang];
        let home = crate::catalog::folder_route(data.settings.language_prefix(lang), "");
        let links = &data.navigation[lang];
        let nav = |written: &[crate::settings::NavEntry], urls: &[Option<String>]| -> Vec<NavView> {
            let both = written.iter().zip(urls);
            both.filter_map(|(entry, url)| {
                let url = url.clone()?;
                let external = url.contains("://");
                let section = if external {
                    ""
                } else {
                    url.trim_start_matches(&format!("{}/", data.settings.language_prefix(lang)))
                        .split('/')
                        .next()
                        .unwrap_or_default()
                };
                Some(NavView {
                    title: entry.title.clone(),
                    external,
                    note: entry.note.clone(),
                    picture: entry
                        .picture
                        .as_ref()
                        .map(|p| p.path.clone())
                        .filter(|name| data.theme.has_illustration(name)),
                    section: percent_decode(section),
                    url,
                })
            })
            .collect()
        };
        SiteView {
            title: language.title.clone(),
            promise: language.promise.clone(),
            description: language.description.clone(),
            organiser: language.organiser.clone(),
            organiser_url: language.organiser_url.clone(),
            undertaker: language.undertaker.clone(),
            copyright: language.copyright.clone(),
            colour: data.settings.colour.clone(),
            logo: data.images.logo.as_ref().map(image_view),
            favicon: data.images.favicon.as_ref().map(image_view),
            icons: site.icons(data.images.favicon.as_ref().map(|icon| (&*icon.url, icon.media_type))),
            share: site.site_share(lang),
            organiser_mark: data.images.organiser_mark.as_ref().map(image_view),
            base_url: site.permalink(&data.settings.href(&home)),
            home: data.settings.href(&home),
            navigation: if language.navigation.is_empty() {
                self.own_navigation()
            } else {
                nav(&language.navigation, &links.navigation)
            },
            footer: nav(&language.footer, &links.footer),
            entries: nav(&language.entries, &links.entries),
            identities: nav(&language.identities, &links.identities),
            portal: data.settings.portal.clone(),
            registration: data.settings.registration.clone(),
            marks: self.marks(),
            contact: data.settings.contact.clone(),
            languages: data
                .settings
                .languages
                .iter()
                .enumerate()
                .filter(|(i, _)| data.catalog.section_by_folder("", *i).is_some())
                .map(|(i, l)| LanguageView {
                    code: l.code.clone(),
                    tag: l.tag.clone(),
                    name: l.name.clone(),
                    home: data.settings.href(&crate::catalog::folder_route(data.settings.language_prefix(i), "")),
                })
                .collect(),
            feeds: site.feeds(&home, FeedScope::Site),
            search: search_shape(&data.catalog, &data.settings, lang)
                .filter(|_| data.has_search)
                .map(|_| data.settings.href(&search_route(data.settings.language_prefix(lang)))),
            zone: data.settings.zone_name.clone(),
            extra: data.settings.extra.clone(),
        }
    }
}

fn image_view(image: &SiteImage) -> SiteImageView {
    SiteImageView {
        url: image.url.clone(),
        media_type: image.media_type,
        width: image.size.map(|(width, _)| width),
        height: image.size.map(|(_, height)| height),
    }
}

fn percent_decode(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

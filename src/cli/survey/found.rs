//! A survey of a site's folder, and answers to it.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::Exit;
use super::super::build::{Speaker, clock, read_settings};
use super::database::{complain, parse, with_store};
use crate::catalog::{Card, PageId};
use crate::pipeline::{Options, prepare};
use crate::source::scan;
use crate::view::{Sheet, Views};
use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diag, Lang};
use puzhi_core::kinds::{Kind, Mode, Survey};
use puzhi_survey::Response;
use puzhi_survey::export::read_lines;
use puzhi_survey::store::{Absent, Count, Db};

/// More bytes of answers than a county collects.
const MOST: u64 = 1 << 30;

/// The survey with this id, in the site's first language.
pub(super) struct Found {
    views: Views,
    page: PageId,
    sheet: Arc<Sheet>,
}

impl Found {
    /// Reads the site. Errors on other pages do not keep anybody from counting this survey; those on its own page do.
    pub(super) fn read(root: &Path, id: &str, lang: Lang) -> Result<Found, Exit> {
        let speaker = Speaker { lang, json: false };
        let usage = |diags: Vec<Diag>| {
            speaker.all(&diags);
            Exit::Usage
        };
        let (settings, mut found) = read_settings(root, None, false).map_err(usage)?;
        let clock = clock(None, &settings).map_err(|diag| usage(vec![diag]))?;
        let (files, more) = scan(root, &settings.theme);
        found.extend(more);
        let options = Options { keep_going: true, drafts: true, ..Options::default() };
        let mut prepared = prepare(&Arc::new(files), found, &Arc::new(settings), clock, &options);
        let Some((views, page)) =
            prepared.site.take().and_then(|(views, _)| views.site.survey_page(id, 0).map(|page| (views, page)))
        else {
            prepared.diags.retain(Diag::is_error);
            speaker.all(&prepared.diags);
            complain(&match lang {
                Lang::Zh => format!("没有编号是“{id}”的问卷，或者它的页面有错"),
                Lang::En => format!("there is no survey with the id \"{id}\", or its page has errors"),
            });
            return Err(Exit::Usage);
        };
        let sheet = views.site.sheet(page);
        Ok(Found { views, page, sheet })
    }

    fn card(&self) -> &Card {
        self.views.site.catalog.card(self.page)
    }

    /// Its page's file.
    pub(super) fn path(&self) -> &SitePath {
        &self.card().path
    }

    pub(super) fn title(&self) -> &str {
        &self.card().title
    }

    pub(super) fn survey(&self) -> Option<&Survey> {
        match &self.sheet.doc.kind {
            Kind::Survey(survey) => Some(survey),
            _ => None,
        }
    }

    /// The zone its days are in.
    pub(super) fn zone(&self) -> &jiff::tz::TimeZone {
        &self.views.site.clock.zone
    }
}

/// Where answers come from: the store, or a file.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(super) struct From {
    /// 答卷存在哪里 (where answers are kept)
    #[arg(long, value_name = "DB", value_parser = parse)]
    db: Option<Db>,
    /// 或者答卷文件，每行一份 JSON (or a file of answers, one JSON object a line)
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
}

impl From {
    /// All answers to the survey.
    pub(super) fn responses(&self, survey: &str, lang: Lang) -> Result<Vec<Response>, Exit> {
        match (&self.db, &self.from) {
            (Some(db), _) => with_store(db, Absent::Refuse, lang, |store| async move {
                let mut all = Vec::new();
                store.each(survey, |response| all.push(response)).await?;
                Ok(all)
            }),
            (None, Some(file)) => from_file(file, survey, lang),
            // Not reached: the arguments ask for one of them.
            (None, None) => Err(Exit::Usage),
        }
    }

    /// How many answers there are by wave, mode and hour.
    pub(super) fn counts(&self, survey: &str, lang: Lang) -> Result<Vec<(String, Mode, i64, u64)>, Exit> {
        let Some(db) = &self.db else {
            return Ok(self.responses(survey, lang)?.into_iter().map(|r| (r.wave, r.mode, r.hour, 1)).collect());
        };
        let counts = with_store(db, Absent::Refuse, lang, |store| async move { store.counts(survey).await })?;
        let named = |c: Count| Some((c.wave, Mode::named(&c.mode)?, c.hour, u64::try_from(c.sheets).ok()?));
        Ok(counts.into_iter().filter_map(named).collect())
    }
}

fn from_file(file: &Path, survey: &str, lang: Lang) -> Result<Vec<Response>, Exit> {
    let path = file.display();
    let read = std::fs::File::open(file).and_then(|file| {
        let mut text = String::new();
        file.take(MOST + 1).read_to_string(&mut text)?;
        if text.len() as u64 > MOST { Err(std::io::ErrorKind::FileTooLarge.into()) } else { Ok(text) }
    });
    let text = read.map_err(|error| {
        complain(&match lang {
            Lang::Zh => format!("读不了 {path}：{}", error.kind()),
            Lang::En => format!("cannot read {path}: {}", error.kind()),
        });
        Exit::Io
    })?;
    let all = read_lines(&text).map_err(|bad| {
        complain(&match lang {
            Lang::Zh => format!("{path}:{}: 不是一份答卷：{}", bad.line, bad.cause),
            Lang::En => format!("{path}:{}: no response: {}", bad.line, bad.cause),
        });
        Exit::Content
    })?;
    Ok(all.into_iter().filter(|response| response.survey == survey).collect())
}

/// On standard output.
pub(super) fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Puts a file in place whole or not at all.
pub(super) fn put(path: &Path, text: &str, lang: Lang) -> Result<(), Exit> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| {
        let _ = std::fs::remove_file(&beside);
        complain(&match lang {
            Lang::Zh => format!("写不进 {}：{}", path.display(), error.kind()),
            Lang::En => format!("cannot write {}: {}", path.display(), error.kind()),
        });
        Exit::Io
    })
}

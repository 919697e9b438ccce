//! A survey of a site and the responses to it, for the commands that count and report.
//!
//! Input: the site's folder, a survey id, and a database or a file of responses. Output: the survey and its responses; errors are
//! printed. Does not count.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::ExitStatus;
use super::super::console::{Console, print_error};
use super::super::site::SiteRequest;
use super::database::{parse_database_address, with_store};
use crate::catalog::{PageId, PageMeta};
use crate::outputs::results_file;
use crate::pipeline::{Options, PictureOptions};
use crate::source::replace_file;
use crate::view::{ResolvedDoc, Views, results_route};
use puzhi_core::base::{Route, SitePath};
use puzhi_core::diag::{Diagnostic, Lang};
use puzhi_core::kinds::results::ResultsKey;
use puzhi_core::kinds::{KindData, SamplingMethod, Survey};
use puzhi_survey::Response;
use puzhi_survey::json_lines::{LineError, parse_json_lines, recorded_samples};
use puzhi_survey::provenance::{RecordedWave, recorded_waves};
use puzhi_survey::store::{DatabaseAddress, IfMissing, RecordCount, Relabelled, StoreError};

/// Size limit of a file of responses, in bytes: far more than the responses of one county need.
const MAX_FILE_BYTES: u64 = 1 << 30;

/// A survey page of the site, in the site's first language.
pub(super) struct SiteSurvey {
    views: Views,
    page: PageId,
    page_doc: Arc<ResolvedDoc>,
}

impl SiteSurvey {
    /// Reads the site and finds the survey with this id. Errors on other pages do not matter.
    ///
    /// # Errors
    /// [`ExitStatus::Usage`] when the site cannot be read, no page has this id, or the page has errors; the reason has been printed.
    pub(super) fn read(root: &Path, id: &str, lang: Lang) -> Result<SiteSurvey, ExitStatus> {
        let console = Console::text(lang);
        let site = SiteRequest::of(root).open().map_err(|diags| console.fail(&diags, ExitStatus::Usage))?;
        let mut prepared = site.prepare(&Options {
            keep_going: true,
            drafts: true,
            pictures: PictureOptions::never(),
            ..Options::default()
        });
        let Some((views, page)) =
            prepared.site.take().and_then(|(views, _)| views.site.survey_page(id, 0).map(|page| (views, page)))
        else {
            prepared.diags.retain(Diagnostic::is_error);
            console.print_diagnostics(&prepared.diags);
            print_error(&match lang {
                Lang::Zh => format!("没有编号是“{id}”的问卷，或者它的页面有错"),
                Lang::En => format!("there is no survey with the id \"{id}\", or its page has errors"),
            });
            return Err(ExitStatus::Usage);
        };
        let page_doc = views.site.resolved_doc(page);
        Ok(SiteSurvey { views, page, page_doc })
    }

    fn meta(&self) -> &PageMeta {
        self.views.site.meta(self.page)
    }

    /// Path of the page's source file.
    pub(super) fn path(&self) -> &SitePath {
        &self.meta().path
    }

    /// Title of the page.
    pub(super) fn title(&self) -> &str {
        &self.meta().title
    }

    /// The survey's definition.
    pub(super) fn survey(&self) -> Option<&Survey> {
        match &self.page_doc.doc.kind {
            KindData::Survey(survey) => Some(survey),
            _ => None,
        }
    }

    /// The results as a file for download, as the site publishes it in this format.
    pub(super) fn published_file(&self, extension: &str) -> String {
        results_file(self.page, extension, &self.views.site)
    }

    /// Address of that file below the output folder.
    pub(super) fn published_route(&self, extension: &str) -> Route {
        results_route(&self.meta().route, extension)
    }

    /// The key whose signature the settings ask for.
    pub(super) fn results_key(&self) -> Option<ResultsKey> {
        self.views.site.untracked().settings.survey.results_key
    }

    /// The site's time zone, in which days are counted.
    pub(super) fn zone(&self) -> &jiff::tz::TimeZone {
        &self.views.site.untracked().clock.zone
    }
}

/// Where answers come from: the store, or a file.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(super) struct AnswerSource {
    /// 答卷存在哪里 (where answers are kept)
    #[arg(long, value_name = "DB", value_parser = parse_database_address)]
    db: Option<DatabaseAddress>,
    /// 或者答卷文件，每行一份 JSON (or a file of answers, one JSON object a line)
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
}

impl AnswerSource {
    /// Reads all responses to the survey with the id `survey`.
    pub(super) fn responses(&self, survey: &str, lang: Lang) -> Result<Vec<Response>, ExitStatus> {
        match (&self.db, &self.from) {
            (Some(db), _) => with_store(db, IfMissing::Fail, lang, |store| async move {
                let mut all = Vec::new();
                store.for_each_response(survey, |response| all.push(response)).await?;
                Ok(all)
            }),
            (None, Some(file)) => from_file(file, survey, lang),
            // Unreachable: clap requires exactly one of the two options.
            (None, None) => Err(ExitStatus::Usage),
        }
    }

    /// The method of each wave as it was recorded at its first answer. A file of answers has no such record.
    pub(super) fn methods(&self, survey: &str, lang: Lang) -> Result<BTreeMap<String, String>, ExitStatus> {
        let Some(db) = &self.db else { return Ok(BTreeMap::new()) };
        let fixed = with_store(db, IfMissing::Fail, lang, |store| async move { store.fixed_waves(survey).await })?;
        Ok(fixed.into_iter().map(|wave| (wave.wave, wave.method)).collect())
    }

    /// Counts responses by wave, mode and hour. From a file, returns one entry per response instead; callers must add entries up.
    pub(super) fn counts(&self, survey: &str, lang: Lang) -> Result<Vec<RecordCount>, ExitStatus> {
        let Some(db) = &self.db else {
            let one = |r: Response| RecordCount { wave: r.wave, mode: r.mode, hour: r.hour, records: 1 };
            return Ok(self.responses(survey, lang)?.into_iter().map(one).collect());
        };
        with_store(db, IfMissing::Fail, lang, |store| async move { store.count_by_hour(survey).await })
    }
}

/// What is known of how the answers came.
pub(super) enum Recorded {
    /// By the store: everything.
    Store(BTreeMap<String, RecordedWave>),
    /// By a file: at most the sample type of a wave, `None` if it was not recorded.
    File(BTreeMap<String, Option<SamplingMethod>>),
}

impl AnswerSource {
    /// What was recorded with the answers to the survey.
    ///
    /// # Errors
    /// When a recorded field was changed in the store, or the lines of a file disagree; the field has been printed.
    pub(super) fn recorded(&self, survey: &str, lang: Lang) -> Result<Recorded, ExitStatus> {
        match (&self.db, &self.from) {
            (Some(db), _) => with_store(db, IfMissing::Fail, lang, |store| async move {
                let (batches, unrecorded) = store.batches(survey).await?;
                Ok(Recorded::Store(recorded_waves(&batches, &unrecorded)))
            }),
            (None, Some(file)) => {
                let text = read_answers(file, lang)?;
                let samples = recorded_samples(&text).map_err(|bad| no_response(file, &bad, lang))?;
                let mut waves = BTreeMap::new();
                for ((of, wave), names) in samples.into_iter().filter(|((of, _), _)| of == survey) {
                    let names: Vec<String> = names.into_iter().collect();
                    if names.len() > 1 {
                        let (recorded, declared) = (names[0].clone(), names[1].clone());
                        let found = Relabelled { wave, field: "sample", recorded, declared };
                        print_error(&format!("{of}: {}", StoreError::Relabelled(found).message(lang)));
                        return Err(ExitStatus::ContentErrors);
                    }
                    waves.insert(wave, names.first().and_then(|name| SamplingMethod::from_name(name)));
                }
                Ok(Recorded::File(waves))
            }
            (None, None) => Err(ExitStatus::Usage),
        }
    }
}

/// Prints that a line of a file is no response.
fn no_response(file: &Path, bad: &LineError, lang: Lang) -> ExitStatus {
    let path = file.display();
    print_error(&match lang {
        Lang::Zh => format!("{path}:{}: 不是一份答卷：{}", bad.line, bad.cause),
        Lang::En => format!("{path}:{}: no response: {}", bad.line, bad.cause),
    });
    ExitStatus::ContentErrors
}

fn from_file(file: &Path, survey: &str, lang: Lang) -> Result<Vec<Response>, ExitStatus> {
    let text = read_answers(file, lang)?;
    let all = parse_json_lines(&text).map_err(|bad| no_response(file, &bad, lang))?;
    Ok(all.into_iter().filter(|response| response.survey == survey).collect())
}

/// The text of a file of answers.
fn read_answers(file: &Path, lang: Lang) -> Result<String, ExitStatus> {
    let path = file.display();
    let read = std::fs::File::open(file).and_then(|file| {
        let mut text = String::new();
        file.take(MAX_FILE_BYTES + 1).read_to_string(&mut text)?;
        if text.len() as u64 > MAX_FILE_BYTES { Err(std::io::ErrorKind::FileTooLarge.into()) } else { Ok(text) }
    });
    read.map_err(|error| {
        print_error(&match lang {
            Lang::Zh => format!("读不了 {path}：{}", error.kind()),
            Lang::En => format!("cannot read {path}: {}", error.kind()),
        });
        ExitStatus::Io
    })
}

/// Replaces a file atomically; prints the reason if that fails.
pub(super) fn write_result_file(path: &Path, text: &str, lang: Lang) -> Result<(), ExitStatus> {
    replace_file(path, text).map_err(|error| {
        print_error(&match lang {
            Lang::Zh => format!("写不进 {}：{}", path.display(), error.kind()),
            Lang::En => format!("cannot write {}: {}", path.display(), error.kind()),
        });
        ExitStatus::Io
    })
}

//! The surveys of a site's folder, as the collector asks them.

use std::path::Path;
use std::sync::Arc;

use super::super::ExitStatus;
use super::super::build::{Console, build_clock, read_settings};
use super::database::print_error;
use crate::source::scan;
use crate::survey_definition::read_definitions;
use puzhi_core::diag::{Diagnostic, Lang};
use puzhi_survey::collector::{SurveyDefinitions, parse_origin};

/// Reads them for a site published at `origin`, by default where the settings say. Only errors are told: the build tells the rest.
pub(super) fn load_definitions(root: &Path, origin: Option<&str>, lang: Lang) -> Result<SurveyDefinitions, ExitStatus> {
    let console = Console { lang, json: false };
    let failed = |mut diags: Vec<Diagnostic>| {
        diags.retain(Diagnostic::is_error);
        console.print_diagnostics(&diags);
        ExitStatus::Usage
    };
    let (settings, mut found) = read_settings(root, None, false).map_err(failed)?;
    let clock = build_clock(None, &settings).map_err(|diag| failed(vec![diag]))?;
    let (files, more) = scan(root, &settings.theme);
    found.extend(more);
    let files = Arc::new(files);
    let origin = origin.map(str::to_string).or_else(|| settings.base_url.clone());
    let Some(origin) = origin.filter(|origin| parse_origin(origin).is_some()) else {
        print_error(match lang {
            Lang::Zh => "不知道网站的网址：请写 --site-origin https://网站的主机名，或在 site.yaml 里写 base_url",
            Lang::En => {
                "the site's address is not known: give --site-origin https://HOST, or set base_url in site.yaml"
            }
        });
        return Err(ExitStatus::Usage);
    };
    let (definitions, mut diags) = read_definitions(&files, found, settings, clock, &origin).map_err(failed)?;
    diags.retain(Diagnostic::is_error);
    console.print_diagnostics(&diags);
    Ok(definitions)
}

/// The ids of all surveys, for a message.
pub(super) fn survey_ids(definitions: &SurveyDefinitions) -> String {
    let ids: Vec<&str> = definitions.ids().collect();
    if ids.is_empty() { "-".into() } else { ids.join("、") }
}

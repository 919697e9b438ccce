//! The surveys of a site's folder, as the collector asks them.

use std::path::Path;
use std::sync::Arc;

use super::super::Exit;
use super::super::build::{Speaker, clock, read_settings};
use super::database::complain;
use crate::source::scan;
use crate::survey_definition::read_definitions;
use puzhi_core::diag::{Diag, Lang};
use puzhi_survey::collector::{Definitions, origin_of};

/// Reads them for a site published at `origin`, by default where the settings say. Only errors are told: the build tells the rest.
pub(super) fn read(root: &Path, origin: Option<&str>, lang: Lang) -> Result<Definitions, Exit> {
    let speaker = Speaker { lang, json: false };
    let failed = |mut diags: Vec<Diag>| {
        diags.retain(Diag::is_error);
        speaker.all(&diags);
        Exit::Usage
    };
    let (settings, mut found) = read_settings(root, None, false).map_err(failed)?;
    let clock = clock(None, &settings).map_err(|diag| failed(vec![diag]))?;
    let (files, more) = scan(root, &settings.theme);
    found.extend(more);
    let files = Arc::new(files);
    let origin = origin.map(str::to_string).or_else(|| settings.base_url.clone());
    let Some(origin) = origin.filter(|origin| origin_of(origin).is_some()) else {
        complain(match lang {
            Lang::Zh => "不知道网站的网址：请写 --site-origin https://网站的主机名，或在 site.yaml 里写 base_url",
            Lang::En => {
                "the site's address is not known: give --site-origin https://HOST, or set base_url in site.yaml"
            }
        });
        return Err(Exit::Usage);
    };
    let (definitions, mut diags) = read_definitions(&files, found, settings, clock, &origin).map_err(failed)?;
    diags.retain(Diag::is_error);
    speaker.all(&diags);
    Ok(definitions)
}

/// The ids of all surveys, for a message.
pub(super) fn ids(definitions: &Definitions) -> String {
    let ids: Vec<&str> = definitions.ids().collect();
    if ids.is_empty() { "-".into() } else { ids.join("、") }
}

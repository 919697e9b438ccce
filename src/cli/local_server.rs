//! What `puzhi serve` and `puzhi desk` have in common: the folder they need, the browser they open, and how long they run.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::path::Path;

use super::console::{Console, print_stdout};
use super::site::naming_folder;
use crate::source::read_settings_text;
use puzhi_core::diag::{Diagnostic, codes};

/// Says why a folder is no site: it has no `site.yaml`. Errors in that file end no server, because they can be corrected while it runs.
pub(super) fn missing_settings(root: &Path) -> Option<Diagnostic> {
    let missing = [&codes::settings::NO_SETTINGS, &codes::settings::SETTINGS_MISNAMED];
    let diag = read_settings_text(root).err()?;
    missing.contains(&diag.code).then(|| naming_folder(diag, root))
}

/// Opens a browser, or says that there is none.
pub(super) fn open_browser(console: &Console, url: &str) {
    if let Err(error) = open::that_detached(url) {
        print_stdout(console.pick(
            &format!("打不开浏览器（{error}），请自己打开上面的网址\n"),
            &format!("no browser could be opened ({error}), open the address above yourself\n"),
        ));
    }
}

/// Ends with Ctrl+C. If no handler of signals can be installed, it runs until the process is killed.
pub(super) async fn until_interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

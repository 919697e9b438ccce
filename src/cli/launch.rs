//! Starts of the program by a double click, which has no arguments and nobody who reads a terminal: the desk is opened then.
//!
//! Input: the environment. Output: whether it is such a start, and the folder of the site. Commands, cron and CI have arguments, or a
//! terminal, or no display, and never start a server by this.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::io::IsTerminal;
use std::path::PathBuf;

use crate::source::SETTINGS_FILE;

use super::site::nearest_site;

/// Name of the folder that is made for a site where there is none.
const NEW_FOLDER: &str = "网站";

/// What the environment says of a start.
#[derive(Debug, Clone, Copy)]
struct Start {
    /// One of standard input, output and error is a terminal.
    has_terminal: bool,
    /// There is a display.
    has_display: bool,
    /// The system is Windows, whose console belongs to a start by double click alone.
    has_own_console: bool,
}

impl Start {
    fn is_graphical(self) -> bool {
        self.has_own_console || !self.has_terminal && self.has_display
    }
}

/// Whether the program was started by a double click or from a menu.
pub(super) fn is_graphical() -> bool {
    let has = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let has_terminal =
        std::io::stdin().is_terminal() || std::io::stdout().is_terminal() || std::io::stderr().is_terminal();
    // Shells leave one of these to what they start; Explorer does not. PowerShell adds a folder of the person's own.
    let of_shell = ["PROMPT", "TERM", "MSYSTEM", "SHELL", "WT_SESSION", "CI"].into_iter().any(has)
        || std::env::var("PSModulePath").is_ok_and(|path| path.contains("Documents"));
    Start {
        has_terminal,
        has_display: has("DISPLAY") || has("WAYLAND_DISPLAY"),
        has_own_console: cfg!(windows) && has_terminal && !of_shell,
    }
    .is_graphical()
}

/// The folder for such a start: the site of the current folder, or of the folder of the program, or one that is made for a new site.
pub(super) fn folder() -> PathBuf {
    let here = nearest_site();
    let program = std::env::current_exe().ok().and_then(|program| Some(program.parent()?.to_path_buf()));
    let home = ["HOME", "USERPROFILE"].into_iter().find_map(std::env::var_os).map(PathBuf::from);
    let is_site = |folder: &PathBuf| folder.join(SETTINGS_FILE).is_file();
    if let Some(site) = [Some(here.clone()), program.clone()].into_iter().flatten().find(is_site) {
        return site;
    }
    let new = [program, home].into_iter().flatten().map(|folder| folder.join(NEW_FOLDER));
    new.into_iter().find(|folder| std::fs::create_dir_all(folder).is_ok()).unwrap_or(here)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_double_click_starts_the_desk() {
        let start = |has_terminal, has_display, has_own_console| {
            Start { has_terminal, has_display, has_own_console }.is_graphical()
        };
        assert!(start(false, true, false) && start(true, false, true));
        // A shell, cron, CI, a shell with a display.
        assert!(!start(true, false, false) && !start(false, false, false) && !start(true, true, false));
    }
}

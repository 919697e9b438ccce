//! Requests that change several files at once: planned and shown, then made, then taken back.

use serde::Deserialize;
use serde_json::json;

use super::super::Desk;
use super::super::answer::{Answer, Refusal, site_path};
use super::super::moves::{self, PlannedMove};
use crate::source::FileChanges;
use puzhi_core::base::SitePath;

/// What is to be planned.
#[derive(Debug, Deserialize)]
pub(in super::super) struct WantedChange {
    action: Action,
    path: String,
    /// The path of the page afterwards.
    #[serde(default)]
    to: String,
    /// Whether a page that goes leaves a notice.
    #[serde(default)]
    withdraw: bool,
    /// Why it goes, for readers.
    #[serde(default)]
    reason: String,
    /// The version that comes back; the last one if there is none.
    id: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    Rename,
    Move,
    Delete,
    Restore,
}

/// The name of a plan.
#[derive(Debug, Deserialize)]
pub(in super::super) struct NamedPlan {
    #[serde(alias = "undo")]
    plan: String,
}

/// `POST plan`.
pub(in super::super) fn plan(desk: &Desk, wanted: WantedChange) -> Result<Answer, Refusal> {
    let path = site_path(&wanted.path)?;
    let PlannedMove { plan, summary, to } = match wanted.action {
        Action::Restore => {
            let bytes = {
                let kept = desk.kept.lock();
                let named =
                    wanted.id.as_deref().and_then(|id| kept.history.version(id)).filter(|version| version.path == path);
                let last = || kept.history.versions_of(&path).find_map(|version| version.content);
                named.and_then(|version| version.content).or_else(last).and_then(|content| kept.history.bytes(content))
            };
            let bytes = bytes.ok_or_else(|| Refusal::not_found("它的旧版本"))?;
            moves::restore(&path, bytes, &|path| desk.files.read(path))?
        }
        action => {
            let files = desk.files.clone();
            desk.ask(move |session| {
                let site =
                    session.shown().ok_or_else(|| Refusal::new(409, "no-site", "站点设置有错误，先改好 site.yaml"))?;
                let read = |path: &SitePath| files.read(path);
                match action {
                    Action::Rename | Action::Move => moves::move_page(&site, &path, &target(&path, &wanted.to)?, &read),
                    _ => moves::delete(&site, &path, wanted.withdraw.then_some(wanted.reason.as_str()), &read),
                }
            })??
        }
    };
    let mut kept = desk.kept.lock();
    kept.refuse_unsaved(&desk.files, plan.paths())?;
    let files = plan.shown();
    let name = kept.add_plan(plan);
    Ok(json!({ "plan": name, "summary": summary, "files": files, "to": to }).into())
}

/// The path that a page is to have: a whole path, or another name in its folder.
fn target(path: &SitePath, wanted: &str) -> Result<SitePath, Refusal> {
    let wanted = wanted.trim();
    if wanted.contains('/') { site_path(wanted) } else { site_path(&format!("{}/{wanted}", path.parent())) }
}

/// `POST do` and `POST undo`.
pub(in super::super) fn make(desk: &Desk, named: &NamedPlan) -> Result<Answer, Refusal> {
    let (name, paths) = {
        let mut kept = desk.kept.lock();
        let plan = kept.plan(&named.plan);
        let plan =
            plan.ok_or_else(|| Refusal::new(410, "no-plan", "这一步已经做过，或者放得太久了").hint("重新来一次"))?;
        let made = plan.make(&desk.files, &mut kept);
        if made.is_err() {
            // It may be made once the cause is gone.
            kept.put_back(&named.plan, plan);
        }
        let back = made?;
        let paths = back.paths().cloned().collect();
        (kept.add_plan(back), paths)
    };
    desk.reread(FileChanges { paths, all: false })?;
    Ok(json!({ "undo": name }).into())
}

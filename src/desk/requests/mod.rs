//! The requests of the desk's page: one file for each group of them. Names and values are described in `docs/desk/api.md`.
//!
//! Input: a request that passed its checks. Output: an answer, or a refusal in words for the person at the desk.

mod changes;
mod find;
mod hand_over;
mod page;
mod site;
mod start;
mod versions;

use super::Desk;
use super::answer::{Answer, DeskRequest, Refusal};

/// Answers a request.
pub(super) fn answer(desk: &Desk, request: &DeskRequest) -> Result<Answer, Refusal> {
    match (request.is_post, request.name.as_str()) {
        (false, "site") => site::site(desk),
        (false, "pages") => site::pages(desk),
        (false, "findings") => site::all_findings(desk),
        (false, "page") => page::page(desk, &request.path("path")?),
        (true, "draft") => page::draft(desk, &request.json()?),
        (true, "save") => page::save(desk, &request.json()?),
        (true, "discard") => page::discard(desk, &request.json()?),
        (true, "open") => page::open(desk, &request.json()?),
        (true, "front-matter") => page::front_matter(desk, request.json()?),
        (false, "history") => versions::history(desk, &request.path("path")?),
        (false, "version") => versions::version(desk, request.text("id")?),
        (false, "difference") => versions::differences(desk, request),
        (false, "deleted") => versions::deleted(desk),
        (true, "restore") => versions::restore(desk, &request.json()?),
        (true, "plan") => changes::plan(desk, request.json()?),
        (true, "do" | "undo") => changes::make(desk, &request.json()?),
        (false, "search") => find::search(desk, request.text("q")?),
        (false, "link-targets") => find::link_targets(desk, request.text("q")?, &request.path("from")?),
        (true, "new") => start::new_page(desk, request.json()?),
        (true, "init") => start::new_site(desk, &request.json()?),
        (true, "picture") => start::picture(desk, request),
        (true, "hand-over") => hand_over::hand_over(desk),
        (false, name) if name.starts_with("hand-over/") => hand_over::zip(desk, name),
        _ => Err(Refusal::not_found("这个请求")),
    }
}

//! stub
use super::draft::Draft;
pub(super) fn clean(draft: Draft) -> Draft {
    draft
}

//! The setting for large pages (长者版). In: `large_mode` of `site.yaml`. Out: where it asks for them. Does not know themes.

use puzhi_core::base::LineColumn;
use puzhi_core::yaml::{Field, MappingReader, Type};

/// The key.
pub(super) const FIELD: Field = Field::new(
    "large_mode",
    "大字版",
    Type::Flag,
    "每一页另有一份大字的，在 large/ 下；缺省否",
    "every page a second time in large text, below large/; no by default",
);

/// Where large pages are asked for; `None` if they are not.
pub(super) fn read(fields: &mut MappingReader<'_, '_>) -> Option<LineColumn> {
    let wanted = fields.flag(FIELD.key).unwrap_or(false);
    let entry = fields.entry(FIELD.key).filter(|_| wanted)?;
    Some(fields.source().line_column(entry.node.span.start))
}

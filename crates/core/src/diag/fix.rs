//! What corrects a diagnostic without a decision of a person, as data.
//!
//! Input: edits of the text in which the diagnostic stands. Output: a [`Fix`], in which the edits are ordered and apart from
//! each other. Does not change files.

use serde::{Deserialize, Serialize};

use crate::base::Span;

/// One change of a file's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The bytes that are replaced, in the text as [`decode`](crate::encoding::decode) returns it. Empty where text is inserted.
    pub span: Span,
    /// What stands there instead.
    pub replacement: String,
}

impl Edit {
    /// Replaces `span`.
    pub fn new(span: Span, replacement: impl Into<String>) -> Self {
        Edit { span, replacement: replacement.into() }
    }

    /// Inserts text before byte `at`.
    pub fn insert(at: usize, text: impl Into<String>) -> Self {
        Edit::new(Span::new(at, at), text)
    }
}

/// The one mechanical answer to a diagnostic: all edits of it together, in the file of the diagnostic. A diagnostic that can
/// be answered in two ways, or by taking away words, has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fix {
    edits: Vec<Edit>,
}

impl Fix {
    /// Orders the edits. `None` if there are none or if two of them overlap.
    pub fn new(mut edits: Vec<Edit>) -> Option<Fix> {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let apart = |pair: &[Edit]| pair[0].span.end <= pair[1].span.start && pair[0].span != pair[1].span;
        let sound = edits.iter().all(|edit| edit.span.start <= edit.span.end);
        (!edits.is_empty() && sound && edits.windows(2).all(apart)).then_some(Fix { edits })
    }

    /// The edits, from the start of the file to its end.
    pub fn edits(&self) -> &[Edit] {
        &self.edits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_ordered_and_apart() {
        let edit = |start, end| Edit::new(Span::new(start, end), "x");
        let fix = Fix::new(vec![edit(5, 7), edit(1, 2), edit(2, 2)]).unwrap();
        assert_eq!(fix.edits().iter().map(|edit| edit.span.start).collect::<Vec<_>>(), [1, 2, 5]);
        for edits in [vec![], vec![edit(1, 4), edit(3, 5)], vec![edit(1, 1), edit(1, 1)], vec![edit(4, 1)]] {
            assert_eq!(Fix::new(edits), None);
        }
    }
}

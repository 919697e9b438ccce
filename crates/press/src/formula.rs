//! Formulas of MathML on one line. In: an element. Out: its parts with generated signs, so that their order and what belongs together can be read.
//! Part of [`crate::read`].

use crate::dom::{NodeData, NodeId};
use crate::flow::{Context, Flow};
use crate::read::{MAX_DEPTH, Reader};
use crate::visible::visible_text;

/// Elements that are one sign or one word, which needs no brackets.
const TOKENS: [&str; 4] = ["mi", "mn", "mo", "mtext"];

impl Reader<'_> {
    /// Reads an element of a formula whose parts do not follow each other on a line. Says whether it is one.
    pub(crate) fn formula(&self, name: &str, node: NodeId, context: &Context, flow: &mut Flow) -> bool {
        let mut inner = Context { depth: context.depth + 1, ..context.clone() };
        if inner.depth > MAX_DEPTH {
            return false;
        }
        if name == "mtable" {
            inner.is_aligned = self.dom.element(node).is_some_and(|element| element.has_class("menv-alignlike"));
        }
        let signs: &[&str] = match name {
            "mfrac" => &["(", ")/(", ")"],
            "msqrt" => &["√(", "", ")"],
            "mroot" => &["(", ")^(1/", ")"],
            "mtable" => &["", "; ", ""],
            // Columns of equations are parts of one line.
            "mtr" | "mlabeledtr" if inner.is_aligned => &["", "", ""],
            "mtr" | "mlabeledtr" => &["", ", ", ""],
            "msup" | "mover" => return self.scripts(node, &["^"], &inner, flow),
            "msub" | "munder" => return self.scripts(node, &["_"], &inner, flow),
            "msubsup" | "munderover" => return self.scripts(node, &["_", "^"], &inner, flow),
            _ => return false,
        };
        let is_table = matches!(name, "mtable" | "mtr" | "mlabeledtr");
        let last = signs.len() - 1;
        flow.line.generated(signs[0], &inner);
        for (i, part) in self.formula_parts(node).enumerate() {
            if i > 0 {
                let between = if is_table { signs[1] } else { signs[1..last].get(i - 1).copied().unwrap_or(" ") };
                flow.line.generated(between, &inner);
            }
            self.formula_part(part, &inner, flow);
        }
        flow.line.generated(signs[last], &inner);
        true
    }

    /// Writes what stands below and above a base. More than one character stands in brackets, so that it is seen where it ends.
    fn scripts(&self, node: NodeId, signs: &[&str], context: &Context, flow: &mut Flow) -> bool {
        let is_limit = matches!(self.dom.name(node), "munder" | "mover" | "munderover");
        for (i, part) in self.formula_parts(node).enumerate() {
            let name = self.dom.name(part);
            let mut said = String::new();
            visible_text(self.dom, part, |text| said.extend(text.chars().filter(|c| !c.is_whitespace())));
            let length = said.chars().count();
            // A bar or an arrow over a letter needs no sign of its own.
            let is_accent = is_limit && signs.len() == 1 && length == 1 && !said.chars().all(char::is_alphanumeric);
            let has_brackets = match i {
                0 => length > 1 && !TOKENS.contains(&name),
                _ => length > 1 || is_limit,
            };
            if i > 0 && !is_accent {
                flow.line.generated(signs.get(i - 1).copied().unwrap_or(" "), context);
            }
            if has_brackets {
                flow.line.generated("(", context);
            }
            self.formula_part(part, context, flow);
            if has_brackets {
                flow.line.generated(")", context);
            }
        }
        true
    }

    fn formula_parts(&self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let shows = |child: &NodeId| match self.dom.data(*child) {
            NodeData::Text(text) => !text.trim().is_empty(),
            NodeData::Element(_) => true,
            NodeData::Other => false,
        };
        self.dom.children(node).iter().copied().filter(shows)
    }

    fn formula_part(&self, part: NodeId, context: &Context, flow: &mut Flow) {
        match self.dom.data(part) {
            NodeData::Text(text) => flow.line.text(text, context),
            NodeData::Element(element) => self.element(part, element, context, flow),
            NodeData::Other => {}
        }
    }
}

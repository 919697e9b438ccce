//! The numbers and marks of lists in a Word file. In: lists as they come. Out: ids for their paragraphs, and `word/numbering.xml`.

/// Deepest level that Word has.
pub(super) const DEEPEST: usize = 8;

/// The kinds of lists: each is an abstract definition of nine levels. The index is the definition's id.
const KINDS: [(char, &str); 6] = [
    ('*', "bullet"),
    ('1', "decimal"),
    ('a', "lowerLetter"),
    ('A', "upperLetter"),
    ('i', "lowerRoman"),
    ('I', "upperRoman"),
];

/// A list that was begun.
struct Begun {
    kind: usize,
    level: usize,
    /// None for marks.
    start: Option<i64>,
}

/// The lists of a document.
#[derive(Default)]
pub(super) struct Numbering {
    begun: Vec<Begun>,
}

impl Numbering {
    /// The id of a list without numbers: one for all of them.
    pub fn bullets(&mut self) -> usize {
        self.begin('*', 0, None)
    }

    /// The id of a list with numbers that begins with `start`.
    pub fn numbers(&mut self, style: char, level: usize, start: i64) -> usize {
        self.begin(style, level.min(DEEPEST), Some(start))
    }

    fn begin(&mut self, style: char, level: usize, start: Option<i64>) -> usize {
        let kind = KINDS.iter().position(|(of, _)| *of == style).unwrap_or(1);
        if start.is_none()
            && let Some(known) = self.begun.iter().position(|begun| begun.start.is_none())
        {
            return known + 1;
        }
        self.begun.push(Begun { kind, level, start });
        self.begun.len()
    }

    /// `word/numbering.xml`
    pub fn xml(&self) -> String {
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:numbering xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">",
        );
        for (id, (_, format)) in KINDS.iter().enumerate() {
            out.push_str(&format!(
                "<w:abstractNum w:abstractNumId=\"{id}\"><w:multiLevelType w:val=\"hybridMultilevel\"/>"
            ));
            for level in 0..=DEEPEST {
                let text = match (id, level % 3) {
                    (0, 0) => "•".to_string(),
                    (0, 1) => "◦".to_string(),
                    (0, _) => "▪".to_string(),
                    _ => format!("%{}.", level + 1),
                };
                let left = 480 * (level + 1);
                out.push_str(&format!("<w:lvl w:ilvl=\"{level}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/><w:lvlText w:val=\"{text}\"/><w:lvlJc w:val=\"left\"/><w:pPr><w:ind w:left=\"{left}\" w:hanging=\"480\"/></w:pPr></w:lvl>"));
            }
            out.push_str("</w:abstractNum>");
        }
        for (i, begun) in self.begun.iter().enumerate() {
            out.push_str(&format!("<w:num w:numId=\"{}\"><w:abstractNumId w:val=\"{}\"/>", i + 1, begun.kind));
            if let Some(start) = begun.start {
                out.push_str(&format!(
                    "<w:lvlOverride w:ilvl=\"{}\"><w:startOverride w:val=\"{start}\"/></w:lvlOverride>",
                    begun.level
                ));
            }
            out.push_str("</w:num>");
        }
        out.push_str("</w:numbering>\n");
        out
    }
}

/// Whether Word can write the number in a list. Others become text.
pub(super) fn can_number(number: i64, style: char) -> bool {
    match style {
        '1' => (0..=32_767).contains(&number),
        // Word writes letters beyond the 26th in another way.
        'a' | 'A' => (1..=26).contains(&number),
        _ => (1..=3999).contains(&number),
    }
}

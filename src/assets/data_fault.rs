//! What is wrong with a CSV or JSON file, in words that say what to type.
//!
//! Input: the text of the file and where reading stopped. Output: the cause with its texts. Does not know where the data is shown.

/// Where and why a data file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFault {
    /// The line, from 1, if it is known.
    pub line: Option<u64>,
    /// What is wrong there.
    pub cause: FaultCause,
}

/// What is wrong with a line of a data file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultCause {
    /// A quotation mark of CSV without its other half.
    UnclosedQuote,
    /// Text behind a quoted cell of CSV.
    TextBehindQuote,
    /// More cells than the first row of CSV has.
    TooManyCells {
        /// Cells of the row.
        found: usize,
        /// Cells of the first row.
        columns: usize,
    },
    /// Cells that another sign than a comma separates.
    WrongSeparator(char),
    /// A comma behind the last member in JSON.
    LastComma,
    /// Quotation marks or other signs of full width in JSON.
    WideSign(char),
    /// A comment in JSON.
    Comment,
    /// JSON that stops before its end.
    EndMissing,
    /// Anything else, at this column if it is known.
    Other,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultText {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

fn text(zh: impl Into<String>, en: impl Into<String>) -> FaultText {
    FaultText { zh: zh.into(), en: en.into() }
}

impl FaultCause {
    /// What is wrong.
    pub fn message(self) -> FaultText {
        match self {
            FaultCause::UnclosedQuote => text("引号没有另一半", "a quotation mark is never closed"),
            FaultCause::TextBehindQuote => text("引号后面还有字", "text follows a closed quotation mark"),
            FaultCause::TooManyCells { found, columns } => text(
                format!("这一行有 {found} 格，第一行只有 {columns} 格"),
                format!("the row has {found} cells, but the first row has {columns}"),
            ),
            FaultCause::WrongSeparator('\t') => text("各格是用制表符（Tab）隔开的", "tabs separate the cells"),
            FaultCause::WrongSeparator(sign) => {
                text(format!("各格是用“{sign}”隔开的"), format!("\"{sign}\" separates the cells"))
            }
            FaultCause::LastComma => text("最后一项后面多了逗号", "a comma follows the last item"),
            FaultCause::WideSign(sign) => {
                text(format!("这里用了全角的“{sign}”"), format!("\"{sign}\" is a sign that JSON does not know"))
            }
            FaultCause::Comment => text("JSON 里不能写注释", "JSON has no comments"),
            FaultCause::EndMissing => {
                text("到文件末尾还缺括号或引号", "a bracket or quotation mark is missing at the end")
            }
            FaultCause::Other => text("这里读不下去", "it cannot be read from here on"),
        }
    }

    /// What to do.
    pub fn advice(self) -> FaultText {
        match self {
            FaultCause::UnclosedQuote => {
                text("补上引号的另一半，或者删去多出来的引号", "close it, or remove the mark if it is one too many")
            }
            FaultCause::TextBehindQuote => text(
                "整格的字都放进引号里，字里的引号写两个，例如 \"他说\"\"好\"\"\"",
                "put the whole cell in quotation marks and double those inside, as in \"he said \"\"yes\"\"\"",
            ),
            FaultCause::TooManyCells { .. } => text(
                "一格里本来就有逗号，就把这一格放进英文引号里；不是，就删去多出来的格",
                "put a cell that holds a comma in quotation marks, or remove the cells that are too many",
            ),
            FaultCause::WrongSeparator(_) => text(
                "改用半角逗号，或者在 Excel、WPS 里另存为“CSV UTF-8（逗号分隔）”",
                "use commas, or save it as \"CSV UTF-8 (comma delimited)\" in Excel or WPS",
            ),
            FaultCause::LastComma => text("删去这个逗号", "remove it"),
            FaultCause::WideSign(_) => {
                text("换成半角的引号、冒号和逗号", "use plain quotation marks, colons and commas")
            }
            FaultCause::Comment => text("删去注释", "remove the comment"),
            FaultCause::EndMissing => {
                text("在末尾补上缺的 ]、} 或引号", "add the ], } or quotation mark that is missing at the end")
            }
            FaultCause::Other => text(
                "检查这一行：JSON 看引号、逗号和括号，CSV 看每行的格数和引号",
                "check this line: quotes, commas and brackets in JSON, the number of cells and quotes in CSV",
            ),
        }
    }
}

/// Where and why JSON cannot be read.
pub fn json_fault(text: &str, error: &serde_json::Error) -> DataFault {
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let column = error.column().saturating_sub(1).min(line.len());
    let at = (0..=column).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
    let cause = match line[at..].chars().next() {
        _ if error.is_eof() => FaultCause::EndMissing,
        Some(sign @ ('“' | '”' | '：' | '，' | '［' | '｛' | '】' | '‘' | '’')) => {
            FaultCause::WideSign(sign)
        }
        Some('/' | '#') => FaultCause::Comment,
        Some(']' | '}') if is_behind_comma(text, error.line(), at) => FaultCause::LastComma,
        _ => FaultCause::Other,
    };
    DataFault { line: Some(error.line() as u64), cause }
}

/// Whether a comma is the last sign before byte `at` of a line.
fn is_behind_comma(text: &str, line: usize, at: usize) -> bool {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    text.get(..start + at).is_some_and(|before| before.trim_end().ends_with(','))
}

/// The sign that separates the cells of a table whose rows have no comma: as many in each row as in the first.
pub(super) fn wrong_separator(header: &str, text: &str) -> Option<char> {
    /// Most rows that are looked at.
    const MOST_ROWS: usize = 100;
    [';', '；', '\t', '，'].into_iter().find(|sign| {
        let wanted = header.matches(*sign).count();
        let mut rows = text.lines().map(str::trim_end).filter(|row| !row.is_empty()).take(MOST_ROWS);
        wanted > 0 && rows.all(|row| row.matches(*sign).count() == wanted)
    })
}

#[cfg(test)]
mod tests {
    use super::super::data_table::{DataTableError, read_data_table};
    use super::*;
    use puzhi_core::base::SitePath;
    use puzhi_core::diag::SourceText;

    fn fault(text: &str, extension: &str) -> Option<(u64, FaultCause)> {
        let path = SitePath::new(&format!("data/a.{extension}")).unwrap();
        match read_data_table(&SourceText::new(&path, text), extension) {
            Err(DataTableError::Malformed(DataFault { line, cause })) => Some((line.unwrap(), cause)),
            Err(other) => panic!("{text}: {other:?}"),
            Ok(_) => None,
        }
    }

    #[test]
    fn faults_of_csv_have_their_line_and_cause() {
        let too_many = FaultCause::TooManyCells { found: 3, columns: 2 };
        for (text, line, cause) in [
            ("名称,地址\n\n\n甲,城关\n乙,东,多\n", 5, too_many),
            ("名称,地址\n甲,\"一\n二\"\n丙,西,多\n", 4, too_many),
            ("名称,地址\r\n甲,城关\r\n,,\r\n", 3, too_many),
            ("名称,地址\r甲,城关\r乙,东,多\r", 3, too_many),
            ("名称,备注\n甲,他说\"好\"\n乙,\"好\"他说\n", 3, FaultCause::TextBehindQuote),
            ("名称,备注\n甲,\"好\n", 2, FaultCause::UnclosedQuote),
            ("名称;地址\n甲;城关\n", 1, FaultCause::WrongSeparator(';')),
            ("sep=;\n名称;地址\n甲;城关\n", 1, FaultCause::WrongSeparator(';')),
            ("名称\t地址\n甲\t城关\n", 1, FaultCause::WrongSeparator('\t')),
            ("名称，地址\n甲，城关\n", 1, FaultCause::WrongSeparator('，')),
        ] {
            assert_eq!(fault(text, "csv"), Some((line, cause)), "{text}");
        }
        for text in ["说明\n甲；乙\n", "说明；备注\n甲\n", "名称,地址\n甲\n", "名称,说明\n甲,一；二\n"]
        {
            assert_eq!(fault(text, "csv"), None, "{text}");
        }
    }

    #[test]
    fn faults_of_json_have_their_line_and_cause() {
        for (text, line, cause) in [
            ("[\n{\"名称\":\"甲\",}]", 2, FaultCause::LastComma),
            ("[{\"名称\":\"甲\"},\n]", 2, FaultCause::LastComma),
            ("[{“名称”：“甲”}]", 1, FaultCause::WideSign('“')),
            ("// 注\n[{\"名称\":\"甲\"}]", 1, FaultCause::Comment),
            ("[{\"名称\":\"甲\"", 1, FaultCause::EndMissing),
            ("[{\"名称\" \"甲\"}]", 1, FaultCause::Other),
        ] {
            assert_eq!(fault(text, "json"), Some((line, cause)), "{text}");
        }
    }
}

//! Finds quotation marks of a CSV file that swallow rows.
//!
//! Input: the text of the file and its number of columns. Output: lines. Reads no cell.

/// Lines from 1, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineRange {
    /// The line with the first mark.
    pub first: u64,
    /// The line with the second mark.
    pub last: u64,
}

/// A quoted field that is not as RFC 4180, section 2, demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct QuoteFault {
    /// The line on which it begins, from 1.
    pub line: u64,
    /// It goes on to the end of the file; else its second mark is followed by more text.
    pub unclosed: bool,
}

/// The quoted fields that go on over several lines.
///
/// # Errors
/// The first quoted field with a fault. A field that is not closed swallows the rows below it.
pub(super) fn fields_over_lines(text: &str) -> Result<Vec<LineRange>, QuoteFault> {
    enum Field {
        Start,
        Plain,
        Quoted,
        Closed,
    }
    let mut found = Vec::new();
    if memchr::memchr(b'"', text.as_bytes()).is_none() {
        return Ok(found);
    }
    let (mut field, mut line, mut opened) = (Field::Start, 1, 1);
    for byte in text.bytes() {
        let next = match (&field, byte) {
            (Field::Start, b'"') => {
                opened = line;
                Field::Quoted
            }
            (Field::Closed, b'"') => Field::Quoted,
            (Field::Quoted, b'"') => Field::Closed,
            (Field::Quoted, _) => Field::Quoted,
            (_, b',' | b'\n' | b'\r') => Field::Start,
            (Field::Closed, b' ' | b'\t') => Field::Closed,
            (Field::Closed, _) => return Err(QuoteFault { line: opened, unclosed: false }),
            (Field::Start | Field::Plain, _) => Field::Plain,
        };
        if matches!((&field, &next), (Field::Closed, Field::Start)) && line > opened {
            found.push(LineRange { first: opened, last: line });
        }
        field = next;
        line += u64::from(byte == b'\n');
    }
    match field {
        Field::Quoted => return Err(QuoteFault { line: opened, unclosed: true }),
        Field::Closed if line > opened => found.push(LineRange { first: opened, last: line }),
        _ => {}
    }
    Ok(found)
}

/// The first of these fields whose lines, without regard to quotation marks, all have as many cells as the table has columns: they
/// are rows, of which the first has lost a mark.
pub(super) fn swallowed_rows(text: &str, quoted: &[LineRange], columns: usize) -> Option<LineRange> {
    if quoted.is_empty() || columns < 2 {
        return None;
    }
    let mut lines = text.lines().zip(1..).peekable();
    for range in quoted {
        while lines.next_if(|(_, number)| *number < range.first).is_some() {}
        let is_row = |line: &str| line.matches(',').count() + 1 == columns;
        let mut all = true;
        // The last line can be the first of the next field.
        while let Some((line, number)) = lines.peek()
            && *number <= range.last
        {
            all &= is_row(line);
            if *number == range.last {
                break;
            }
            lines.next();
        }
        if all {
            return Some(*range);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::data_table::{DataTableError, read_data_table};
    use super::*;
    use puzhi_core::base::SitePath;
    use puzhi_core::diag::SourceText;

    fn error(text: &str) -> Option<DataTableError> {
        let path = SitePath::new("data/a.csv").unwrap();
        read_data_table(&SourceText::new(&path, text), "csv").err()
    }

    #[test]
    fn a_quote_that_is_not_closed_swallows_no_row() {
        for (text, line) in [
            ("名称,地址\n甲,\"一号\n乙,二号\n丙,三号\n", Some(2)),
            ("名称,地址\n甲,一号\n乙,\"二号", Some(3)),
            ("名称,地址\n甲,\"一号\n乙,\"二号\"\n", Some(2)),
            ("\"名称,地址\n", Some(1)),
            ("名称,地址\n甲,\"一号\n二楼\"\n乙,\"说“\"\"好\"\"”\" \n", None),
            ("名称,地址\n甲,5\" 屏\n乙,\"\"\n", None),
        ] {
            assert_eq!(fields_over_lines(text).err().map(|fault| fault.line), line, "{text}");
            let found = match error(text) {
                Some(DataTableError::Malformed(fault)) => fault.line,
                other => other.map(|other| panic!("{other:?}")),
            };
            assert_eq!(found, line, "{text}");
        }
    }

    #[test]
    fn a_quote_that_a_later_row_closes_swallows_no_row() {
        for (text, first, last) in [
            // The number of columns stays the same.
            ("名称,电话\n\"甲,1\n乙\",2\n丙,3\n", 2, 3),
            ("名称,电话\n甲,\"1\n乙,2\n丙,3\"\n丁,4\n", 2, 4),
            ("名称,电话\n甲,\"1\r\n乙,2\"\r\n", 2, 3),
            ("名称,地址,电话\n甲,\"一号,1\n乙,二号\",2\n", 2, 3),
            ("\"名称,电话\n甲\",1\n", 1, 2),
            ("名称,地址\n甲,\"一号\n二楼\"\n乙,\"二号\n丙,三号\"\n", 4, 5),
        ] {
            let range = LineRange { first, last };
            assert_eq!(error(text), Some(DataTableError::QuoteOverRows(range)), "{text}");
        }
        for text in [
            "名称,地址\n甲,\"一号\n二楼\"\n",
            "名称,说明\n甲,\"周一,周二\n周三\n周四\"\n",
            "名称\n\"甲\n乙\"\n",
            "名称,地址\n甲,\"一号\n二楼\n\"\n乙,\"三号\n四楼\"",
        ] {
            assert_eq!(error(text), None, "{text}");
        }
    }
}

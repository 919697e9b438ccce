//! Columns that say where in the sample a respondent was drawn: stratum, first-stage unit, base weight.
//!
//! In: headers and cells. Out: a [`SampleUnit`] with the names of the file, which [`label_sample`] turns into labels before anything is
//! stored. A label is a hash of the name under a secret of the wave: within the wave equal names have equal labels, and once the secret
//! is destroyed nobody can find the name again, not even by trying all names.

use std::collections::BTreeSet;

use super::batch::RowErrorKind;
use super::cell_reader::shorten_for_message;
use crate::{BaseWeight, Response, SampleUnit};
use puzhi_core::kinds::SampleDesign;

/// What such a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SampleColumn {
    /// The stratum.
    Stratum,
    /// The first-stage unit.
    Unit,
    /// The base weight.
    Weight,
}

/// Whole headers, in lower case and without white space.
const HEADERS: [(SampleColumn, &[&str]); 3] = [
    (SampleColumn::Stratum, &["层", "抽样层", "stratum"]),
    (SampleColumn::Unit, &["抽样单位", "初级抽样单位", "第一阶段单位", "psu"]),
    (SampleColumn::Weight, &["基础权数", "基础权重", "抽样权数", "设计权数", "baseweight", "base_weight"]),
];

/// What a column with this header holds; `None` when it says nothing of the sample.
pub fn sample_column(header: &str) -> Option<SampleColumn> {
    let folded: String = header.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    HEADERS.iter().find(|(_, names)| names.contains(&folded.as_str())).map(|(column, _)| *column)
}

/// Reads a cell into `sample`.
///
/// # Errors
/// When it is empty, is no weight, or names a stratum that the wave does not have.
pub fn read_sample_cell(
    column: SampleColumn,
    cell: &str,
    design: &SampleDesign,
    sample: &mut SampleUnit,
) -> Result<(), RowErrorKind> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Err(RowErrorKind::PlaceMissing);
    }
    match column {
        SampleColumn::Unit => sample.unit = Some(cell.to_string()),
        SampleColumn::Weight => {
            let wrong = || RowErrorKind::WeightUnreadable { value: shorten_for_message(cell) };
            sample.weight = Some(BaseWeight::parse(cell).ok_or_else(wrong)?);
        }
        SampleColumn::Stratum => {
            if !design.strata.is_empty() && !design.strata.iter().any(|stratum| stratum.name == cell) {
                let names = design.strata.iter().map(|s| s.name.clone()).collect();
                return Err(RowErrorKind::UnknownStratum { value: shorten_for_message(cell), names });
            }
            sample.stratum = Some(cell.to_string());
        }
    }
    Ok(())
}

/// Turns the names in a response into labels. A declared stratum becomes its number, because its size stands in the definition; every
/// other name becomes a hash under `key`, the secret of the wave. A unit's label contains its stratum, since units of two strata may
/// have one name.
pub fn label_sample(response: &mut Response, design: &SampleDesign, key: &[u8; 32]) {
    let label = |kind: &str, name: &str| {
        let hash = blake3::keyed_hash(key, format!("{kind}\n{name}").as_bytes());
        hex::encode(&hash.as_bytes()[..8])
    };
    let sample = &mut response.sample;
    let stratum = sample.stratum.take();
    sample.unit =
        sample.unit.take().map(|unit| label("unit", &format!("{}\n{unit}", stratum.as_deref().unwrap_or_default())));
    sample.stratum = stratum.map(|name| match design.strata.iter().position(|s| s.name == name) {
        Some(at) => (at + 1).to_string(),
        None => label("stratum", &name),
    });
}

/// The different base weights of some responses.
pub fn weight_classes<'r>(responses: impl IntoIterator<Item = &'r Response>) -> BTreeSet<BaseWeight> {
    responses.into_iter().filter_map(|response| response.sample.weight).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_the_sample_are_recognised() {
        for (header, wanted) in [
            ("抽样层", Some(SampleColumn::Stratum)),
            ("PSU", Some(SampleColumn::Unit)),
            ("初级 抽样单位", Some(SampleColumn::Unit)),
            ("Base weight", Some(SampleColumn::Weight)),
            ("您住在哪个社区？", None),
            ("单位", None),
        ] {
            assert_eq!(sample_column(header), wanted, "{header}");
        }
    }

    #[test]
    fn base_weights_are_positive_numbers() {
        for (text, wanted) in [("2.5", Some(2500)), (" 40 ", Some(40_000)), ("0.0004", None), ("0", None), ("-1", None)]
        {
            assert_eq!(BaseWeight::parse(text).map(|w| w.0), wanted, "{text}");
        }
        assert!(["", "x", "NaN", "inf", "1e30"].iter().all(|text| BaseWeight::parse(text).is_none()));
    }
}

//! `puzhi survey import`: imports responses from a file into the database.
//!
//! Input: [`ImportArgs`], the survey's definition and a CSV or XLSX file. Output: rows in the database, and messages about columns and rows
//! that were not imported. Reading, checking and detecting duplicates are in `puzhi_survey::import`; this file decides what to do with
//! the outcome.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::super::ExitStatus;
use super::super::args::{MessageArgs, RootArg};
use super::super::console::{print_error, write_stdout};
use super::database::{parse_database_address, with_store};
use super::definitions::{find_survey, find_wave, load_unserved_definitions};
use super::field_import::FieldImport;
use puzhi_core::diag::Lang;
use puzhi_core::kinds::results::MAX_WEIGHT_CLASSES;
use puzhi_core::kinds::{CollectionMode, Survey, Wave};
use puzhi_survey::field::is_batch;
use puzhi_survey::hours_since_epoch;
use puzhi_survey::import::{
    ColumnLayout, ColumnMapping, DuplicateCheck, IgnoredColumns, ImportBatch, ImportError, ImportTable, ImportTarget,
    MAX_BYTES, RowOrigin, SourceFormat, TableChoice, find_layout, label_sample, weight_classes,
};
use puzhi_survey::store::{BatchFacts, BatchSource, DatabaseAddress, FixedWave, IfMissing, ResponseRecord};

/// Size limit of a mapping file, in bytes.
const MAX_MAPPING_BYTES: u64 = 1 << 20;

#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    /// 答卷文件：CSV、XLSX，或者访问员交回的文件 (the file: CSV, XLSX, or an interviewer's batch)
    file: PathBuf,
    /// 哪一次调查 (the wave)
    #[arg(long, value_name = "WAVE")]
    wave: String,
    /// 答卷存在哪里 (where answers are kept)
    #[arg(long, value_name = "DB", value_parser = parse_database_address)]
    db: DatabaseAddress,
    /// 办公室的钥匙文件，打开访问员交回的答卷 (the office's key file, to open an interviewer's batch)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["mapping", "format", "mode", "sheet", "header_row", "repeats"])]
    office_key: Option<PathBuf>,
    #[command(flatten)]
    root: RootArg,
    /// 文件是哪一种，缺省看表头 (what wrote the file, by its header by default)
    #[arg(long, value_name = "FORMAT", value_parser = parse_format, conflicts_with = "mapping")]
    format: Option<SourceFormat>,
    /// 对照文件，写明每一列是哪道题 (a file that says which column answers which question)
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// 不要的列，可写多个 (headers of columns to leave out)
    #[arg(long, value_name = "HEADER", conflicts_with = "mapping")]
    ignore: Vec<String>,
    /// 和任何一题都对不上的列都不要 (leave out all columns that belong to no question)
    #[arg(long, conflicts_with = "mapping")]
    ignore_rest: bool,
    /// 读工作簿里的哪一张表：名称，或者第几张 (the sheet of a workbook, by name or number)
    #[arg(long, value_name = "SHEET")]
    sheet: Option<String>,
    /// 表头在第几行，缺省自己找 (the row of the headers)
    #[arg(long, value_name = "ROW", value_parser = parse_row)]
    header_row: Option<usize>,
    /// 怎样作答的，缺省按文件和这一次调查 (how answers were given)
    #[arg(long, value_name = "MODE", value_parser = parse_mode)]
    mode: Option<CollectionMode>,
    /// 有问题的行略去，其余照收，退出码仍为 1 (take the good rows, still exit 1)
    #[arg(long)]
    accept_partial: bool,
    /// 和已有的答卷一模一样的行：跳过还是照收 (rows just like stored ones: pass over or take)
    #[arg(long, value_enum)]
    repeats: Option<RepeatedRows>,
    #[command(flatten)]
    messages: MessageArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RepeatedRows {
    Skip,
    Add,
}

fn parse_format(name: &str) -> Result<SourceFormat, String> {
    SourceFormat::named(name)
        .ok_or_else(|| format!("可以写 (one of)：{}", SourceFormat::NAMED.map(|(_, name)| name).join("、")))
}

fn parse_row(written: &str) -> Result<usize, String> {
    written.parse().ok().filter(|row| *row > 0).ok_or_else(|| "要写行号，从 1 起 (a row number from 1)".to_string())
}

fn parse_mode(name: &str) -> Result<CollectionMode, String> {
    CollectionMode::from_name(name)
        .ok_or_else(|| format!("可以写 (one of)：{}", CollectionMode::ALL.map(CollectionMode::as_str).join("、")))
}

pub(super) fn run(args: &ImportArgs) -> Result<ExitStatus, ExitStatus> {
    let lang: Lang = args.messages.lang();
    let definitions = load_unserved_definitions(args.root.path(), lang)?;
    let localized = find_survey(&definitions, &args.id, lang)?;
    let wave = &find_wave(localized, &args.id, &args.wave, lang)?;
    let file_error = |error| file_error(&args.file, &error, lang);
    let choice = TableChoice { sheet: args.sheet.clone(), header_row: args.header_row };
    let bytes = read_limited(&args.file, MAX_BYTES, lang)?;
    if args.office_key.is_some() || is_batch(&bytes) {
        let import = FieldImport {
            definitions: &definitions,
            localized,
            wave,
            db: &args.db,
            office_key: args.office_key.as_deref(),
            accept_partial: args.accept_partial,
            hour: hours_since_epoch(jiff::Timestamp::now()),
        };
        return import.run(&args.file, &bytes, lang);
    }
    let table = ImportTable::read_part(&bytes, &choice).map_err(file_error)?;
    let ignore = IgnoredColumns { named: &args.ignore, rest: args.ignore_rest };
    let (table, layout) = match &args.mapping {
        None => find_layout(&localized.survey, &table, args.format, &ignore).map_err(file_error)?,
        Some(path) => {
            let mapping = read_mapping(path, &localized.survey, lang)?;
            let layout = mapping.and_then(|mapping| mapping.layout(&table)).map_err(file_error)?;
            (table, layout)
        }
    };
    let target = ImportTarget {
        survey: &localized.survey,
        id: &args.id,
        wave,
        mode: resolve_mode(args, wave, layout.format, lang)?,
        zone: definitions.zone(),
        hour: hours_since_epoch(jiff::Timestamp::now()),
        wording: localized.wording,
    };
    let batch = ImportBatch::read(&table, &layout, &target);
    write_stdout(&file_summary(&table, &layout, &target, lang))?;
    for refused in &batch.errors {
        print_error(&refused.message(&localized.survey, lang));
    }
    let (good, bad) = (batch.accepted.len(), batch.rejected_rows());
    if bad > 0 && !args.accept_partial {
        print_error(&lang.pick(
            format!(
                "一行也没有导入：{bad} 行有问题，{good} 行没有问题。改好再导，或者加 --accept-partial 只导没有问题的"
            ),
            format!(
                "nothing was imported: {bad} rows are refused, {good} are good; mend them, or give --accept-partial to take the good ones"
            ),
        ));
        return Ok(ExitStatus::ContentErrors);
    }
    match store_batch(args, &batch, &target, lang)? {
        StoreOutcome::Stored { added } => write_stdout(&batch_summary(&batch, added, wave, lang))?,
        refused => {
            print_error(&refused.message(good, lang));
            return Err(ExitStatus::Usage);
        }
    }
    Ok(if bad > 0 { ExitStatus::ContentErrors } else { ExitStatus::Success })
}

/// What became of a batch.
enum StoreOutcome {
    /// The rows that were not stored before are stored: `added` of them.
    Stored { added: u64 },
    /// Nothing is stored: so many rows equal stored ones that the file looks like an earlier one, and `--repeats` does not say what to
    /// do with them.
    Repeats { count: usize },
    /// Nothing is stored: the serials of these rows, given by their numbers, were imported with other answers.
    SerialsDiffer { rows: Vec<usize> },
    /// Nothing is stored: the file names units of the sample, and the key of their labels was destroyed.
    LabelsClosed,
    /// Nothing is stored: the wave would have so many different base weights.
    TooManyWeights { count: usize },
}

impl StoreOutcome {
    /// Why nothing was stored, and what to do. `good` is the number of good rows.
    fn message(&self, good: usize, lang: Lang) -> String {
        match self {
            StoreOutcome::Stored { .. } => String::new(),
            StoreOutcome::Repeats { count } => lang.pick(
                format!(
                    "没有导入：{good} 行里有 {count} 行和这一次调查已有的答卷一模一样，可能以前导过一部分。\n只导新的，加 --repeats skip；确实是不同的人，加 --repeats add"
                ),
                format!(
                    "nothing was imported: {count} of {good} rows are just like stored answers of this wave; part of the file may have been imported before.\nGive --repeats skip to take only new ones, --repeats add if they are other people"
                ),
            ),
            StoreOutcome::LabelsClosed => lang.pick(
                "没有导入：这一次调查已经收完，抽样单位的标签已经销毁，带抽样层、抽样单位、基础权数的表不能再并进来".to_string(),
                "nothing was imported: the wave is closed and the key of its units' labels destroyed; rows with strata, units or weights cannot be added".to_string(),
            ),
            StoreOutcome::TooManyWeights { count } => lang.pick(
                format!("没有导入：这一次调查会有 {count} 种不同的基础权数，最多 {MAX_WEIGHT_CLASSES} 种，免得凭权数认出人。请先把相近的权数归并成一种"),
                format!("nothing was imported: the wave would have {count} different base weights; it may have {MAX_WEIGHT_CLASSES}, so that a weight singles out nobody. Put similar weights together first"),
            ),
            StoreOutcome::SerialsDiffer { rows } => {
                let shown: Vec<String> = rows.iter().take(20).map(usize::to_string).collect();
                let more = if rows.len() > shown.len() { "…" } else { "" };
                lang.pick(
                    format!(
                        "没有导入：第 {}{more} 行的序号以前导入过，答案不一样。\n序号重新编过、是不同的人，加 --repeats add；是改过的答卷，先用 puzhi survey remove-batch 删掉原来那一批，再导入改好的文件",
                        shown.join("、")
                    ),
                    format!(
                        "nothing was imported: the serials of rows {}{more} were imported before with other answers.\nGive --repeats add if the numbering began anew and they are other people; if answers were mended, remove the earlier import with puzhi survey remove-batch first",
                        shown.join(", ")
                    ),
                )
            }
        }
    }
}

/// Stores the accepted rows of a batch, those that are stored already left out.
fn store_batch(
    args: &ImportArgs,
    batch: &ImportBatch,
    target: &ImportTarget<'_>,
    lang: Lang,
) -> Result<StoreOutcome, ExitStatus> {
    let (mut responses, serials) = (batch.responses(target), batch.serial_hashes(target));
    with_store(&args.db, IfMissing::Create, lang, |store| {
        let serials = &serials;
        async move {
            let facts = BatchFacts::of(target.survey, target.wave, target.mode, target.wording, BatchSource::Import);
            store.check_wave(&facts).await?;
            store.fix_wave(&FixedWave::of(&args.id, target.survey, target.wave)?).await?;
            if responses.iter().any(|response| !response.sample.is_empty()) {
                let fixed = store.fixed_waves(&args.id).await?.into_iter().find(|fixed| fixed.wave == args.wave);
                let key = fixed.and_then(|fixed| <[u8; 32]>::try_from(fixed.label_key).ok());
                let Some(key) = key else { return Ok(StoreOutcome::LabelsClosed) };
                responses.iter_mut().for_each(|response| label_sample(response, &target.wave.design, &key));
            }
            let mut weights = weight_classes(&responses);
            let stored_serials = store.serials(&args.id, &args.wave).await?;
            let mut stored = DuplicateCheck::new(batch, &responses, serials, &stored_serials);
            store
                .for_each_response(&args.id, |response| {
                    if response.wave == args.wave {
                        stored.add_stored(&response);
                        weights.extend(response.sample.weight);
                    }
                })
                .await?;
            if weights.len() > MAX_WEIGHT_CLASSES {
                return Ok(StoreOutcome::TooManyWeights { count: weights.len() });
            }
            let origins = stored.origins(&responses);
            let differ = origins.iter().zip(&batch.accepted).filter(|(origin, _)| **origin == RowOrigin::SerialDiffers);
            let rows: Vec<usize> = differ.map(|(_, ready)| ready.row).collect();
            if !rows.is_empty() && args.repeats != Some(RepeatedRows::Add) {
                return Ok(StoreOutcome::SerialsDiffer { rows });
            }
            if args.repeats.is_none() && stored.looks_like_reimport(&origins) {
                let count = origins.iter().filter(|origin| **origin == RowOrigin::Repeats).count();
                return Ok(StoreOutcome::Repeats { count });
            }
            let is_new = |origin: RowOrigin| match origin {
                RowOrigin::New | RowOrigin::SerialDiffers => true,
                RowOrigin::Repeats => args.repeats != Some(RepeatedRows::Skip),
                RowOrigin::Stored => false,
            };
            let new = || origins.iter().zip(responses.iter().zip(serials)).filter(|(origin, _)| is_new(**origin));
            let records: Vec<ResponseRecord> = new().map(|(_, (response, _))| ResponseRecord::from(response)).collect();
            let new_serials: Vec<[u8; 16]> = new().filter_map(|(_, (_, serial))| *serial).collect();
            let added = store.import_batch(&facts, target.hour, records, &new_serials).await?;
            Ok(StoreOutcome::Stored { added })
        }
    })
}

/// Text about the stored batch: rows added, known, under age and refused.
fn batch_summary(batch: &ImportBatch, added: u64, wave: &Wave, lang: Lang) -> String {
    let (known, bad) = (batch.accepted.len() as u64 - added, batch.rejected_rows());
    lang.pick(
        format!(
            "导入 {added} 份，到“{}”；{known} 份以前已经导入；{} 份不满年龄，没有保存；{bad} 行有问题，没有导入\n",
            wave.id, batch.under_age
        ),
        format!(
            "{added} imported into \"{}\"; {known} were there before; {} under age, not stored; {bad} rows refused\n",
            wave.id, batch.under_age
        ),
    )
}

/// Reads a mapping file; the inner result is what its text says.
fn read_mapping(path: &Path, survey: &Survey, lang: Lang) -> Result<Result<ColumnMapping, ImportError>, ExitStatus> {
    let bytes = read_limited(path, MAX_MAPPING_BYTES, lang)?;
    if bytes.len() as u64 > MAX_MAPPING_BYTES {
        return Err(usage_error(lang.pick(
            format!("{}：对照文件最大 1 MB", path.display()),
            format!("{}: a mapping file has 1 MB at most", path.display()),
        )));
    }
    let text = String::from_utf8(bytes).map_err(|_| {
        usage_error(lang.pick(
            format!("{}：对照文件要存成 UTF-8", path.display()),
            format!("{}: a mapping file is UTF-8", path.display()),
        ))
    })?;
    Ok(ColumnMapping::read(text.trim_start_matches('\u{FEFF}'), survey))
}

/// Prints what is wrong with how the command was called.
fn usage_error(text: String) -> ExitStatus {
    print_error(&text);
    ExitStatus::Usage
}

/// Prints what is wrong with a file.
fn file_error(path: &Path, error: &ImportError, lang: Lang) -> ExitStatus {
    usage_error(format!("{}{}{}", path.display(), lang.pick("：", ": "), error.message(lang)))
}

/// The collection mode of the imported responses: `--mode`, or else the wave's only mode, or else the usual mode of the file format.
///
/// # Errors
/// [`ExitStatus::Usage`] when none of them gives a mode that the wave allows; a message has been printed.
fn resolve_mode(
    args: &ImportArgs,
    wave: &Wave,
    format: SourceFormat,
    lang: Lang,
) -> Result<CollectionMode, ExitStatus> {
    let allowed = |mode: &CollectionMode| wave.modes.is_empty() || wave.modes.contains(mode);
    let found = match (args.mode, wave.modes.as_slice()) {
        (Some(mode), _) => Some(mode).filter(allowed),
        (None, [only]) => Some(*only),
        (None, _) => format.usual_mode().filter(allowed),
    };
    found.ok_or_else(|| {
        let modes: &[CollectionMode] = if wave.modes.is_empty() { &CollectionMode::ALL } else { &wave.modes };
        let list = modes
            .iter()
            .map(|m| if lang == Lang::Zh { format!("{}（{}）", m.as_str(), m.zh()) } else { m.as_str().to_string() })
            .collect::<Vec<_>>()
            .join(" / ");
        print_error(&match lang {
            Lang::Zh => format!("这些答卷是怎样作答的？请加 --mode，“{}”可以写：{list}", wave.id),
            Lang::En => format!("how were these answers given? Give --mode; for \"{}\" one of: {list}", wave.id),
        });
        ExitStatus::Usage
    })
}

/// Text about the file: its detected format, columns that are not imported, and questions without a column.
fn file_summary(table: &ImportTable, layout: &ColumnLayout, target: &ImportTarget<'_>, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let (kind, format, rows) = (table.kind.description(lang), layout.format.description(lang), table.rows.len());
    let mut out = if zh {
        format!("{kind}；认作{format}；{rows} 行\n")
    } else {
        format!("{kind}; taken for {format}; {rows} rows\n")
    };
    for hint in table.hint_messages(lang) {
        out.push_str(&format!("{hint}\n"));
    }
    let left = layout.skipped_headers(table);
    let list = |personal: bool| {
        left.iter().filter(|(_, p)| *p == personal).map(|(header, _)| header.as_str()).collect::<Vec<_>>().join(if zh {
            "、"
        } else {
            ", "
        })
    };
    for (personal, zh_words, en_words) in [
        (true, "丢掉的列，能认出人", "left out, because they identify people"),
        (false, "没有存的列（时间只留到小时）", "not stored (of times only the hour is)"),
    ] {
        let list = list(personal);
        if !list.is_empty() {
            out.push_str(&if zh { format!("{zh_words}：{list}\n") } else { format!("{en_words}: {list}\n") });
        }
    }
    let missing: Vec<&str> =
        layout.questions_without_column(target.survey).into_iter().map(|q| q.id.as_str()).collect();
    if !missing.is_empty() {
        let list = missing.join(if zh { "、" } else { ", " });
        out.push_str(&if zh {
            format!("表里没有的题：{list}\n")
        } else {
            format!("questions without a column: {list}\n")
        });
    }
    out
}

/// Reads a file, but at most `most` + 1 bytes. A result longer than `most` tells the caller that the file is too large.
pub(super) fn read_limited(path: &Path, most: u64, lang: Lang) -> Result<Vec<u8>, ExitStatus> {
    use std::io::Read;
    let mut bytes = Vec::new();
    match std::fs::File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)) {
        Ok(_) => Ok(bytes),
        Err(error) => {
            print_error(&match lang {
                Lang::Zh => format!("读不出 {}：{error}", path.display()),
                Lang::En => format!("cannot read {}: {error}", path.display()),
            });
            Err(ExitStatus::Io)
        }
    }
}

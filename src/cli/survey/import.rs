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
use super::definitions::{load_definitions, survey_ids};
use puzhi_core::diag::Lang;
use puzhi_core::kinds::{CollectionMode, Wave};
use puzhi_survey::hours_since_epoch;
use puzhi_survey::import::{
    ColumnLayout, ColumnMapping, DuplicateCheck, ImportBatch, ImportTable, ImportTarget, MAX_BYTES, SourceFormat,
    detect_layout,
};
use puzhi_survey::store::{DatabaseAddress, IfMissing, ResponseRecord};

/// Size limit of a mapping file, in bytes.
const MAX_MAPPING_BYTES: u64 = 1 << 20;

#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    /// 答卷文件，CSV 或 XLSX (the file, CSV or XLSX)
    file: PathBuf,
    /// 哪一次调查 (the wave)
    #[arg(long, value_name = "WAVE")]
    wave: String,
    /// 答卷存在哪里 (where answers are kept)
    #[arg(long, value_name = "DB", value_parser = parse_database_address)]
    db: DatabaseAddress,
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

fn parse_mode(name: &str) -> Result<CollectionMode, String> {
    CollectionMode::from_name(name)
        .ok_or_else(|| format!("可以写 (one of)：{}", CollectionMode::ALL.map(CollectionMode::as_str).join("、")))
}

pub(super) fn run(args: &ImportArgs) -> Result<ExitStatus, ExitStatus> {
    let lang: Lang = args.messages.lang();
    let usage = |text: String| {
        print_error(&text);
        ExitStatus::Usage
    };
    // The definitions need an address, but this command serves nothing, so any address works.
    let definitions = load_definitions(args.root.path(), Some("http://localhost"), lang)?;
    let localized = definitions.find(&args.id, None).ok_or_else(|| {
        usage(match lang {
            Lang::Zh => format!("没有编号是“{}”的问卷。现有的问卷：{}", args.id, survey_ids(&definitions)),
            Lang::En => {
                format!("there is no survey with the id \"{}\"; there are: {}", args.id, survey_ids(&definitions))
            }
        })
    })?;
    let waves = localized.survey.all_waves();
    let wave = waves.iter().find(|wave| wave.id == args.wave).ok_or_else(|| {
        let list = waves.iter().map(|w| w.id.as_str()).collect::<Vec<_>>().join("、");
        usage(match lang {
            Lang::Zh => format!("“{}”没有编号是“{}”的调查批次。现有的：{list}", args.id, args.wave),
            Lang::En => format!("\"{}\" has no wave \"{}\"; there are: {list}", args.id, args.wave),
        })
    })?;
    let trouble = |trouble: puzhi_survey::import::ImportError| {
        usage(format!("{}{}{}", args.file.display(), if lang == Lang::Zh { "：" } else { ": " }, trouble.message(lang)))
    };
    let table = ImportTable::read(&read_limited(&args.file, MAX_BYTES, lang)?).map_err(trouble)?;
    let layout = match &args.mapping {
        None => detect_layout(&localized.survey, &table, args.format, &args.ignore).map_err(trouble)?,
        Some(path) => {
            let text = String::from_utf8(read_limited(path, MAX_MAPPING_BYTES, lang)?).map_err(|_| {
                usage(match lang {
                    Lang::Zh => format!("{}：对照文件要存成 UTF-8", path.display()),
                    Lang::En => format!("{}: a mapping file is UTF-8", path.display()),
                })
            })?;
            let mapping = ColumnMapping::read(text.trim_start_matches('\u{FEFF}'), &localized.survey);
            mapping.and_then(|mapping| mapping.layout(&table)).map_err(trouble)?
        }
    };
    let mode = resolve_mode(args, wave, layout.format, lang)?;
    let target = ImportTarget {
        survey: &localized.survey,
        id: &args.id,
        wave,
        mode,
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
        print_error(&match lang {
            Lang::Zh => format!(
                "一行也没有导入：{bad} 行有问题，{good} 行没有问题。改好再导，或者加 --accept-partial 只导没有问题的"
            ),
            Lang::En => format!(
                "nothing was imported: {bad} rows are refused, {good} are good; mend them, or give --accept-partial to take the good ones"
            ),
        });
        return Ok(ExitStatus::ContentErrors);
    }
    let responses = batch.responses(&target);
    let stored = with_store(&args.db, IfMissing::Create, lang, |store| {
        let (mut stored, responses, batch) = (DuplicateCheck::new(&batch, &responses), &responses, &batch);
        async move {
            store
                .for_each_response(&args.id, |response| {
                    if response.wave == args.wave {
                        stored.add_stored(&response)
                    }
                })
                .await?;
            let repeats = stored.find_repeats(responses);
            if args.repeats.is_none() && stored.looks_like_reimport(&repeats) {
                return Ok(Err(repeats.iter().filter(|r| **r).count()));
            }
            let skipped = |repeat: bool| repeat && args.repeats == Some(RepeatedRows::Skip);
            let records: Vec<ResponseRecord> = responses
                .iter()
                .zip(&repeats)
                .filter(|(r, repeat)| !stored.is_stored(r) && !skipped(**repeat))
                .map(|(r, _)| ResponseRecord::from(r))
                .collect();
            let added = store.insert_all(&records).await?;
            Ok(Ok((added, batch.accepted.len() as u64 - added)))
        }
    })?;
    let (added, known) = match stored {
        Ok(done) => done,
        Err(repeats) => {
            return Err(usage(match lang {
                Lang::Zh => format!(
                    "没有导入：{good} 行里有 {repeats} 行和这一次调查已有的答卷一模一样，可能以前导过一部分。\n只导新的，加 --repeats skip；确实是不同的人，加 --repeats add"
                ),
                Lang::En => format!(
                    "nothing was imported: {repeats} of {good} rows are just like stored answers of this wave; part of the file may have been imported before.\nGive --repeats skip to take only new ones, --repeats add if they are other people"
                ),
            }));
        }
    };
    write_stdout(&match lang {
        Lang::Zh => format!(
            "导入 {added} 份，到“{}”；{known} 份以前已经导入；{} 份不满年龄，没有保存；{bad} 行有问题，没有导入\n",
            wave.id, batch.under_age
        ),
        Lang::En => format!(
            "{added} imported into \"{}\"; {known} were there before; {} under age, not stored; {bad} rows refused\n",
            wave.id, batch.under_age
        ),
    })?;
    Ok(if bad > 0 { ExitStatus::ContentErrors } else { ExitStatus::Success })
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

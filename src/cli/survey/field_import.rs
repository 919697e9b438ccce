//! The part of `puzhi survey import` that takes the batch of an interviewer's device.
//!
//! Input: the bytes of the batch, the office's key file, the wave. Output: rows in the database, what became of the contacts of all devices
//! so far, and messages about what is refused. Checking and opening are in `puzhi_survey::field`.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::ExitStatus;
use super::super::console::{print_error, write_stdout};
use super::database::with_store;
use super::import::read_limited;
use puzhi_core::diag::Lang;
use puzhi_core::kinds::results::MAX_WEIGHT_CLASSES;
use puzhi_core::kinds::{Outcomes, Wave};
use puzhi_survey::Response;
use puzhi_survey::collector::{LocalizedSurvey, SurveyDefinitions};
use puzhi_survey::field::{Disposition, FieldBatch, OfficeIdentity, OpenedBatch, open_batch, outcomes_yaml};
use puzhi_survey::import::{label_sample, weight_classes};
use puzhi_survey::store::{
    BatchFacts, BatchSource, DatabaseAddress, DeviceContacts, FixedWave, IfMissing, ResponseRecord, Store, StoreError,
};

/// Size limit of the office's key file, in bytes.
const MAX_KEY_BYTES: u64 = 64 << 10;

/// Where a batch goes.
pub(super) struct FieldImport<'i> {
    pub definitions: &'i SurveyDefinitions,
    pub localized: &'i LocalizedSurvey,
    pub wave: &'i Wave,
    pub db: &'i DatabaseAddress,
    /// The office's key file.
    pub office_key: Option<&'i Path>,
    /// Whether good interviews are taken when others are refused.
    pub accept_partial: bool,
    /// Hour of the import, in whole hours since 1970-01-01T00:00Z.
    pub hour: i64,
}

/// What became of a batch.
enum Stored {
    /// So many interviews were new; the outcomes of all devices of the wave.
    Added(u64, Box<Outcomes>),
    /// The key of the labels was destroyed, and the interviews name units of the sample.
    LabelsClosed,
    /// The wave would have so many different base weights.
    TooManyWeights(usize),
}

impl FieldImport<'_> {
    /// Imports the batch in the file `name`.
    ///
    /// # Errors
    /// When nothing is imported; the reason has been printed.
    pub(super) fn run(&self, name: &Path, bytes: &[u8], lang: Lang) -> Result<ExitStatus, ExitStatus> {
        let refuse = |text: String| {
            print_error(&format!("{}{}{text}", name.display(), lang.pick("：", ": ")));
            ExitStatus::Usage
        };
        let batch = FieldBatch::read(bytes).map_err(|error| refuse(error.message(lang)))?;
        let device = batch.enrolled_as(self.wave.field.as_ref()).map_err(|error| refuse(error.message(lang)))?;
        let office = self.identity(lang)?;
        let opened = open_batch(&batch, &office, &self.localized.survey, self.wave, &self.definitions.zone())
            .map_err(|error| refuse(error.message(lang)))?;
        for refused in &opened.refused {
            print_error(&refused.message(&self.localized.survey, lang));
        }
        let (good, bad) = (opened.responses.len(), opened.refused.len());
        if bad > 0 && !self.accept_partial {
            print_error(&lang.pick(
                format!("一份也没有导入：{bad} 份有问题，{good} 份没有问题。只导没有问题的，加 --accept-partial"),
                format!("nothing was imported: {bad} interviews are refused, {good} are good; --accept-partial takes the good ones"),
            ));
            return Ok(ExitStatus::ContentErrors);
        }
        let (added, outcomes) = match self.store(&batch, opened, lang)? {
            Stored::Added(added, outcomes) => (added, outcomes),
            Stored::LabelsClosed => {
                return Err(refuse(lang.pick(
                    "没有导入：这一次调查已经收完，抽样单位的标签已经销毁".to_string(),
                    "nothing was imported: the wave is closed and the key of its units' labels destroyed".to_string(),
                )));
            }
            Stored::TooManyWeights(count) => {
                return Err(refuse(lang.pick(
                    format!("没有导入：这一次调查会有 {count} 种不同的基础权数，最多 {MAX_WEIGHT_CLASSES} 种"),
                    format!("nothing was imported: the wave would have {count} different base weights; it may have {MAX_WEIGHT_CLASSES}"),
                )));
            }
        };
        let (known, wave, number) = (good as u64 - added, &self.wave.id, batch.number);
        let all = outcomes_yaml(&outcomes);
        write_stdout(&lang.pick(
            format!(
                "设备“{device}”第 {number} 次交回：导入 {added} 份，到“{wave}”；{known} 份以前已经导入；{bad} 份有问题，没有导入\n到现在为止所有设备的应答情况，写进问卷页这个批次的 outcomes：\n{all}\n"
            ),
            format!(
                "batch {number} of \"{device}\": {added} imported into \"{wave}\"; {known} were there before; {bad} refused\noutcomes of all devices so far, for `outcomes` of the wave on the survey's page:\n{all}\n"
            ),
        ))?;
        Ok(if bad > 0 { ExitStatus::ContentErrors } else { ExitStatus::Success })
    }

    fn identity(&self, lang: Lang) -> Result<OfficeIdentity, ExitStatus> {
        let Some(path) = self.office_key else {
            print_error(lang.pick(
                "这是访问员交回的答卷，要用办公室的钥匙打开：加 --office-key 钥匙文件",
                "this is a batch of an interviewer; give the office's key file with --office-key",
            ));
            return Err(ExitStatus::Usage);
        };
        let text = String::from_utf8(read_limited(path, MAX_KEY_BYTES, lang)?).unwrap_or_default();
        OfficeIdentity::from_file_text(&text).ok_or_else(|| {
            print_error(&lang.pick(
                format!("{} 不是 puzhi survey office-key 做的钥匙文件", path.display()),
                format!("{} is no key file of puzhi survey office-key", path.display()),
            ));
            ExitStatus::Usage
        })
    }

    fn store(&self, batch: &FieldBatch, opened: OpenedBatch, lang: Lang) -> Result<Stored, ExitStatus> {
        with_store(self.db, IfMissing::Create, lang, |store| async move {
            let (id, wave) = (&self.localized.id, &self.wave.id);
            let mut responses = opened.responses;
            self.check_facts(&store, &responses).await?;
            store.fix_wave(&FixedWave::of(id, &self.localized.survey, self.wave)?).await?;
            if responses.iter().any(|response| !response.sample.is_empty()) {
                let fixed = store.fixed_waves(id).await?.into_iter().find(|fixed| fixed.wave == *wave);
                let key = fixed.and_then(|fixed| <[u8; 32]>::try_from(fixed.label_key).ok());
                let Some(key) = key else { return Ok(Stored::LabelsClosed) };
                responses.iter_mut().for_each(|response| label_sample(response, &self.wave.design, &key));
            }
            let mut weights = weight_classes(&responses);
            let stored = |response: Response| {
                if response.wave == *wave {
                    weights.extend(response.sample.weight);
                }
            };
            store.for_each_response(id, stored).await?;
            if weights.len() > MAX_WEIGHT_CLASSES {
                return Ok(Stored::TooManyWeights(weights.len()));
            }
            let mut added = 0;
            for (facts, records) in self.by_facts(&responses) {
                added += store.import_batch(&facts, self.hour, records, &[]).await?;
            }
            store
                .put_contacts(&DeviceContacts {
                    survey: id.clone(),
                    wave: wave.clone(),
                    device: batch.device,
                    number: i64::try_from(batch.number).unwrap_or(i64::MAX),
                    counts: batch.outcomes,
                })
                .await?;
            Ok(Stored::Added(added, Box::new(sum(&store.contacts(id, wave).await?))))
        })
    }

    /// The records with the facts of their batch in the store: one batch for each mode and wording.
    fn by_facts(&self, responses: &[Response]) -> Vec<(BatchFacts, Vec<ResponseRecord>)> {
        let mut groups: BTreeMap<_, Vec<&Response>> = BTreeMap::new();
        for response in responses {
            groups.entry((response.mode, response.wording.bytes())).or_default().push(response);
        }
        let of = |group: Vec<&Response>| {
            let first = group.first()?;
            let (survey, source) = (&self.localized.survey, BatchSource::Import);
            let facts = BatchFacts::of(survey, self.wave, first.mode, first.wording, source);
            Some((facts, group.into_iter().map(ResponseRecord::from).collect()))
        };
        groups.into_values().filter_map(of).collect()
    }

    /// Checks every batch before the first is stored.
    async fn check_facts(&self, store: &Store, responses: &[Response]) -> Result<(), StoreError> {
        for (facts, _) in self.by_facts(responses) {
            store.check_wave(&facts).await?;
        }
        Ok(())
    }
}

/// The outcomes of all devices together.
fn sum(contacts: &[DeviceContacts]) -> Outcomes {
    let mut all = puzhi_survey::field::outcomes_of([]);
    for device in contacts {
        let mut counts = device.counts;
        for disposition in Disposition::ALL {
            let count = disposition.count_in(&mut counts).unwrap_or(0);
            let so_far = disposition.count_in(&mut all);
            *so_far = Some(so_far.unwrap_or(0).saturating_add(count));
        }
    }
    all
}

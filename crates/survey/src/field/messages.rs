//! Texts of interviews in the field, in Chinese and English: the names of dispositions, and why a batch or an interview is refused.
//!
//! In: what happened. Out: sentences with what to do. Nothing is escaped here.

use puzhi_core::diag::Lang;
use puzhi_core::kinds::{CollectionMode, Outcomes, Survey};

use super::batch::{BatchError, MAX_BATCH_BYTES};
use super::device_store::DeviceStoreError;
use super::opening::{RefusedInterview, WhyRefused};
use super::record::Disposition;

impl Disposition {
    /// The text of its button. `mode` decides what "nobody there" is called.
    pub fn label(self, mode: CollectionMode, lang: Lang) -> &'static str {
        let by_phone = mode == CollectionMode::Phone;
        let (zh, en) = match self {
            Disposition::Complete => ("答完了", "Interviewed"),
            Disposition::Refusal => ("不愿意答，或者中途不答了", "Refused or broke off"),
            Disposition::Noncontact if by_phone => ("没有人接", "No answer"),
            Disposition::Noncontact => ("家里没有人", "Nobody at home"),
            Disposition::Other => ("生病、语言不通等，答不了", "Ill, other language or the like"),
            Disposition::Unknown => ("不知道是不是调查对象", "Not known whether eligible"),
            Disposition::Ineligible => ("不是调查对象", "Not eligible"),
        };
        lang.pick(zh, en)
    }
}

impl BatchError {
    /// Why nothing was imported, and what to do.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            BatchError::NotABatch => lang.pick(
                "不是访问员交回的答卷，也可能是更新的版本做的".to_string(),
                "no batch of an interviewer, or one of a newer version".to_string(),
            ),
            BatchError::TooLarge => lang.pick(
                format!("文件太大：最大 {} MB", MAX_BATCH_BYTES >> 20),
                format!("the file is too large; it may have {} MB", MAX_BATCH_BYTES >> 20),
            ),
            BatchError::Truncated => lang.pick(
                "文件不完整，后面少了一截：请从设备上重新拷一次".to_string(),
                "the end of the file is missing; copy it from the device again".to_string(),
            ),
            BatchError::Altered => lang.pick(
                "文件和设备的签名对不上，交出来以后被改过或者拷坏了：请从设备上重新拷一次".to_string(),
                "the file does not agree with the device's signature: it was altered or damaged; copy it from the device again"
                    .to_string(),
            ),
            BatchError::OtherWave { survey, wave } => lang.pick(
                format!("这是问卷“{survey}”批次“{wave}”的答卷，请核对命令里的编号和 --wave"),
                format!("this is a batch of survey \"{survey}\", wave \"{wave}\"; check the id and --wave"),
            ),
            BatchError::NoFieldWork => lang.pick(
                "问卷页的这个批次没有写 field（外出访问），不收访问员的答卷".to_string(),
                "the wave has no key `field` on the survey's page, so it takes no batches".to_string(),
            ),
            BatchError::NotEnrolled { device } => lang.pick(
                format!("交回答卷的设备没有登记。确实是本单位的设备，就把它的公钥写进问卷页的 field: devices：\n{device}"),
                format!("the device is not enrolled. If it is one of yours, add its public key to field: devices on the page:\n{device}"),
            ),
            BatchError::Revoked { name } => lang.pick(
                format!("设备“{name}”已经作废，它的答卷一份也不收"),
                format!("the device \"{name}\" is revoked; nothing is taken from it"),
            ),
            BatchError::OtherKey => lang.pick(
                "答卷不是封给这把钥匙的：请核对 --office-key 的文件，是不是换过钥匙".to_string(),
                "the interviews are sealed to another key; check the file of --office-key".to_string(),
            ),
        }
    }
}

impl RefusedInterview {
    /// Why the interview is not taken.
    pub fn message(&self, survey: &Survey, lang: Lang) -> String {
        let number = self.number;
        let why = match &self.why {
            WhyRefused::Damaged => lang.pick("读不出来".to_string(), "cannot be read".to_string()),
            WhyRefused::OtherKey => lang.pick(
                "封给办公室的另一把钥匙，请用那一把再导入一次".to_string(),
                "is sealed to another key of the office; import the file once more with that key".to_string(),
            ),
            WhyRefused::PasserBy => lang.pick(
                "答的人不是抽中的，不能算进概率抽样的批次".to_string(),
                "the person was not drawn, so the answers do not belong to a probability wave".to_string(),
            ),
            WhyRefused::Mode(mode) => lang.pick(
                format!("这个批次不收{}的答卷", mode.zh()),
                format!("the wave takes no answers by {}", mode.as_str()),
            ),
            WhyRefused::OutsideWave => lang.pick(
                "答的时间不在这个批次的日期里，也可能是设备的时钟不对".to_string(),
                "answered outside the dates of the wave, or by a device with a wrong clock".to_string(),
            ),
            WhyRefused::UnderAge => lang.pick("不满年龄".to_string(), "under age".to_string()),
            WhyRefused::Answers { errors, reworded } => {
                let list: Vec<String> = errors.iter().map(|error| error.message(survey, lang)).collect();
                let list = list.join(lang.pick("；", "; "));
                let reworded = if *reworded {
                    lang.pick("（题目在访问以后改过）", " (the questions were changed since)")
                } else {
                    ""
                };
                format!("{list}{reworded}")
            }
        };
        lang.pick(format!("第 {number} 份：{why}"), format!("interview {number}: {why}"))
    }
}

impl DeviceStoreError {
    /// What is wrong with the device's database.
    pub fn message(&self, lang: Lang) -> String {
        match self {
            DeviceStoreError::OtherWave { survey, wave } => lang.pick(
                format!("这个文件夹存的是问卷“{survey}”批次“{wave}”的答卷，请换一个文件夹（--dir）"),
                format!("the folder holds interviews of survey \"{survey}\", wave \"{wave}\"; give another --dir"),
            ),
            DeviceStoreError::Corrupt => {
                lang.pick("设备上的数据库坏了".to_string(), "the device's database is damaged".to_string())
            }
            DeviceStoreError::Database(cause) => lang.pick(
                format!("设备上的数据库用不了（{cause}）：磁盘满了，或者文件不让写"),
                format!("the device's database fails ({cause}): the disk may be full or the file read-only"),
            ),
        }
    }
}

/// Counts as the page of a survey writes them: `complete: 30, refusal: 4 …`.
pub fn outcomes_yaml(outcomes: &Outcomes) -> String {
    let mut copy = *outcomes;
    let counts = Disposition::ALL.map(|d| d.count_in(&mut copy).map(|n| format!("{}: {n}", d.as_str())));
    format!("{{{}}}", counts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

//! Headers of columns that an import skips: those that identify people or their devices, and those that programs add.
//!
//! In: a header. Out: what the column holds, if it is one of these. Used only for columns that belong to no question of the survey.

/// Parts of headers of columns with personal data, in lower case and without white space.
const PERSONAL: &[&str] = &[
    "姓名",
    "名字",
    "称呼",
    "昵称",
    "用户名",
    "联系人",
    "电话",
    "手机",
    "联系方式",
    "身份证",
    "证件",
    "护照",
    "微信",
    "openid",
    "unionid",
    "qq",
    "邮箱",
    "邮件",
    "email",
    "e-mail",
    "住址",
    "地址",
    "门牌",
    "经纬度",
    "定位",
    "来源详情",
    "来自ip",
    "ipaddr",
    "浏览器",
    "操作系统",
    "设备",
    "useragent",
    "车牌",
    "银行卡",
    "账号",
    "帐号",
    "学号",
    "工号",
    "用户id",
    "签名",
    "token",
    "accesscode",
    "refurl",
    "referrer",
    "firstname",
    "lastname",
    "fullname",
    "phone",
    "mobile",
    "telephone",
    "respondent",
    "attribute_",
    "国籍省市",
    "地理位置",
];

/// Whole headers of columns with personal data.
const PERSONAL_WHOLE: &[&str] = &["ip", "name", "省份", "城市", "省市", "来自"];

/// Whole headers of columns that programs add: serials, durations, scores.
const TECHNICAL: &[&str] = &[
    "序号",
    "编号",
    "答卷编号",
    "答题序号",
    "所用时间",
    "用时",
    "来源",
    "来源渠道",
    "总分",
    "星标",
    "备注状态",
    "id",
    "responseid",
    "lastpage",
    "startlanguage",
    "seed",
    "language",
    "interviewtime",
    "totaltime",
    "quota_exit",
    "serial",
];

/// Headers of the time of submission, of which only the hour is stored.
const SUBMITTED: &[&str] = &["提交答卷时间", "提交时间", "submitdate", "datesubmitted"];

/// Headers of other times.
const OTHER_TIMES: &[&str] =
    &["开始答题时间", "开始时间", "结束时间", "startdate", "datestamp", "datestarted", "datelastaction"];

/// What a column without a question holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkippedKind {
    /// Data that identifies a person or a device.
    Personal,
    /// Data that the program added.
    Technical,
    /// The time of submission.
    SubmittedAt,
    /// Another time.
    Time,
}

/// What a column with this header holds; `None` when the header is none of these.
pub fn classify(header: &str) -> Option<SkippedKind> {
    let folded: String = header.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let folded = folded.as_str();
    match () {
        () if SUBMITTED.contains(&folded) => Some(SkippedKind::SubmittedAt),
        () if OTHER_TIMES.contains(&folded) => Some(SkippedKind::Time),
        () if TECHNICAL.contains(&folded) || folded.starts_with("grouptime") || folded.starts_with("questiontime") => {
            Some(SkippedKind::Technical)
        }
        () if PERSONAL_WHOLE.contains(&folded) || PERSONAL.iter().any(|word| folded.contains(word)) => {
            Some(SkippedKind::Personal)
        }
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_headers_are_recognised() {
        for header in [
            "来自IP",
            "3、您的姓名：",
            "IP address",
            "ipaddr",
            "手机号码",
            "来源详情",
            "微信昵称",
            "E-mail",
            "token",
            "First name",
        ] {
            assert_eq!(classify(header), Some(SkippedKind::Personal), "{header}");
        }
        for header in ["序号", "所用时间", "来源", "lastpage", "Response ID", "groupTime12"] {
            assert_eq!(classify(header), Some(SkippedKind::Technical), "{header}");
        }
        assert_eq!(
            (classify("提交答卷时间"), classify("submitdate"), classify("startdate")),
            (Some(SkippedKind::SubmittedAt), Some(SkippedKind::SubmittedAt), Some(SkippedKind::Time))
        );
        for header in ["您住在哪个街道？", "heard", "2、专利"] {
            assert_eq!(classify(header), None, "{header}");
        }
    }
}

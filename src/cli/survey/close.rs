//! `puzhi survey close`: destroys the key from which the labels of a wave's sampling units were made, and moves its held answers on.
//!
//! Input: [`CloseArgs`]. Output: the key is gone, from then on nobody can find the unit of a label; and answers that waited for others of
//! their wave are with the rest.

use super::super::ExitStatus;
use super::super::args::MessageArgs;
use super::super::console::{print_error, print_stdout};
use super::database::{parse_database_address, with_store};
use puzhi_survey::store::{DatabaseAddress, IfMissing};

#[derive(Debug, clap::Args)]
pub struct CloseArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    /// 哪一次调查 (the wave)
    #[arg(long, value_name = "WAVE")]
    wave: String,
    /// 答卷存在哪里 (where answers are kept)
    #[arg(long, value_name = "DB", value_parser = parse_database_address)]
    db: DatabaseAddress,
    #[command(flatten)]
    messages: MessageArgs,
}

pub(super) fn run(args: &CloseArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    let destroyed = with_store(&args.db, IfMissing::Fail, console.lang, |store| async move {
        store.settle_wave(&args.id, &args.wave).await?;
        store.destroy_label_key(&args.id, &args.wave).await
    })?;
    if !destroyed {
        print_error(console.pick(
            &format!("“{}”的批次“{}”没有标签的密钥：还没有收到抽样的答卷，或者已经销毁过", args.id, args.wave),
            &format!(
                "wave \"{}\" of \"{}\" has no label key: no drawn answer came yet, or it was destroyed",
                args.wave, args.id
            ),
        ));
        return Err(ExitStatus::Usage);
    }
    print_stdout(console.pick(
        "已销毁抽样单位标签的密钥：标签再也对不上社区。带抽样单位的表不能再并进这一批。以前的备份里还有密钥，请一起删掉\n",
        "the key of the units' labels is destroyed: no label leads to a unit any more, and rows with units cannot be added to this wave. Earlier backups still hold the key; delete them too\n",
    ));
    Ok(ExitStatus::Success)
}

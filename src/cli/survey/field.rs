//! `puzhi survey field`: interviews on a laptop or tablet without network.
//!
//! Input: [`FieldArgs`], the survey's definition and perhaps a call sheet. Output: a service on this machine alone until Ctrl+C, and in
//! the device's folder its key, its database and the batches for the office. Knows no form and no sealing; both are in `puzhi_survey`.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use tokio::net::TcpListener;

use super::super::ExitStatus;
use super::super::args::{MessageArgs, RootArg};
use super::super::console::{Console, print_error, print_stdout};
use super::super::local_server::{open_browser, until_interrupted};
use super::database::store_runtime;
use super::definitions::{find_survey, find_wave, load_unserved_definitions};
use super::import::read_limited;
use super::office_key::{no_random_bytes, write_private_file};
use crate::source::replace_file;
use puzhi_core::diag::Lang;
use puzhi_core::kinds::{CollectionMode, SamplingMethod, Wave, device_key_text};
use puzhi_survey::field::{CallSheet, DeviceKey, DeviceStore, FieldConfig, FieldService};
use puzhi_survey::import::MAX_BYTES;

/// The key of the device, in its folder.
const KEY_FILE: &str = "device.key";
/// The database of the device, in its folder.
const DATABASE_FILE: &str = "interviews.db";
/// Size limit of the key file, in bytes.
const MAX_KEY_BYTES: u64 = 64 << 10;

#[derive(Debug, clap::Args)]
pub struct FieldArgs {
    /// 问卷编号 (the survey's id)
    id: String,
    /// 哪一次调查 (the wave)
    #[arg(long, value_name = "WAVE")]
    wave: String,
    /// 这台设备存答卷和钥匙的文件夹，没有就新建 (the folder of this device)
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// 抽中的人或电话的名单，CSV 或 XLSX；概率抽样一定要有 (the call sheet, CSV or XLSX)
    #[arg(long, value_name = "FILE")]
    call_sheet: Option<PathBuf>,
    /// 面访 face 还是电话 phone，缺省按这一次调查 (face or phone, by the wave by default)
    #[arg(long, value_name = "MODE", value_parser = parse_field_mode)]
    mode: Option<CollectionMode>,
    /// 端口，0 由系统选 (port; 0 takes any)
    #[arg(long, value_name = "N", default_value_t = 8462)]
    port: u16,
    /// 打开浏览器 (open the browser)
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    root: RootArg,
    #[command(flatten)]
    messages: MessageArgs,
}

/// The modes of interviewers.
const FIELD_MODES: [CollectionMode; 2] = [CollectionMode::Face, CollectionMode::Phone];

fn parse_field_mode(name: &str) -> Result<CollectionMode, String> {
    let mode = CollectionMode::from_name(name).filter(|mode| FIELD_MODES.contains(mode));
    mode.ok_or_else(|| "可以写 (one of)：face、phone".to_string())
}

pub(super) fn run(args: &FieldArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    let lang = console.lang;
    let definitions = load_unserved_definitions(args.root.path(), lang)?;
    let wave = find_wave(find_survey(&definitions, &args.id, lang)?, &args.id, &args.wave, lang)?;
    let mode = field_mode(args.mode, &wave, lang)?;
    if wave.field.is_none() {
        return Err(usage_error(lang.pick(
            format!("问卷页的批次“{}”没有写 field（外出访问）：先用 puzhi survey office-key 做一把钥匙，把公钥写进 field: {{office_key: …}}", wave.id),
            format!("wave \"{}\" has no key `field`: make a key with puzhi survey office-key and write its public key into field: {{office_key: …}}", wave.id),
        )));
    }
    let sheet = read_call_sheet(args, &wave, lang)?;
    if sheet.is_none() && wave.sample == SamplingMethod::Probability {
        return Err(usage_error(lang.pick(
            format!("批次“{}”是概率抽样，只能访问抽中的人：用 --call-sheet 给出名单。街上随便遇到的人，要另设自愿或配额的批次", wave.id),
            format!("wave \"{}\" is a probability sample, so only people who were drawn are interviewed: give --call-sheet. Passers-by need a wave of their own, voluntary or by quotas", wave.id),
        )));
    }
    std::fs::create_dir_all(&args.dir).map_err(|error| cannot_write(&args.dir, &error, lang))?;
    let device = device_key(&args.dir, lang)?;
    let public = device_key_text(&device.public());
    if wave.field.as_ref().is_none_or(|field| field.device(&device.public()).is_none()) {
        print_error(&lang.pick(
            format!("这台设备还没有登记，先不能访问。请办公室在问卷页的 field: devices: 里加一行：\n- {{name: 设备的名称, key: {public}}}"),
            format!("this device is not enrolled, so it cannot be used yet. Add a line to field: devices: on the survey's page:\n- {{name: NAME, key: {public}}}"),
        ));
    }
    let runtime = store_runtime(lang)?;
    let store = runtime.block_on(DeviceStore::open(&args.dir.join(DATABASE_FILE), &args.id, &args.wave));
    let store = store.map_err(|error| {
        print_error(&error.message(lang));
        ExitStatus::Io
    })?;
    let folder = args.dir.clone();
    let config = FieldConfig {
        definitions,
        survey: args.id.clone(),
        wave,
        mode,
        device,
        store,
        sheet,
        clock: jiff::Timestamp::now,
        notify: print_error,
        save: Box::new(move |name, bytes| {
            let path = folder.join(name);
            replace_file(&path, bytes)?;
            std::fs::File::open(&path)?.sync_all()
        }),
    };
    // Everything that `new` asks for was checked above.
    let service = FieldService::new(config).ok_or(ExitStatus::Usage)?;
    runtime.block_on(serve(args, service, &console))
}

/// Serves on this machine alone until Ctrl+C.
async fn serve(
    args: &FieldArgs,
    service: std::sync::Arc<FieldService>,
    console: &Console,
) -> Result<ExitStatus, ExitStatus> {
    let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    let bound = async {
        let listener = TcpListener::bind(wanted).await?;
        let address = listener.local_addr()?;
        Ok::<_, std::io::Error>((listener, address))
    };
    let (listener, address) = bound.await.map_err(|error| {
        print_error(&console.lang.pick(
            format!("用不了 {wanted}：{error}。可能已经开着一个，或者用 --port 换一个"),
            format!("cannot listen on {wanted}: {error}. It may be running already; --port takes another"),
        ));
        ExitStatus::Io
    })?;
    let url = format!("http://{address}/");
    print_stdout(console.pick(
        &format!("访问：{url}\n只有这台设备打得开，不用联网；按 Ctrl+C 结束\n"),
        &format!("interviews: {url}\nonly this device can open it, no network is needed; Ctrl+C ends it\n"),
    ));
    if args.open {
        open_browser(console, &url);
    }
    service.serve(listener, until_interrupted()).await.map_err(|error| {
        print_error(&error.to_string());
        ExitStatus::Io
    })?;
    Ok(ExitStatus::Success)
}

/// How interviews are held: `--mode`, or the only mode of interviewers that the wave has.
fn field_mode(given: Option<CollectionMode>, wave: &Wave, lang: Lang) -> Result<CollectionMode, ExitStatus> {
    let allowed: Vec<CollectionMode> =
        FIELD_MODES.into_iter().filter(|mode| wave.modes.is_empty() || wave.modes.contains(mode)).collect();
    match (given, allowed.as_slice()) {
        (Some(mode), _) if allowed.contains(&mode) => Ok(mode),
        (None, [only]) => Ok(*only),
        (_, []) => Err(usage_error(lang.pick(
            format!("批次“{}”既不是面访，也不是电话：mode 里写上 face 或 phone 才能外出访问", wave.id),
            format!("wave \"{}\" is neither face to face nor by phone: its mode needs face or phone", wave.id),
        ))),
        _ => Err(usage_error(lang.pick(
            format!("面访还是电话？批次“{}”加 --mode，可以写：{}", wave.id, names(&allowed)),
            format!("face to face or by phone? Give --mode; for \"{}\" one of: {}", wave.id, names(&allowed)),
        ))),
    }
}

fn names(modes: &[CollectionMode]) -> String {
    modes.iter().map(|mode| mode.as_str()).collect::<Vec<_>>().join(" / ")
}

fn read_call_sheet(args: &FieldArgs, wave: &Wave, lang: Lang) -> Result<Option<CallSheet>, ExitStatus> {
    let Some(path) = &args.call_sheet else { return Ok(None) };
    let sheet = CallSheet::read(&read_limited(path, MAX_BYTES, lang)?, &wave.design);
    sheet
        .map(Some)
        .map_err(|error| usage_error(format!("{}{}{}", path.display(), lang.pick("：", ": "), error.message(lang))))
}

/// The key of this device, made at the first start.
fn device_key(folder: &Path, lang: Lang) -> Result<DeviceKey, ExitStatus> {
    let path = folder.join(KEY_FILE);
    let key = DeviceKey::generate().ok_or_else(|| no_random_bytes(lang))?;
    match write_private_file(&path, &key.file_text()) {
        Ok(()) => return Ok(key),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(cannot_write(&path, &error, lang)),
    }
    let text = String::from_utf8(read_limited(&path, MAX_KEY_BYTES, lang)?).unwrap_or_default();
    DeviceKey::from_file_text(&text).ok_or_else(|| {
        usage_error(lang.pick(
            format!("{} 不是设备的钥匙文件，可能坏了。换一个空文件夹，重新登记这台设备", path.display()),
            format!("{} is no key file of a device; take an empty folder and enrol the device anew", path.display()),
        ))
    })
}

fn cannot_write(path: &Path, error: &std::io::Error, lang: Lang) -> ExitStatus {
    print_error(
        &lang.pick(format!("写不进 {}：{error}", path.display()), format!("cannot write {}: {error}", path.display())),
    );
    ExitStatus::Io
}

/// Prints what is wrong with how the command was called.
fn usage_error(text: String) -> ExitStatus {
    print_error(&text);
    ExitStatus::Usage
}

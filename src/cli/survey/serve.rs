//! `puzhi survey serve`: the collector.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

use tokio::net::TcpListener;

use super::super::ExitStatus;
use super::super::args::MessageLang;
use super::database::{parse_database_address, print_error, report_store_error};
use super::definitions::{load_definitions, survey_ids};
use puzhi_core::diag::Lang;
use puzhi_survey::collector::{Collector, CollectorConfig, IpNetwork};
use puzhi_survey::store::{DatabaseAddress, IfMissing, Store};

#[derive(Debug, clap::Args)]
pub struct CollectorArgs {
    /// 站点文件夹，里面有 site.yaml (the site's folder)
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// 答卷存在哪里：sqlite:文件，或 postgres://用户@主机/库；文件没有就新建 (where answers are kept)
    #[arg(long, value_name = "DB", value_parser = parse_database_address)]
    db: DatabaseAddress,
    /// 在哪个地址收答卷 (the address to listen on)
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8461")]
    listen: SocketAddr,
    /// 网站的网址，问卷页面从那里提交，缺省为 base_url (where the site is published, base_url by default)
    #[arg(long, value_name = "URL")]
    site_origin: Option<String>,
    /// 可信的反向代理的地址，可写多个；只信它写的 X-Forwarded-For (proxies whose X-Forwarded-For is believed)
    #[arg(long, value_name = "CIDR")]
    trusted_proxy: Vec<IpNetwork>,
    /// 消息的语言 (language of messages)
    #[arg(long, value_enum, default_value_t = MessageLang::Zh)]
    lang: MessageLang,
}

pub(super) fn run(args: &CollectorArgs) -> ExitStatus {
    let lang: Lang = args.lang.into();
    let definitions = match load_definitions(&args.root, args.site_origin.as_deref(), lang) {
        Ok(definitions) => definitions,
        Err(exit) => return exit,
    };
    if definitions.ids().next().is_none() {
        print_error(match lang {
            Lang::Zh => "站点里没有可以收答卷的问卷：问卷页面要有编号，不能是草稿",
            Lang::En => "the site has no survey to serve: its page needs an id and must not be a draft",
        });
        return ExitStatus::ContentErrors;
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return report_store_error(&error.into(), lang),
    };
    let surveys = survey_ids(&definitions);
    let setup = CollectorConfig {
        definitions,
        trusted: args.trusted_proxy.clone(),
        clock: jiff::Timestamp::now,
        notify: print_error,
    };
    runtime.block_on(async {
        let store = match Store::open(&args.db, IfMissing::Create).await {
            Ok(store) => store,
            Err(error) => return report_store_error(&error, lang),
        };
        let listening =
            TcpListener::bind(args.listen).await.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = match listening {
            Ok(listening) => listening,
            Err(error) => {
                print_error(&match lang {
                    Lang::Zh => format!("不能在 {} 收答卷：{error}", args.listen),
                    Lang::En => format!("cannot listen on {}: {error}", args.listen),
                });
                return ExitStatus::Io;
            }
        };
        let (stop, collector) = match (signals(), Collector::start(store, setup)) {
            (Ok(stop), Ok(collector)) => (stop, collector),
            (Err(error), _) => return report_store_error(&error.into(), lang),
            (_, Err(error)) => return report_store_error(&error, lang),
        };
        let _ = writeln!(
            std::io::stdout(),
            "{}",
            match lang {
                Lang::Zh => format!("在 http://{address}/surveys/… 收答卷：{surveys}"),
                Lang::En => format!("taking answers at http://{address}/surveys/…: {surveys}"),
            }
        );
        let _ = std::io::stdout().flush();
        let reloading = tokio::spawn(reload(collector.clone(), args.root.clone(), args.site_origin.clone(), lang));
        let served = collector.serve(listener, stop).await;
        reloading.abort();
        match served {
            Ok(()) => ExitStatus::Success,
            Err(error) => report_store_error(&error.into(), lang),
        }
    })
}

/// Ends when the process is asked to stop.
fn signals() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Reads the definitions anew on SIGHUP; when they cannot be read, those before stay.
async fn reload(collector: std::sync::Arc<Collector>, root: PathBuf, origin: Option<String>, lang: Lang) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut hangup) = signal(SignalKind::hangup()) else { return };
        while hangup.recv().await.is_some() {
            let (root, origin) = (root.clone(), origin.clone());
            if let Ok(Ok(definitions)) =
                tokio::task::spawn_blocking(move || load_definitions(&root, origin.as_deref(), lang)).await
            {
                print_error(&match lang {
                    Lang::Zh => format!("已重新读取问卷：{}", survey_ids(&definitions)),
                    Lang::En => format!("surveys read again: {}", survey_ids(&definitions)),
                });
                collector.replace_definitions(definitions);
            }
        }
    }
    #[cfg(not(unix))]
    drop((collector, root, origin, lang));
}

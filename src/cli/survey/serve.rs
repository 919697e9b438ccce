//! `puzhi survey serve`: runs the collector, the HTTP service that takes responses.
//!
//! Input: [`CollectorArgs`] and the site's survey definitions. Output: a running service until SIGTERM, SIGINT or Ctrl+C. SIGHUP reloads
//! the definitions. Knows nothing of HTTP and of the storage; both are in `puzhi_survey`.
#![expect(clippy::disallowed_methods, reason = "the command line talks to people, files and the environment")]

use std::net::SocketAddr;
use std::path::PathBuf;

use tokio::net::TcpListener;

use super::super::ExitStatus;
use super::super::args::{MessageArgs, RootArg};
use super::super::console::{Console, print_error, print_stdout};
use super::database::{open_store, parse_database_address, report_store_error, store_runtime};
use super::definitions::{SiteDefinitions, load_definitions, read_site_definitions, survey_ids};
use puzhi_core::diag::Lang;
use puzhi_survey::collector::{Collector, CollectorConfig, IpNetwork, SurveyDefinitions};
use puzhi_survey::store::{DatabaseAddress, IfMissing, StoreError};

#[derive(Debug, clap::Args)]
pub struct CollectorArgs {
    #[command(flatten)]
    root: RootArg,
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
    /// 在哪个地址给监控看数字，缺省不给；只听本机或内网 (the address of /metrics, none by default)
    #[arg(long, value_name = "ADDR")]
    metrics: Option<SocketAddr>,
    #[command(flatten)]
    messages: MessageArgs,
}

pub(super) fn run(args: &CollectorArgs) -> Result<ExitStatus, ExitStatus> {
    let console = args.messages.console();
    let definitions = load_definitions(args.root.path(), args.site_origin.as_deref(), console.lang)?;
    if definitions.ids().next().is_none() {
        print_error(console.pick(
            "站点里没有可以收答卷的问卷：问卷页面要有编号，不能是草稿",
            "the site has no survey to serve: its page needs an id and must not be a draft",
        ));
        return Err(ExitStatus::ContentErrors);
    }
    store_runtime(console.lang)?.block_on(collect(args, definitions, &console))
}

/// Runs the collector until the process receives a signal to stop.
async fn collect(
    args: &CollectorArgs,
    definitions: SurveyDefinitions,
    console: &Console,
) -> Result<ExitStatus, ExitStatus> {
    let lang = console.lang;
    let store_error = |error: StoreError| report_store_error(&error, lang);
    let surveys = survey_ids(&definitions);
    let config = CollectorConfig {
        definitions,
        trusted: args.trusted_proxy.clone(),
        clock: jiff::Timestamp::now,
        notify: print_error,
    };
    let store = open_store(&args.db, IfMissing::Create, lang).await?;
    Collector::check_definitions(&store, &config.definitions).await.map_err(store_error)?;
    let listener = bind(args.listen, lang).await?;
    let metrics = match args.metrics {
        Some(address) => Some(bind(address, lang).await?),
        None => None,
    };
    let address = listener.local_addr().map_err(|error| store_error(error.into()))?;
    let stop = signals().map_err(|error| store_error(error.into()))?;
    let collector = Collector::start(store, config).map_err(store_error)?;
    print_stdout(console.pick(
        &format!("在 http://{address}/surveys/… 收答卷：{surveys}\n"),
        &format!("taking answers at http://{address}/surveys/…: {surveys}\n"),
    ));
    if let Some(metrics) = metrics {
        let address = metrics.local_addr().map_err(|error| store_error(error.into()))?;
        print_stdout(&format!("http://{address}/metrics\n"));
        tokio::spawn(collector.clone().serve_metrics(metrics));
    }
    let root = args.root.path().to_path_buf();
    let reloading = tokio::spawn(reload(collector.clone(), root, args.site_origin.clone(), lang));
    let served = collector.serve(listener, stop).await;
    reloading.abort();
    served.map_err(|error| store_error(error.into()))?;
    Ok(ExitStatus::Success)
}

/// Listens on an address; the reason has been printed if that fails.
async fn bind(address: SocketAddr, lang: Lang) -> Result<TcpListener, ExitStatus> {
    TcpListener::bind(address).await.map_err(|error| {
        print_error(&match lang {
            Lang::Zh => format!("不能在 {address} 收答卷：{error}"),
            Lang::En => format!("cannot listen on {address}: {error}"),
        });
        ExitStatus::Io
    })
}

/// Returns a future that completes on SIGTERM or SIGINT (on other systems than Unix, on Ctrl+C).
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

/// Reloads the definitions at every SIGHUP. If they cannot be read, the previous ones stay in use.
async fn reload(collector: std::sync::Arc<Collector>, root: PathBuf, origin: Option<String>, lang: Lang) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut hangup) = signal(SignalKind::hangup()) else { return };
        while hangup.recv().await.is_some() {
            let (root, origin) = (root.clone(), origin.clone());
            let read = tokio::task::spawn_blocking(move || read_site_definitions(&root, origin.as_deref(), lang)).await;
            let kept = lang.pick("问卷没有换，仍用原来的", "the surveys in use are kept");
            let Ok(Ok(SiteDefinitions { definitions, has_errors })) = read else {
                print_error(kept);
                continue;
            };
            // A page with an error is not among the new definitions. Its survey must not end by a slip of the pen.
            let lost = collector.surveys_missing_from(&definitions).join(lang.pick("、", ", "));
            if has_errors && !lost.is_empty() {
                print_error(&match lang {
                    Lang::Zh => format!("新的站点里有错误，读不到这些问卷：{lost}；{kept}"),
                    Lang::En => format!("the site has errors and lacks these surveys: {lost}; {kept}"),
                });
                continue;
            }
            if let Err(error) = Collector::check_definitions(collector.store(), &definitions).await {
                print_error(&format!("{}{}{kept}", error.message(lang), lang.pick("；", "; ")));
                continue;
            }
            let ids = survey_ids(&definitions);
            collector.replace_definitions(definitions);
            print_error(&match lang {
                Lang::Zh => format!("已重新读取问卷：{ids}"),
                Lang::En => format!("surveys read again: {ids}"),
            });
        }
    }
    #[cfg(not(unix))]
    drop((collector, root, origin, lang));
}

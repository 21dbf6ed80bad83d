//! The `url` engine: databases of ours on a server the user names.
//!
//! Each carries a mark (a comment) that says which process on which machine made it, so that a
//! later run on the same machine can drop what a killed run left. Nothing else is ever dropped.

use serde_json::{Value, json};

use crate::error::ConnectError;
use crate::process::ProcessIdentity;
use crate::session::Session;
use crate::url::DatabaseUrl;

use super::database::{Custody, NAME_PREFIX, administration_options};
use super::{Engine, ScratchError};

/// What the mark says under `"made-by"`.
const MAKER: &str = "aludel scratch";

/// A server that is there anyway.
#[derive(Debug)]
pub(super) struct UrlEngine {
    url: DatabaseUrl,
}

impl Engine for UrlEngine {
    fn name(&self) -> &'static str {
        "url"
    }

    fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    fn dies_with_us(&self) -> bool {
        false
    }
}

/// Connects; used for planning too.
pub(super) async fn connect(url: &DatabaseUrl) -> Result<Session, ConnectError> {
    Session::connect(url, &administration_options()).await
}

/// Sweeps and returns the engine with how its databases are marked.
pub(super) async fn start(session: &Session) -> Result<(UrlEngine, Custody), ScratchError> {
    sweep(session).await?;
    let engine = UrlEngine {
        url: session.url().clone(),
    };
    let custody = Custody::Shared {
        mark: mark(&ProcessIdentity::current(), &machine()),
    };
    Ok((engine, custody))
}

/// Drops what killed runs of this machine left.
async fn sweep(session: &Session) -> Result<(), ScratchError> {
    let sql = format!(
        "SELECT d.datname, pg_catalog.shobj_description(d.oid, 'pg_database')
         FROM pg_catalog.pg_database d
         JOIN pg_catalog.pg_roles r ON r.oid = d.datdba
         WHERE pg_catalog.starts_with(d.datname::text, '{NAME_PREFIX}')
           AND r.rolname = current_user
           AND NOT EXISTS
               (SELECT FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid)"
    );
    let machine = machine();
    for row in session.rows(&sql).await? {
        if is_abandoned(row.text(1), &machine) && is_plain(row.text(0)) {
            // Another run may be sweeping the same one.
            let _ = session
                .execute(&format!("DROP DATABASE IF EXISTS {}", row.text(0)))
                .await;
        }
    }
    Ok(())
}

fn is_plain(name: &str) -> bool {
    name.bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The mark of a process on a machine.
fn mark(owner: &ProcessIdentity, machine: &str) -> String {
    json!({ "made-by": MAKER, "pid": owner.pid, "started": owner.started, "machine": machine })
        .to_string()
}

/// True only when the mark is ours, was made on this very machine, and its process is gone.
fn is_abandoned(mark: &str, machine: &str) -> bool {
    let Ok(mark) = serde_json::from_str::<Value>(mark) else {
        return false;
    };
    let text = |key: &str| mark.get(key).and_then(Value::as_str).unwrap_or_default();
    let pid = mark
        .get("pid")
        .and_then(Value::as_i64)
        .and_then(|pid| i32::try_from(pid).ok());
    let Some(pid) = pid else { return false };
    let owner = ProcessIdentity {
        pid,
        started: text("started").to_owned(),
    };
    text("made-by") == MAKER
        && !machine.is_empty()
        && text("machine") == machine
        && !owner.started.is_empty()
        && owner.is_gone()
}

/// Where process numbers have one meaning: this boot, this process namespace. Empty when unknown,
/// and then nothing is ever swept.
fn machine() -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
    let namespace = std::fs::read_link("/proc/self/ns/pid");
    match (boot, namespace) {
        (Ok(boot), Ok(namespace)) => format!("{} {}", boot.trim(), namespace.display()),
        _ => String::new(),
    }
}

/// Drops databases when a [`Scratch`](super::Scratch) is dropped without `stop`: the caller may be
/// inside a runtime, which cannot be waited on, so another thread does it.
pub(super) fn drop_from_another_thread(url: DatabaseUrl, names: Vec<String>) {
    let work = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let Ok(runtime) = runtime else { return };
        runtime.block_on(async {
            let Ok(session) = connect(&url).await else {
                return;
            };
            for name in names.iter().filter(|name| name.starts_with(NAME_PREFIX)) {
                let _ = session
                    .execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                    .await;
            }
        });
    };
    // What fails here is swept by the next run.
    let _ = std::thread::spawn(work).join();
}

#[cfg(test)]
mod tests {
    use super::{is_abandoned, machine, mark};
    use crate::process::ProcessIdentity;

    #[test]
    fn only_marks_of_gone_processes_of_this_machine_are_abandoned() {
        let here = machine();
        let gone = ProcessIdentity {
            pid: i32::MAX,
            started: "5".to_owned(),
        };
        assert!(is_abandoned(&mark(&gone, &here), &here));
        assert!(!is_abandoned(
            &mark(&ProcessIdentity::current(), &here),
            &here
        ));
        assert!(!is_abandoned(&mark(&gone, "elsewhere"), &here));
        assert!(!is_abandoned(&mark(&gone, ""), ""));
        assert!(!is_abandoned("", &here));
        assert!(!is_abandoned("{\"pid\": 1}", &here));
        let unknown_start = ProcessIdentity {
            started: String::new(),
            ..gone
        };
        assert!(!is_abandoned(&mark(&unknown_start, &here), &here));
    }
}

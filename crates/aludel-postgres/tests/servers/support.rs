//! What the tests with real servers share: caches the server's account can reach, and victims —
//! this test program run again as a child that is then interrupted or killed.

use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aludel_postgres::{ConnectOptions, DatabaseUrl, Session};

/// Set in a victim; its value is for the victim.
const VICTIM: &str = "ALUDEL_TEST_VICTIM";

/// A directory that every account may enter.
pub(crate) fn open_directory() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    allow(directory.path(), 0o755);
    directory
}

/// Sets a file's or directory's permissions.
pub(crate) fn allow(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// A session with default options.
pub(crate) async fn connect(url: &DatabaseUrl) -> Session {
    Session::connect(url, &ConnectOptions::default())
        .await
        .unwrap()
}

/// What this process is told when it runs as a victim.
pub(crate) fn victim_orders() -> Option<String> {
    std::env::var(VICTIM).ok()
}

/// Says one line to the process that started this victim.
pub(crate) fn report(line: &str) {
    println!("\nvictim says {line}");
}

/// Runs one test of this program as a child and returns the first line it reports.
pub(crate) fn start_victim(test: &str, orders: &str) -> (Child, String) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(VICTIM, orders)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let line = output
        .lines()
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("victim says ").map(str::to_owned))
        .expect("the victim reports");
    (child, line)
}

/// Waits for something that happens soon or never.
pub(crate) fn eventually(what: &str, check: impl Fn() -> bool) {
    let begun = Instant::now();
    while !check() {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "not in time: {what}"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The directory that holds a private server's socket.
pub(crate) fn socket_directory(url: &DatabaseUrl) -> PathBuf {
    PathBuf::from(url.host())
}

/// True while a process works in this directory.
pub(crate) fn is_worked_in(directory: &Path) -> bool {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes
        .into_iter()
        .any(|entry| std::fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd == directory))
}

//! Which process is which: a number alone is reused, a number with its start is not.

use std::path::Path;

use rustix::process::{Pid, Signal, kill_process, test_kill_process};

/// One process, now or in the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProcessIdentity {
    pub(crate) pid: i32,
    /// When it started, in the system's own notation.
    pub(crate) started: String,
}

impl ProcessIdentity {
    /// This process.
    pub(crate) fn current() -> Self {
        let pid = std::process::id().cast_signed();
        Self {
            pid,
            started: start_of(pid).unwrap_or_default(),
        }
    }

    /// True when the process has certainly ended.
    pub(crate) fn is_gone(&self) -> bool {
        if !exists(self.pid) {
            return true;
        }
        // A start that cannot be read proves nothing.
        start_of(self.pid)
            .is_some_and(|started| !self.started.is_empty() && started != self.started)
    }
}

/// True when some process has this number.
pub(crate) fn exists(pid: i32) -> bool {
    let Some(pid) = Pid::from_raw(pid) else {
        return false;
    };
    !matches!(test_kill_process(pid), Err(rustix::io::Errno::SRCH))
}

/// Sends a signal; a process that is gone is no error.
pub(crate) fn signal(pid: i32, signal: Signal) {
    if let Some(pid) = Pid::from_raw(pid) {
        let _ = kill_process(pid, signal);
    }
}

/// The directory a process works in, where the system tells.
pub(crate) fn working_directory(pid: i32) -> Option<std::path::PathBuf> {
    std::fs::read_link(Path::new("/proc").join(pid.to_string()).join("cwd")).ok()
}

#[cfg(target_os = "linux")]
fn start_of(pid: i32) -> Option<String> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The program's name stands in parentheses and may hold anything.
    let (_, fields) = text.rsplit_once(')')?;
    fields.split_whitespace().nth(19).map(str::to_owned)
}

#[cfg(not(target_os = "linux"))]
fn start_of(pid: i32) -> Option<String> {
    let output = std::process::Command::new("ps")
        .args(["-o", "lstart=", "-p", &pid.to_string()])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::ProcessIdentity;

    #[test]
    fn this_process_lives_and_an_earlier_one_of_its_number_is_gone() {
        let current = ProcessIdentity::current();
        assert!(!current.is_gone());
        let earlier = ProcessIdentity {
            started: "1".to_owned(),
            ..current
        };
        assert!(earlier.is_gone());
        let never = ProcessIdentity {
            pid: i32::MAX,
            started: "1".to_owned(),
        };
        assert!(never.is_gone());
    }
}

//! What a child server does between fork and exec: another account, another group, its end.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

use rustix::process::{getpid, getppid};

use crate::account::Account;

/// How long a server lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lifetime {
    /// It ends with the thread that starts it, however that ends (`kill -9` too).
    WithParent,
    /// It outlives this program and its terminal.
    Own,
}

/// Prepares a command: the account to run as, a process group of its own (a Ctrl-C on the terminal
/// is for this program, which stops its server itself), and its lifetime.
pub(crate) fn prepare(command: &mut Command, account: Option<&Account>, lifetime: Lifetime) {
    // The directory we stand in may be closed to the other account.
    command.current_dir("/");
    if let Some(account) = account {
        // The standard library also drops root's supplementary groups here.
        command.uid(account.uid).gid(account.gid);
    }
    let parent = getpid();
    let prepare_child = move || {
        match lifetime {
            Lifetime::WithParent => {
                rustix::process::setpgid(None, None)?;
                #[cfg(target_os = "linux")]
                {
                    use rustix::process::{Signal, set_parent_process_death_signal};
                    // SIGQUIT is PostgreSQL's immediate stop: it takes its own children along.
                    set_parent_process_death_signal(Some(Signal::QUIT))?;
                }
                // The parent may have died before the line above.
                if getppid() != Some(parent) {
                    return Err(std::io::ErrorKind::Interrupted.into());
                }
            }
            Lifetime::Own => {
                rustix::process::setsid()?;
            }
        }
        Ok(())
    };
    #[expect(
        unsafe_code,
        reason = "the closure runs between fork and exec; it makes plain system calls only and \
                  neither allocates nor takes a lock"
    )]
    // SAFETY: see the reason above; `prepare_child` owns two plain values.
    unsafe {
        command.pre_exec(prepare_child);
    }
}

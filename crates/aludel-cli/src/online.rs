//! Whether a plan takes the way that holds no other session up.

use clap::Args;

/// `--online` and `--no-online`; the last one counts.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct OnlineArgs {
    /// Hold no other session up for long: indexes are built concurrently, constraints are validated afterwards, new
    /// columns are filled batch by batch, in transactions of their own
    #[arg(long, overrides_with = "no_online")]
    online: bool,
    /// Write the shortest plan, whatever it locks
    #[arg(long, overrides_with = "online")]
    no_online: bool,
}

impl OnlineArgs {
    /// Returns what was said, else `default`.
    pub(crate) fn choose(self, default: bool) -> bool {
        self.online || default && !self.no_online
    }
}

//! Accounts of the operating system, read from `/etc/passwd`.

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) uid: u32,
}

impl Account {
    /// The account with this number.
    pub(crate) fn by_uid(uid: u32) -> Option<Self> {
        all().into_iter().find(|account| account.uid == uid)
    }
}

fn all() -> Vec<Account> {
    let text = fs_err::read_to_string("/etc/passwd").unwrap_or_default();
    text.lines().filter_map(parse).collect()
}

fn parse(line: &str) -> Option<Account> {
    let mut fields = line.split(':');
    let name = fields.next()?.to_owned();
    let _password = fields.next()?;
    let uid = fields.next()?.parse().ok()?;
    Some(Account { name, uid })
}

//! What a statement makes only where nobody else has made it.

use crate::cursor::Cursor;
use crate::statement::Statement;

/// A schema or an extension that several may count on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shared {
    /// `CREATE SCHEMA IF NOT EXISTS`; the name, quoted only where it must be.
    Schema(String),
    /// `CREATE EXTENSION IF NOT EXISTS`.
    Extension(String),
}

/// Returns what a statement makes where it is not there: who takes the statement back may leave that, for it may have
/// been there before.
pub fn shared(statement: &Statement) -> Option<Shared> {
    let mut cursor = Cursor::new(&statement.text);
    if !cursor.eat("create") {
        return None;
    }
    let is_schema = cursor.eat("schema");
    if !is_schema && !cursor.eat("extension") || !cursor.eat_all("if not exists") {
        return None;
    }
    let name = cursor.name()?;
    Some(if is_schema {
        Shared::Schema(name)
    } else {
        Shared::Extension(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_be_there_already_is_shared() {
        let shared = |text: &str| shared(&Statement::new(text));
        let app = Some(Shared::Schema("app".to_owned()));
        assert_eq!(shared("create schema if not exists App"), app);
        let ossp = Some(Shared::Extension("\"uuid-ossp\"".to_owned()));
        assert_eq!(
            shared("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA public"),
            ossp
        );
        assert_eq!(shared("CREATE SCHEMA app"), None);
        assert_eq!(shared("CREATE TABLE IF NOT EXISTS t ()"), None);
    }
}

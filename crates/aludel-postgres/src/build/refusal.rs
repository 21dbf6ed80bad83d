//! What PostgreSQL refuses of a script, remembered as its catalog would be: the same script is refused in the same words.
//!
//! Models that state something PostgreSQL does not make are compared all the same, as the history has it, at every `check`.

use std::path::Path;

use fs_err as fs;
use serde_json::{Value, json};

use super::{BuildError, Script};
use crate::error::{StatementError, StatementReport};

/// The conditions that say something of the script alone: syntax, and what it itself names twice, wrongly or not at all.
/// What the server's build, its extensions, the machine, roles or data may bring about is asked for again each time.
const OF_THE_SCRIPT: [&str; 22] = [
    "2BP01", "42601", "42611", "42622", "42701", "42702", "42703", "42710", "42712", "42723",
    "42725", "42803", "42804", "42809", "42830", "42846", "42P01", "42P06", "42P07", "42P10",
    "42P16", "42P17",
];

/// An object is missing: a collation or an access method the server may have tomorrow, but not the operator class that an
/// index leaves out, which comes with an extension of the script's.
const MISSING: (&str, &str) = ("42704", "has no default operator class");

fn is_of_the_script(sqlstate: &str, message: &str) -> bool {
    OF_THE_SCRIPT.contains(&sqlstate) || (sqlstate == MISSING.0 && message.contains(MISSING.1))
}

/// Returns the file's text; none for what another run may not meet.
pub(super) fn text(error: &BuildError, script: &Script<'_>) -> Option<String> {
    let BuildError::Statement { origin, error } = error else {
        return None;
    };
    if error.connection_lost || !is_of_the_script(&error.sqlstate, &error.message) {
        return None;
    }
    let mut statements = script.groups.iter().copied().flatten();
    let place = statements.position(|one| one.text == error.statement && one.origin == *origin)?;
    let StatementReport {
        statement: _,
        sqlstate,
        severity,
        message,
        detail,
        hint,
        context,
        position,
        internal_statement,
        schema,
        table,
        column,
        data_type,
        constraint,
        connection_lost: _,
    } = &**error;
    let document = json!({
        "place": place, "sqlstate": sqlstate, "severity": severity, "message": message, "detail": detail, "hint": hint,
        "context": context, "position": position, "internal_statement": internal_statement, "schema": schema,
        "table": table, "column": column, "data_type": data_type, "constraint": constraint,
    });
    Some(document.to_string())
}

/// Returns what the server said of the script the last time.
pub(super) fn read(path: &Path, script: &Script<'_>) -> Option<BuildError> {
    let document: Value = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
    let text = |key: &str| document[key].as_str().map(str::to_owned);
    let number = |key: &str| document[key].as_u64();
    let place = usize::try_from(number("place")?).ok()?;
    let statement = script.groups.iter().copied().flatten().nth(place)?;
    let (sqlstate, message) = (text("sqlstate")?, text("message")?);
    // An earlier version kept more.
    if !is_of_the_script(&sqlstate, &message) {
        return None;
    }
    Some(BuildError::Statement {
        origin: statement.origin.clone(),
        error: StatementError::from(StatementReport {
            statement: statement.text.clone(),
            sqlstate,
            severity: text("severity")?,
            message,
            detail: text("detail"),
            hint: text("hint"),
            context: text("context"),
            position: number("position").and_then(|position| position.try_into().ok()),
            internal_statement: text("internal_statement"),
            schema: text("schema"),
            table: text("table"),
            column: text("column"),
            data_type: text("data_type"),
            constraint: text("constraint"),
            connection_lost: false,
        }),
    })
}

#[cfg(test)]
mod tests {
    use aludel_sql::{Needs, Origin, Statement};

    use super::*;
    use crate::introspect::Hidden;

    fn error(statement: &Statement, sqlstate: &str) -> BuildError {
        BuildError::Statement {
            origin: statement.origin.clone(),
            error: StatementError::from(StatementReport {
                statement: statement.text.clone(),
                sqlstate: sqlstate.to_owned(),
                message: "no".to_owned(),
                position: Some(8),
                hint: Some("do".to_owned()),
                ..StatementReport::default()
            }),
        }
    }

    #[test]
    fn what_was_refused_is_refused_again() {
        let at = |line| Origin { file: None, line };
        let mut statements = ["SELECT 1", "CREATE INDEX i", "CREATE INDEX i"].map(Statement::new);
        for (line, statement) in (1..).zip(&mut statements) {
            statement.origin = at(line);
        }
        let hidden = Hidden::default();
        let script = Script {
            groups: vec![&statements[..1], &statements[1..]],
            needs: Needs::default(),
            search_path: "public",
            hidden: &hidden,
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("refused.json");
        fs::write(
            &path,
            text(&error(&statements[2], "42601"), &script).unwrap(),
        )
        .unwrap();
        let Some(BuildError::Statement {
            origin,
            error: again,
        }) = read(&path, &script)
        else {
            panic!("it is read back");
        };
        assert_eq!(origin, at(3));
        assert_eq!((again.message.as_str(), again.position), ("no", Some(8)));
        assert_eq!(
            (again.hint.as_deref(), again.detail.as_deref()),
            (Some("do"), None)
        );
        for other in [
            "53100", "0A000", "22P02", "22023", "23505", "42501", "42704", "42883", "58P01",
        ] {
            let error = error(&statements[2], other);
            assert_eq!(text(&error, &script), None, "{other} may pass");
        }
        let kept = fs::read_to_string(&path).unwrap();
        fs::write(&path, kept.replace("42601", "0A000")).unwrap();
        assert!(read(&path, &script).is_none(), "an earlier version kept it");
    }
}

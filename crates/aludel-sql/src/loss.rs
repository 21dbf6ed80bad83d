//! What a statement loses, as far as its text tells.
//!
//! Definitions are read token by token here; queries, whose grammar is richer, by [`query`]. What a
//! function's body would do is not done by the statement that defines it, and so is no loss.

mod block;
mod enum_values;
mod query;

pub use enum_values::replaced_values;

use aludel_catalog::backfill::Backfill;

use crate::cursor::Cursor;
use crate::hazard::Hazard;
use crate::statement::Statement;

/// What the name of a type ends with that makes way for its new form.
pub const SET_ASIDE: &str = "__aludel_old";

/// Data that a statement loses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The way it is lost.
    pub hazard: Hazard,
    /// What is lost, for example `public.users.legacy`: as written in the statement (an unqualified
    /// name stays so), identifiers quoted only where they must be.
    pub object: String,
    /// The line of the file on which the statement names it.
    pub line: u32,
}

/// A column whose type a statement changes: whether that narrows it depends on the old type, which
/// the server knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeChange {
    /// The table, as written.
    pub table: String,
    /// The column.
    pub column: String,
    /// The new type, as written.
    pub new_type: String,
    /// The expression after `USING`.
    pub using: Option<String>,
}

/// Returns what a statement loses.
///
/// A changed column type is no loss here: see [`type_changes`].
pub fn losses(statement: &Statement) -> Vec<Loss> {
    let mut found = Found {
        statement,
        losses: Vec::new(),
    };
    let mut cursor = Cursor::new(&statement.text);
    let cursor = &mut cursor;
    let first = cursor.lower_word();
    if matches!(
        first.as_str(),
        "drop" | "alter" | "truncate" | "do" | "call" | "execute"
    ) {
        cursor.advance();
    }
    match first.as_str() {
        "drop" => dropped(cursor, &mut found),
        "alter" if cursor.eat("table") => altered_table(cursor, &mut found),
        "alter" if cursor.eat("type") => altered_type(cursor, &mut found),
        "truncate" => {
            cursor.eat("table");
            found.each(cursor, Hazard::Truncate);
        }
        "do" if Backfill::parse(&statement.text).is_some() => {}
        "do" if block::only_raises(cursor) => {}
        "do" => found.add(Hazard::Unclassified, "DO".to_owned(), 0),
        "call" | "execute" => {
            let at = cursor.offset();
            let name = cursor.name().unwrap_or_else(|| first.to_ascii_uppercase());
            found.add(Hazard::Unclassified, name, at);
        }
        _ => query::losses(&first, cursor, &mut found),
    }
    found.losses
}

/// Collects losses with the lines they stand on.
struct Found<'a> {
    statement: &'a Statement,
    losses: Vec<Loss>,
}

impl Found<'_> {
    /// Adds a loss that is named at this byte of the statement.
    fn add(&mut self, hazard: Hazard, object: String, at: usize) {
        let before = self.statement.text.as_bytes().get(..at).unwrap_or_default();
        let breaks: usize = before.iter().map(|byte| usize::from(*byte == b'\n')).sum();
        let line = self.statement.origin.line + u32::try_from(breaks).unwrap_or(u32::MAX);
        self.losses.push(Loss {
            hazard,
            object,
            line,
        });
    }

    /// Adds a loss for each name of a list.
    fn each(&mut self, cursor: &mut Cursor<'_>, hazard: Hazard) {
        loop {
            cursor.eat("only");
            let at = cursor.offset();
            let Some(name) = cursor.name() else {
                return;
            };
            self.add(hazard, name, at);
            if !cursor.skip_item() {
                return;
            }
        }
    }
}

fn dropped(cursor: &mut Cursor<'_>, found: &mut Found<'_>) {
    let hazard = if cursor.eat("table") {
        Hazard::DropTable
    } else if cursor.eat_all("materialized view") {
        Hazard::DropMaterializedView
    } else if cursor.eat("sequence") {
        Hazard::DropSequence
    } else if cursor.eat("schema") {
        Hazard::DropSchema
    } else if is_set_aside(cursor) {
        return;
    } else if cursor.eat("type") || cursor.eat("domain") {
        Hazard::DropType
    } else if cursor.is("extension") && cursor.ends_with("cascade") {
        // Columns of the extension's types go with it; without CASCADE the server refuses.
        cursor.advance();
        Hazard::DropType
    } else if cursor.is("collation") && cursor.ends_with("cascade") {
        cursor.advance();
        Hazard::Unclassified
    } else if cursor.eat_all("owned by") || cursor.eat("database") {
        Hazard::Unclassified
    } else if cursor.eat_all("user mapping") {
        return;
    } else if cursor.eat("role") || cursor.eat("user") || cursor.eat("group") {
        // Its password and its memberships go with it, and nothing in the database says what else used it.
        Hazard::Unclassified
    } else {
        return;
    };
    cursor.eat_all("if exists");
    found.each(cursor, hazard);
}

/// A type that a generated plan set aside under another name has no column any more, or the server refuses to drop it.
fn is_set_aside(cursor: &Cursor<'_>) -> bool {
    let mut cursor = cursor.clone();
    (cursor.eat("type") || cursor.eat("domain"))
        && cursor
            .name_parts()
            .last()
            .is_some_and(|name| name.ends_with(SET_ASIDE))
        && cursor.at_end()
}

fn altered_table(cursor: &mut Cursor<'_>, found: &mut Found<'_>) {
    let Some(table) = table_name(cursor) else {
        return;
    };
    loop {
        if cursor.eat("drop") && !cursor.is("constraint") {
            cursor.eat("column");
            cursor.eat_all("if exists");
            let at = cursor.offset();
            if let Some(column) = cursor.name() {
                found.add(Hazard::DropColumn, format!("{table}.{column}"), at);
            }
        }
        if !cursor.skip_item() {
            return;
        }
    }
}

/// Passes over `[IF EXISTS] [ONLY] name [*]`.
fn table_name(cursor: &mut Cursor<'_>) -> Option<String> {
    cursor.eat_all("if exists");
    cursor.eat("only");
    let table = cursor.name()?;
    cursor.eat_symbol(b'*');
    Some(table)
}

/// A composite type's attribute goes with its values in every column of the type.
fn altered_type(cursor: &mut Cursor<'_>, found: &mut Found<'_>) {
    let Some(name) = cursor.name() else {
        return;
    };
    loop {
        if cursor.eat_all("drop attribute") {
            cursor.eat_all("if exists");
            let at = cursor.offset();
            if let Some(attribute) = cursor.name() {
                found.add(Hazard::DropColumn, format!("{name}.{attribute}"), at);
            }
        }
        if !cursor.skip_item() {
            return;
        }
    }
}

/// Returns the columns whose type a statement changes.
pub fn type_changes(statement: &Statement) -> Vec<TypeChange> {
    let mut cursor = Cursor::new(&statement.text);
    let cursor = &mut cursor;
    if !cursor.eat_all("alter table") {
        return Vec::new();
    }
    let Some(table) = table_name(cursor) else {
        return Vec::new();
    };
    let mut changes = Vec::new();
    loop {
        changes.extend(type_change(cursor, &table));
        if !cursor.skip_item() {
            return changes;
        }
    }
}

fn type_change(cursor: &mut Cursor<'_>, table: &str) -> Option<TypeChange> {
    if !cursor.eat("alter") || cursor.is("constraint") {
        return None;
    }
    cursor.eat("column");
    let column = cursor.name()?;
    cursor.eat_all("set data");
    if !cursor.eat("type") {
        return None;
    }
    let start = cursor.offset();
    while !cursor.at_end()
        && !cursor.is_symbol(b',')
        && !cursor.is("using")
        && !cursor.is("collate")
    {
        cursor.skip_one();
    }
    let new_type = cursor.slice(start..cursor.end_of_previous()).to_owned();
    if cursor.eat("collate") {
        cursor.name();
    }
    let using = cursor.eat("using").then(|| {
        let start = cursor.offset();
        while !cursor.at_end() && !cursor.is_symbol(b',') {
            cursor.skip_one();
        }
        cursor.slice(start..cursor.end_of_previous()).to_owned()
    });
    Some(TypeChange {
        table: table.to_owned(),
        column,
        new_type,
        using,
    })
}

#[cfg(test)]
mod tests;

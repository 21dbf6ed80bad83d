//! Simple rows for every table: of the right type, distinct, and as far as the constraints let them.
//!
//! Three rows a table: two with all values, one with NULL wherever that is allowed. What a CHECK or a foreign key
//! refuses is tried in other ways (values out of the CHECK's own text, defaults, NULLs); a table that takes no row
//! in any of them is left without and named.

mod values;

use std::collections::BTreeSet;

use aludel_catalog::Catalog;
use aludel_catalog::identifier::{qualified, quote};
use aludel_postgres::{Row, Session, StatementError};

use crate::apply::ApplyError;

use values::{Variant, value};

/// How many rows a table gets at most.
const ROWS: usize = 3;

/// Which rows are wanted.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    /// None at all.
    pub(crate) none: bool,
    /// Some with NULL where that is allowed.
    pub(crate) nulls: bool,
    /// None in these tables.
    pub(crate) without: BTreeSet<(String, String)>,
    /// Why, in words.
    pub(crate) told: Vec<String>,
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            none: false,
            nulls: true,
            without: BTreeSet::new(),
            told: Vec::new(),
        }
    }
}

/// How often the rows are thinned out before there are none.
const THINNED_MAX: usize = 8;

/// `null_value_not_allowed` of a constraint: a NOT NULL that the rows do not keep.
const NOT_NULL_VIOLATION: &str = "23502";

impl Wish {
    /// Leaves out what `who` could not stand: NULLs, the rows of one table, and in the end all.
    pub(crate) fn thin_out(&mut self, who: &str, error: &ApplyError) {
        let report = &error.error;
        let table = report.schema.clone().zip(report.table.clone());
        let what = if self.told.len() >= THINNED_MAX {
            self.none = true;
            "any rows".to_owned()
        } else if self.nulls && report.is(NOT_NULL_VIOLATION) {
            self.nulls = false;
            "NULLs".to_owned()
        } else if let Some(table) = table.filter(|table| !self.without.contains(table)) {
            let name = qualified(&table.0, &table.1);
            self.without.insert(table);
            format!("rows in {name}")
        } else {
            self.none = true;
            "any rows".to_owned()
        };
        self.told.push(format!(
            "without {what}, on which {who} fails by itself ({}: {})",
            error.statement.origin, report.message
        ));
    }
}

/// What was filled in.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// How many tables have rows.
    pub tables: usize,
    /// How many rows there are.
    pub rows: usize,
    /// Tables that took no row, and what the server said.
    pub without: Vec<(String, String)>,
    /// What was left out because a branch by itself does not run on it.
    pub told: Vec<String>,
}

/// A column as far as a value for it goes.
#[derive(Debug)]
pub(crate) struct Column {
    name: String,
    not_null: bool,
    /// The server makes the value.
    made: bool,
    has_default: bool,
    /// The type as SQL, and the one it is made of.
    type_name: String,
    base: String,
    base_type: String,
    category: String,
    length: Option<usize>,
    labels: Vec<String>,
    checks: String,
    /// The table and column it refers to.
    target: Option<(String, String)>,
}

struct Table {
    schema: String,
    name: String,
    /// As the server writes it with an empty search path.
    qualified: String,
    columns: Vec<Column>,
}

/// Fills the tables of the session's database.
pub(crate) async fn fill(
    session: &Session,
    wish: &Wish,
    catalog: &Catalog,
) -> Result<Filled, StatementError> {
    let mut filled = Filled::default();
    if wish.none || catalog.objects.is_empty() {
        return Ok(filled);
    }
    session.execute("SET search_path = ''").await?;
    for table in in_order(tables(session).await?) {
        if wish
            .without
            .contains(&(table.schema.clone(), table.name.clone()))
        {
            continue;
        }
        let mut count = 0;
        let mut refused = None;
        // The last row is the one with NULLs.
        for row in 0..if wish.nulls { ROWS } else { ROWS - 1 } {
            match insert(session, &table, row).await {
                Ok(()) => count += 1,
                Err(error) => refused = Some(error.message.clone()),
            }
        }
        filled.rows += count;
        match refused.filter(|_| count == 0) {
            Some(message) => filled.without.push((table.qualified, message)),
            None => filled.tables += 1,
        }
    }
    session.execute("RESET ALL").await?;
    Ok(filled)
}

/// Tries one row in every way; the first refusal is the one worth telling.
async fn insert(session: &Session, table: &Table, row: usize) -> Result<(), StatementError> {
    let mut first = None;
    for variant in Variant::ALL {
        let error = match session.execute(&table.insert(row, variant)).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        if error.connection_lost {
            return Err(error);
        }
        first.get_or_insert(error);
    }
    first.map_or(Ok(()), Err)
}

impl Table {
    fn insert(&self, row: usize, variant: Variant) -> String {
        let wants_nulls = row + 1 == ROWS;
        let mut names = Vec::new();
        let mut values = Vec::new();
        for (place, column) in self.columns.iter().enumerate() {
            if let Some(value) = value(column, row, place, wants_nulls, variant) {
                names.push(quote(&column.name).into_owned());
                values.push(value);
            }
        }
        if names.is_empty() {
            return format!("INSERT INTO {} DEFAULT VALUES", self.qualified);
        }
        let (names, values) = (names.join(", "), values.join(", "));
        format!("INSERT INTO {} ({names}) VALUES ({values})", self.qualified)
    }

    fn needs(&self, other: &Self) -> bool {
        let refers = |column: &Column| {
            column
                .target
                .as_ref()
                .is_some_and(|(target, _)| *target == other.qualified)
        };
        self.qualified != other.qualified && self.columns.iter().any(refers)
    }
}

async fn tables(session: &Session) -> Result<Vec<Table>, StatementError> {
    let mut tables: Vec<Table> = Vec::new();
    for row in session.rows(include_str!("seed/columns.sql")).await? {
        let (schema, name) = (row.text(0), row.text(1));
        let is_same = |table: &Table| table.schema == schema && table.name == name;
        if !tables.last().is_some_and(is_same) {
            tables.push(Table {
                schema: schema.to_owned(),
                name: name.to_owned(),
                qualified: qualified(schema, name),
                columns: Vec::new(),
            });
        }
        if let Some(table) = tables.last_mut() {
            table.columns.push(column(&row));
        }
    }
    Ok(tables)
}

fn column(row: &Row) -> Column {
    let list = |text: &str| {
        let items = text.split('\u{1f}').filter(|item| !item.is_empty());
        items.map(str::to_owned).collect::<Vec<_>>()
    };
    Column {
        name: row.text(2).to_owned(),
        not_null: row.text(3) == "t",
        made: row.text(4) == "t",
        has_default: row.text(5) == "t",
        type_name: row.text(6).to_owned(),
        base: row.text(7).to_owned(),
        base_type: row.text(8).to_owned(),
        category: row.text(9).to_owned(),
        length: row.get(10).and_then(|length| length.parse().ok()),
        labels: list(row.text(11)),
        checks: row.text(12).to_owned(),
        target: row
            .get(13)
            .zip(row.get(14))
            .map(|(table, column)| (table.to_owned(), column.to_owned())),
    }
}

/// What is referred to comes first; tables that refer to each other come as they are.
fn in_order(mut waiting: Vec<Table>) -> Vec<Table> {
    let mut ready = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_free = |table: &Table| !waiting.iter().any(|other| table.needs(other));
        let place = waiting.iter().position(is_free).unwrap_or(0);
        ready.push(waiting.remove(place));
    }
    ready
}

//! The rows of a database in a stable text form, and where two databases' rows differ.
//!
//! A column is known by its name, so the order of columns does not count; neither does the order of rows.

use std::collections::{BTreeMap, BTreeSet};

use aludel_catalog::identifier::{qualified, quote};
use aludel_postgres::{Session, StatementError};

/// Tables that hold rows themselves and filled materialized views, with their columns; and sequences, whose
/// state counts as a row. What extensions own is not the user's.
const TABLES: &str = "
SELECT n.nspname, c.relname, c.relkind,
    COALESCE((SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ',' ORDER BY a.attname)
              FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), ''),
    COALESCE((SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ',' ORDER BY a.attname)
              FROM pg_catalog.pg_attribute a
              LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                AND (a.attidentity <> ''
                     OR pg_catalog.pg_get_expr(d.adbin, d.adrelid) LIKE '%nextval(%')), '')
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE (c.relkind IN ('r', 'S') OR c.relkind = 'm' AND c.relispopulated)
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
                  WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
ORDER BY 1, 2";

/// A table by schema and name.
pub type TableName = (String, String);

/// All rows of a database.
pub type Rows = BTreeMap<TableName, TableRows>;

/// The rows of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRows {
    columns: Vec<String>,
    /// Columns that a sequence fills.
    pub counted: BTreeSet<String>,
    rows: Vec<Vec<Option<String>>>,
}

/// Columns that are left out of a comparison, by table.
pub type LeftOut = BTreeMap<TableName, BTreeSet<String>>;

/// Where the rows of one table differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowDifference {
    /// The table.
    pub table: TableName,
    /// The columns whose values differ; none when the numbers of rows do.
    pub columns: BTreeSet<String>,
    /// In words: how many, and one of each side.
    pub message: String,
}

/// Reads all rows.
pub async fn read(session: &Session) -> Result<Rows, StatementError> {
    let mut all = Rows::new();
    for table in session.rows(TABLES).await? {
        let (schema, name) = (table.text(0), table.text(1));
        let columns = match table.text(2) {
            "S" => "last_value,is_called",
            _ => table.text(3),
        };
        let read = format!("SELECT {columns} FROM ONLY {}", qualified(schema, name));
        let read = if table.text(2) == "r" {
            read
        } else {
            read.replace("FROM ONLY", "FROM")
        };
        let rows = session.rows(&read).await?;
        let cells = |row: &aludel_postgres::Row| {
            (0..row.len())
                .map(|index| row.get(index).map(str::to_owned))
                .collect()
        };
        let names = |list: &str| {
            let names = list.split(',').filter(|name| !name.is_empty());
            names.map(str::to_owned).collect::<Vec<_>>()
        };
        all.insert(
            (schema.to_owned(), name.to_owned()),
            TableRows {
                columns: names(columns),
                counted: names(table.text(4)).into_iter().collect(),
                rows: rows.iter().map(cells).collect(),
            },
        );
    }
    Ok(all)
}

/// Returns where rows differ, tables that only one side has and columns left out aside.
pub fn differences(one: &Rows, other: &Rows, left_out: &LeftOut) -> Vec<RowDifference> {
    let none = BTreeSet::new();
    one.iter()
        .filter_map(|(table, first)| {
            let left_out = left_out.get(table).unwrap_or(&none);
            first
                .compare(other.get(table)?, left_out)
                .map(|(columns, message)| RowDifference {
                    table: table.clone(),
                    columns,
                    message,
                })
        })
        .collect()
}

/// Returns the columns whose values two runs of one order do not agree on: the clock's, chance's.
pub fn unstable(one: &Rows, again: &Rows) -> LeftOut {
    let differing = differences(one, again, &LeftOut::new()).into_iter();
    let mut left_out = LeftOut::new();
    for difference in differing {
        let table = &one[&difference.table];
        let columns = if difference.columns.is_empty() {
            table.columns.iter().cloned().collect()
        } else {
            difference.columns
        };
        left_out.insert(difference.table, columns);
    }
    left_out
}

/// Adds the columns that sequences fill.
pub fn without_counted(rows: &Rows, left_out: &LeftOut) -> LeftOut {
    let mut all = left_out.clone();
    for (table, rows) in rows {
        all.entry(table.clone())
            .or_default()
            .extend(rows.counted.iter().cloned());
    }
    all
}

impl TableRows {
    /// Returns whether there is no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn compare(
        &self,
        other: &Self,
        left_out: &BTreeSet<String>,
    ) -> Option<(BTreeSet<String>, String)> {
        let shared: Vec<&String> = self
            .columns
            .iter()
            .filter(|column| other.columns.contains(column) && !left_out.contains(*column))
            .collect();
        if shared.is_empty() {
            return None;
        }
        let (first, second) = (self.only(&shared), other.only(&shared));
        let (firsts, seconds) = (first.len(), second.len());
        let (first, second) = unshared(first, second);
        if first.is_empty() && second.is_empty() {
            return None;
        }
        if firsts != seconds {
            return Some((
                BTreeSet::new(),
                format!("{firsts} rows after the one, {seconds} after the other"),
            ));
        }
        let values = |table: &Self, column: &String| {
            let mut values = table.only(&[column]);
            values.sort();
            values
        };
        let mut columns: BTreeSet<String> = shared
            .iter()
            .filter(|column| values(self, column) != values(other, column))
            .map(|column| (*column).clone())
            .collect();
        if columns.is_empty() {
            // The same values, on other rows.
            columns = shared.iter().map(|column| (*column).clone()).collect();
        }
        let shown = |rows: &[Vec<Option<String>>]| {
            let row = rows.first().map(Vec::as_slice).unwrap_or_default();
            let cells = shared
                .iter()
                .zip(row)
                .filter(|(column, _)| columns.contains(**column));
            let cells = cells
                .map(|(column, cell)| format!("{column} = {}", cell.as_deref().unwrap_or("NULL")));
            cells.collect::<Vec<_>>().join(", ")
        };
        let message = format!(
            "({}) after the one, ({}) after the other",
            shown(&first),
            shown(&second)
        );
        Some((columns, message))
    }

    fn only(&self, columns: &[&String]) -> Vec<Vec<Option<String>>> {
        let places: Vec<usize> = columns
            .iter()
            .filter_map(|column| self.columns.iter().position(|own| own == *column))
            .collect();
        let row =
            |row: &Vec<Option<String>>| places.iter().map(|place| row[*place].clone()).collect();
        self.rows.iter().map(row).collect()
    }
}

type Cells = Vec<Option<String>>;

/// What stands in the one list more often than in the other, of either list, sorted.
fn unshared(first: Vec<Cells>, second: Vec<Cells>) -> (Vec<Cells>, Vec<Cells>) {
    let mut counts: BTreeMap<Cells, i64> = BTreeMap::new();
    for row in first {
        *counts.entry(row).or_default() += 1;
    }
    for row in second {
        *counts.entry(row).or_default() -= 1;
    }
    let (mut more, mut fewer) = (Vec::new(), Vec::new());
    for (row, count) in counts {
        match count {
            0 => {}
            1.. => more.push(row),
            _ => fewer.push(row),
        }
    }
    (more, fewer)
}

/// A table as a person reads it.
pub fn shown((schema, name): &TableName) -> String {
    format!("{}.{}", quote(schema), quote(name))
}

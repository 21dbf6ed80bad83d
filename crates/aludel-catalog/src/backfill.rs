//! Filling a new column of a table that is in use, batch by batch.
//!
//! The statement is written here and recognised here, so that whoever runs it knows that it may be run again, that it
//! commits by itself and that it loses nothing.

use crate::identifier::qualified;

/// How many pages of a table are looked at before a commit: 4 MB.
const PAGES: u32 = 512;

/// A column to be filled from its default where it is NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backfill {
    /// The table, as SQL.
    pub table: String,
    /// The column, as SQL.
    pub column: String,
    pages: u32,
}

impl Backfill {
    /// Returns the filling of a column.
    pub fn new(schema: &str, table: &str, column: String) -> Self {
        Self {
            table: qualified(schema, table),
            column,
            pages: PAGES,
        }
    }

    /// Returns the statement. A row that another session moves to a page behind the one at hand is found by the next
    /// pass; the last pass finds none.
    pub fn sql(&self) -> String {
        let Self {
            table,
            column,
            pages,
        } = self;
        let name = crate::identifier::literal(table);
        let failure = crate::identifier::literal(&format!(
            "rows of {table} are NULL in {column} after ten passes"
        ));
        format!(
            "\
DO $backfill$
DECLARE
    pages constant bigint := {pages}; -- looked at before each commit
    page bigint;
    last_page bigint;
    filled bigint;
    total bigint;
    first_row tid;
    end_row tid;
BEGIN
    FOR pass IN 1..10 LOOP
        page := 0;
        total := 0;
        last_page := pg_catalog.pg_relation_size({name}) / pg_catalog.current_setting('block_size')::bigint;
        WHILE page <= last_page LOOP
            SET LOCAL row_security = off;
            first_row := pg_catalog.format('(%s,0)', page);
            end_row := pg_catalog.format('(%s,0)', page + pages);
            UPDATE ONLY {table} SET {column} = DEFAULT
                WHERE {column} IS NULL AND ctid >= first_row AND ctid < end_row;
            GET DIAGNOSTICS filled = ROW_COUNT;
            COMMIT;
            total := total + filled;
            page := page + pages;
        END LOOP;
        IF total = 0 THEN
            RETURN;
        END IF;
    END LOOP;
    RAISE EXCEPTION USING MESSAGE = {failure};
END
$backfill$"
        )
    }

    /// Returns what a statement fills, if it is one of these; the number of pages may be another.
    pub fn parse(sql: &str) -> Option<Self> {
        let between = |start: &str, end: &str| {
            let from = sql.find(start)? + start.len();
            let length = sql[from..].find(end)?;
            Some(&sql[from..from + length])
        };
        let pages = between("constant bigint := ", ";")?.parse().ok()?;
        let (table, rest) = between("UPDATE ONLY ", "\n")?.split_once(" SET ")?;
        let found = Self {
            table: table.to_owned(),
            column: rest.strip_suffix(" = DEFAULT")?.to_owned(),
            pages,
        };
        (found.sql() == sql.replace("\r\n", "\n")).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::Backfill;

    #[test]
    fn only_what_is_written_here_is_recognised() {
        let backfill = Backfill::new("public", "say \"hi\"", "c".to_owned());
        let sql = backfill.sql();
        assert_eq!(Backfill::parse(&sql), Some(backfill));
        assert!(Backfill::parse(&sql.replace(":= 512;", ":= 64;")).is_some());
        assert_eq!(
            Backfill::parse(&sql.replace("RETURN;", "DELETE FROM t;")),
            None
        );
        assert_eq!(Backfill::parse("DO $$ BEGIN END $$"), None);
    }
}

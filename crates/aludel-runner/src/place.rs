//! Where the version table and the log stand or will stand, and what must be created first.

use aludel_catalog::identifier::{qualified, quote};
use aludel_postgres::StatementError;

use crate::error::RunError;
use crate::log::{LOG_SCHEMA, LOG_TABLE, SIDE_LOG_TABLE, create_log_sql, create_version_table_sql};
use crate::state::{Facts, VersionTable};

/// Where a run keeps its records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The log, as SQL.
    pub(crate) log: String,
    /// The statements that create what is missing; run with the first segment, after its statements, so that a
    /// failure leaves nothing behind and a first revision may create the schema itself.
    pub(crate) setup: Vec<String>,
}

impl Place {
    /// Returns whether somebody else made first what was to be created: tenants side by side may create the log at the
    /// same moment, and `CREATE … IF NOT EXISTS` races as well.
    pub(crate) fn lost_a_race(&self, error: &StatementError) -> bool {
        let codes = ["23505", "42P06", "42P07", "42710"];
        !self.setup.is_empty() && codes.iter().any(|code| error.is(code))
    }

    /// Decides from what exists and what the role may do; errors name the statement that mends it.
    pub(crate) fn decide(facts: &Facts, table: &VersionTable) -> Result<Self, RunError> {
        let mut setup = Vec::new();
        let home_create = if facts.home_exists {
            facts.home_create
        } else {
            setup.push(format!(
                "CREATE SCHEMA IF NOT EXISTS {}",
                quote(&table.schema)
            ));
            true
        };
        if !facts.version_exists {
            if !home_create {
                return Err(may_not_create(facts, table));
            }
            setup.push(create_version_table_sql(table));
        } else if !facts.version_write {
            let name = table.qualified();
            return Err(RunError::MayNotWrite {
                what: format!("change {name}"),
                role: facts.role.clone(),
                grant: format!(
                    "GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {}",
                    quote(&facts.role)
                ),
            });
        }
        let main = qualified(LOG_SCHEMA, LOG_TABLE);
        let side = qualified(&table.schema, SIDE_LOG_TABLE);
        if facts.side_log_exists && facts.side_log_insert {
            return Ok(Self { log: side, setup });
        }
        if facts.log_exists && facts.log_insert {
            return Ok(Self { log: main, setup });
        }
        let may_create_main = !facts.log_exists
            && if facts.log_schema_exists {
                facts.log_schema_create
            } else {
                facts.database_create
            };
        if may_create_main {
            if !facts.log_schema_exists {
                setup.push(format!("CREATE SCHEMA {LOG_SCHEMA}"));
            }
            setup.push(create_log_sql(&main));
            return Ok(Self { log: main, setup });
        }
        if home_create && !facts.side_log_exists {
            setup.push(create_log_sql(&side));
            return Ok(Self { log: side, setup });
        }
        Err(may_not_create(facts, table))
    }
}

fn may_not_create(facts: &Facts, table: &VersionTable) -> RunError {
    let schema = quote(&table.schema);
    RunError::MayNotWrite {
        what: format!("create tables in schema {schema}"),
        role: facts.role.clone(),
        grant: format!(
            "GRANT CREATE, USAGE ON SCHEMA {schema} TO {}",
            quote(&facts.role)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> VersionTable {
        VersionTable {
            schema: "public".to_owned(),
            name: "alembic_version".to_owned(),
            id_length: 32,
        }
    }

    fn facts() -> Facts {
        Facts {
            home_exists: true,
            home_create: true,
            database_create: true,
            role: "deploy".to_owned(),
            ..Facts::default()
        }
    }

    #[test]
    fn an_empty_database_gets_both_tables() {
        let place = Place::decide(&facts(), &table()).unwrap();
        assert_eq!(place.log, "aludel.log");
        assert_eq!(place.setup.len(), 3);
        assert!(
            place.setup[0].contains("CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)")
        );
        assert_eq!(place.setup[1], "CREATE SCHEMA aludel");
    }

    #[test]
    fn without_the_right_to_create_a_schema_the_log_stands_beside_the_version_table() {
        let facts = Facts {
            database_create: false,
            ..facts()
        };
        let place = Place::decide(&facts, &table()).unwrap();
        assert_eq!(place.log, "public.aludel_log");
    }

    #[test]
    fn a_role_without_rights_is_told_the_grant() {
        let facts = Facts {
            home_create: false,
            ..facts()
        };
        let error = Place::decide(&facts, &table()).unwrap_err();
        let RunError::MayNotWrite { grant, .. } = error else {
            panic!("{error}")
        };
        assert_eq!(grant, "GRANT CREATE, USAGE ON SCHEMA public TO deploy");
    }

    #[test]
    fn nothing_is_created_twice() {
        let facts = Facts {
            version_exists: true,
            version_write: true,
            log_schema_exists: true,
            log_exists: true,
            log_insert: true,
            ..facts()
        };
        assert!(Place::decide(&facts, &table()).unwrap().setup.is_empty());
    }
}

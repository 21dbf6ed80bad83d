//! One history for many schemas: which schemas, and the settings that hold in one of them.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use aludel_catalog::identifier::quote;

use crate::config::Project;
use crate::config::file::TenantsSection;

/// What stands for a tenant's schema in settings, and its name on scratch. No statement of a person holds it by chance,
/// so that it can be taken out of generated SQL again.
pub(crate) const PLACEHOLDER: &str = "$tenant";

/// How many schemas are worked on at a time unless the settings say otherwise.
const JOBS: usize = 4;

/// What is known of tenants.
#[derive(Clone, Debug)]
pub(crate) struct Tenancy {
    /// The query that names their schemas.
    pub(crate) query: Option<String>,
    /// How many are worked on at a time.
    pub(crate) jobs: NonZeroUsize,
    /// What the models call a tenant's schema, where they name it.
    pub(crate) named: Option<String>,
}

/// A history that is run before another one on scratch.
#[derive(Clone, Debug)]
pub(crate) struct Beneath {
    /// Its folders.
    pub(crate) migrations: Vec<PathBuf>,
    /// Its search path.
    pub(crate) search_path: Option<String>,
}

impl Tenancy {
    /// Reads `schema` and `[tenants]`; either makes a history one for tenants.
    pub(crate) fn of(schema: Option<&str>, section: &TenantsSection) -> Option<Self> {
        (schema.is_some() || section.query.is_some()).then(|| Self {
            query: section.query.clone(),
            jobs: section.jobs.unwrap_or_else(default_jobs),
            named: schema
                .filter(|name| *name != PLACEHOLDER)
                .map(str::to_owned),
        })
    }
}

/// How many schemas are worked on at a time by default.
pub(crate) fn default_jobs() -> NonZeroUsize {
    NonZeroUsize::new(JOBS).unwrap_or(NonZeroUsize::MIN)
}

impl Project {
    /// The settings for the schemas named on the command line: of one, its own; of none or several in a history for
    /// tenants, those of generated SQL.
    pub(super) fn in_schemas(self, schemas: &[String]) -> Self {
        match schemas {
            [one] => self.in_schema(one),
            [] if self.tenancy.is_none() => self,
            _ => self.in_schema(PLACEHOLDER),
        }
    }

    /// The settings that hold in one schema: it leads the search path, has a version table of its own and is all that is
    /// compared.
    pub(crate) fn in_schema(mut self, schema: &str) -> Self {
        let quoted = quote(schema);
        let configured = self.database.search_path.take().unwrap_or_default();
        let path = if configured.contains(PLACEHOLDER) {
            let bare = configured.replace(&*quote(PLACEHOLDER), PLACEHOLDER);
            bare.replace(PLACEHOLDER, &quoted)
        } else {
            quoted.into_owned()
        };
        self.database.search_path = Some(path);
        self.database.version_schema = Some(schema.to_owned());
        let placed = |name: &String| {
            if name == PLACEHOLDER {
                schema.to_owned()
            } else {
                name.clone()
            }
        };
        // Others are listed for a history that is run once, unless the tenant's own is among them.
        self.manage.schemas = if self.manage.schemas.iter().any(|name| name == PLACEHOLDER) {
            self.manage.schemas.iter().map(placed).collect()
        } else {
            vec![schema.to_owned()]
        };
        self.schema = Some(schema.to_owned());
        self
    }

    /// Where the schemas that Python models name are: those of the settings, and the tenant's.
    pub(crate) fn schema_translate_map(&self) -> BTreeMap<String, String> {
        let mut map = self.models.schema_translate_map.clone();
        let named = self
            .tenancy
            .as_ref()
            .and_then(|tenancy| tenancy.named.clone());
        map.extend(named.zip(self.schema.clone()));
        map
    }

    /// Whether the settings are those of no schema in particular, so that no database can be asked.
    pub(crate) fn is_placeholder(&self) -> bool {
        self.schema.as_deref() == Some(PLACEHOLDER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::environment::Environment;
    use crate::config::file::ConfigFile;

    fn project(text: &str, name: Option<&str>) -> Project {
        let file = ConfigFile::parse(text, "aludel.toml").unwrap();
        Project::choose(
            file,
            name,
            PathBuf::from("/p"),
            None,
            Environment::default(),
        )
        .unwrap()
    }

    #[test]
    fn a_tenants_schema_leads_the_search_path() {
        let text =
            "[tenants]\nquery = \"select 1\"\n[database]\nsearch-path = \"$tenant, public\"\n";
        let one = project(text, None).in_schemas(&["Acme".to_owned()]);
        assert_eq!(
            one.database.search_path.as_deref(),
            Some("\"Acme\", public")
        );
        assert_eq!(one.database.version_schema.as_deref(), Some("Acme"));
        assert_eq!(one.manage.schemas, ["Acme"]);
        assert!(project(text, None).in_schemas(&[]).is_placeholder());
    }

    #[test]
    fn a_history_without_tenants_may_be_run_in_a_schema() {
        let one = project("", None).in_schemas(&["acme".to_owned()]);
        assert_eq!(one.database.search_path.as_deref(), Some("acme"));
        assert_eq!(project("", None).in_schemas(&[]).schema, None);
    }

    #[test]
    fn a_history_in_the_same_database_takes_its_url_and_runs_after_the_main_one() {
        let text = "[database]\nurl = \"postgresql://h/app\"\n[databases.tenant]\n\
                    migrations = \"m2\"\nsame-database = true\nschema = \"tenant\"\n";
        let tenant = project(text, Some("tenant"));
        assert_eq!(tenant.database.url.as_deref(), Some("postgresql://h/app"));
        assert_eq!(tenant.database_of, None);
        let beneath = tenant.beneath.unwrap();
        assert_eq!(beneath.migrations, [PathBuf::from("/p/migrations")]);
        assert_eq!(tenant.tenancy.unwrap().named.as_deref(), Some("tenant"));
    }
}

//! Which package holds an extension, for the error that says an engine lacks it.

/// Extension → Debian's package, `{}` for the major version. Only those whose package is not
/// simply `postgresql-<major>-<extension>`.
const PACKAGES: &[(&str, &str)] = &[
    ("address_standardizer", "postgresql-{}-postgis-3"),
    ("hstore_plperl", "postgresql-plperl-{}"),
    ("hstore_plpython3u", "postgresql-plpython3-{}"),
    ("jsonb_plperl", "postgresql-plperl-{}"),
    ("jsonb_plpython3u", "postgresql-plpython3-{}"),
    ("pg_cron", "postgresql-{}-cron"),
    ("pg_hint_plan", "postgresql-{}-pg-hint-plan"),
    ("pg_partman", "postgresql-{}-partman"),
    ("pg_repack", "postgresql-{}-repack"),
    ("pg_similarity", "postgresql-{}-similarity"),
    ("pgq", "postgresql-{}-pgq3"),
    ("plperl", "postgresql-plperl-{}"),
    ("plperlu", "postgresql-plperl-{}"),
    ("plpython3u", "postgresql-plpython3-{}"),
    ("pltcl", "postgresql-pltcl-{}"),
    ("pltclu", "postgresql-pltcl-{}"),
    ("postgis", "postgresql-{}-postgis-3"),
    ("postgis_raster", "postgresql-{}-postgis-3"),
    ("postgis_sfcgal", "postgresql-{}-postgis-3"),
    ("postgis_tiger_geocoder", "postgresql-{}-postgis-3"),
    ("postgis_topology", "postgresql-{}-postgis-3"),
    ("vector", "postgresql-{}-pgvector"),
];

/// Extensions of PostgreSQL's own distribution; a server without them was built or cut down so.
const CONTRIB: &[&str] = &[
    "adminpack",
    "amcheck",
    "autoinc",
    "bloom",
    "btree_gin",
    "btree_gist",
    "citext",
    "cube",
    "dblink",
    "dict_int",
    "dict_xsyn",
    "earthdistance",
    "file_fdw",
    "fuzzystrmatch",
    "hstore",
    "insert_username",
    "intagg",
    "intarray",
    "isn",
    "lo",
    "ltree",
    "moddatetime",
    "old_snapshot",
    "pageinspect",
    "pg_buffercache",
    "pg_freespacemap",
    "pg_logicalinspect",
    "pg_prewarm",
    "pg_stat_statements",
    "pg_surgery",
    "pg_trgm",
    "pg_visibility",
    "pg_walinspect",
    "pgcrypto",
    "pgrowlocks",
    "pgstattuple",
    "postgres_fdw",
    "refint",
    "seg",
    "sslinfo",
    "tablefunc",
    "tcn",
    "tsm_system_rows",
    "tsm_system_time",
    "unaccent",
    "uuid-ossp",
    "xml2",
];

/// The Debian package that holds an extension for a major version.
pub(crate) fn debian_package(extension: &str, major: u32) -> String {
    let named = PACKAGES.iter().find(|(name, _)| *name == extension);
    match named {
        Some((_, package)) => package.replace("{}", &major.to_string()),
        None if CONTRIB.contains(&extension) => format!("postgresql-{major}"),
        None => format!("postgresql-{major}-{}", extension.replace('_', "-")),
    }
}

#[cfg(test)]
mod tests {
    use super::debian_package;

    #[test]
    fn packages_as_debian_names_them() {
        for (extension, package) in [
            ("vector", "postgresql-15-pgvector"),
            ("postgis", "postgresql-15-postgis-3"),
            ("citext", "postgresql-15"),
            ("pgaudit", "postgresql-15-pgaudit"),
            ("plpgsql_check", "postgresql-15-plpgsql-check"),
        ] {
            assert_eq!(debian_package(extension, 15), package);
        }
    }
}

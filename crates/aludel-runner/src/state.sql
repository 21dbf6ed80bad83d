WITH one AS MATERIALIZED (
    SELECT
        home.oid AS home,
        log_schema.oid AS log_schema,
        version.oid AS version,
        log.oid AS log,
        side_log.oid AS side_log
    FROM (VALUES (1)) AS always (one)
    LEFT JOIN pg_catalog.pg_namespace AS home ON home.nspname = {home}
    LEFT JOIN pg_catalog.pg_namespace AS log_schema ON log_schema.nspname = {log_schema}
    LEFT JOIN pg_catalog.pg_class AS version
        ON version.relnamespace = home.oid AND version.relname = {version_name} AND version.relkind IN ('r', 'p', 'v', 'f')
    LEFT JOIN pg_catalog.pg_class AS log
        ON log.relnamespace = log_schema.oid AND log.relname = {log_name} AND log.relkind IN ('r', 'p', 'v')
    LEFT JOIN pg_catalog.pg_class AS side_log
        ON side_log.relnamespace = home.oid AND side_log.relname = {side_log_name} AND side_log.relkind IN ('r', 'p', 'v')
), may AS MATERIALIZED (
    SELECT
        one.*,
        coalesce(pg_catalog.has_schema_privilege(home, 'USAGE'), false) AS home_usage,
        coalesce(pg_catalog.has_schema_privilege(log_schema, 'USAGE'), false) AS log_usage,
        coalesce(pg_catalog.has_table_privilege(version, 'SELECT'), false) AS version_read,
        coalesce(pg_catalog.has_table_privilege(log, 'SELECT'), false) AS log_read,
        coalesce(pg_catalog.has_table_privilege(side_log, 'SELECT'), false) AS side_log_read
    FROM one
), log_query AS MATERIALIZED (
    SELECT
        $text$
        SELECT pg_catalog.array_to_tsvector(pg_catalog.array_agg(entry))
        FROM (
            SELECT
                id / 500 AS chunk,
                pg_catalog.concat_ws(
                    E'\t', id, direction, segment, segments, outcome,
                    coalesce(checksum, ''), coalesce(segment_checksum, ''), revision
                ) AS entry
            FROM (
                SELECT
                    log.*,
                    pg_catalog.max(id) FILTER (WHERE outcome = 'done' AND segment = segments)
                        OVER (PARTITION BY revision) AS complete
                FROM %s AS log
                WHERE version_table = %L
            ) AS marked
            WHERE complete IS NULL OR id >= complete
        ) AS entries
        GROUP BY chunk
        $text$ AS template,
        $text$
        SELECT pg_catalog.array_to_tsvector(pg_catalog.array_agg('v' || version_num::text)) FROM %s
        $text$ AS version_template,
        'SELECT NULL::pg_catalog.tsvector WHERE false' AS nothing
)
SELECT
    'facts' AS kind,
    pg_catalog.concat_ws(
        E'\t',
        home IS NOT NULL,
        home_usage AND pg_catalog.has_schema_privilege(home, 'CREATE'),
        version IS NOT NULL,
        home_usage AND version_read,
        home_usage AND coalesce(
            pg_catalog.has_table_privilege(version, 'INSERT')
            AND pg_catalog.has_table_privilege(version, 'UPDATE')
            AND pg_catalog.has_table_privilege(version, 'DELETE'),
            false
        ),
        log_schema IS NOT NULL,
        log_usage AND pg_catalog.has_schema_privilege(log_schema, 'CREATE'),
        pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),
        log IS NOT NULL,
        log_usage AND log_read,
        log_usage AND coalesce(pg_catalog.has_table_privilege(log, 'INSERT'), false),
        side_log IS NOT NULL,
        home_usage AND side_log_read,
        home_usage AND coalesce(pg_catalog.has_table_privilege(side_log, 'INSERT'), false),
        pg_catalog.pg_is_in_recovery(),
        pg_catalog.current_setting('transaction_read_only')::pg_catalog.bool,
        current_user,
        session_user,
        pg_catalog.current_database()
    ) AS value
FROM may
UNION ALL
SELECT 'version', words.word
FROM may, log_query,
LATERAL pg_catalog.ts_stat(
    CASE
        WHEN version IS NOT NULL AND home_usage AND version_read
            THEN pg_catalog.format(version_template, version::pg_catalog.regclass)
        ELSE nothing
    END
) AS words
UNION ALL
SELECT 'log', words.word
FROM may, log_query,
LATERAL pg_catalog.ts_stat(
    CASE
        WHEN side_log IS NOT NULL AND home_usage AND side_log_read
            THEN pg_catalog.format(template, side_log::pg_catalog.regclass, {version_table})
        WHEN side_log IS NULL AND log IS NOT NULL AND log_usage AND log_read
            THEN pg_catalog.format(template, log::pg_catalog.regclass, {version_table})
        ELSE nothing
    END
) AS words

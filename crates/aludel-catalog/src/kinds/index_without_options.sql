CASE WHEN ic.reloptions IS NULL THEN /*definition*/ ELSE pg_catalog.replace(/*definition*/, (
        SELECT pg_catalog.concat(' WITH (', pg_catalog.string_agg(pg_catalog.concat(pg_catalog.quote_ident(o.option_name), '=',
            CASE WHEN pg_catalog.quote_ident(o.option_value) = o.option_value THEN o.option_value
                ELSE pg_catalog.quote_literal(o.option_value) END), ', '), ')')
        FROM pg_catalog.pg_options_to_table(ic.reloptions) o), '') END

CASE WHEN c.reltoastrelid = 0 THEN c.reloptions ELSE pg_catalog.array_cat(c.reloptions, (
        SELECT pg_catalog.array_agg('toast.' || o.option)
        FROM pg_catalog.pg_class toast, pg_catalog.unnest(toast.reloptions) o (option)
        WHERE toast.oid = c.reltoastrelid)) END

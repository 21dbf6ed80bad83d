a.attgenerated <> 'v' OR NOT (
        EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.contype = 'c' AND (k.conrelid = c.oid
            OR k.conrelid IN (SELECT h.inhrelid FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid)))
        OR EXISTS (SELECT FROM pg_catalog.pg_publication_rel r WHERE r.prrelid = c.oid))

ic.reloptions,
    CASE WHEN ic.reltablespace <> 0 THEN (
        SELECT ts.spcname FROM pg_catalog.pg_tablespace ts WHERE ts.oid = ic.reltablespace) END,
    ic.relkind, CASE WHEN ic.relispartition THEN (
        SELECT pc.reloptions FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class pc ON pc.oid = h.inhparent
        WHERE h.inhrelid = ic.oid) END,
    CASE WHEN ic.relispartition THEN (
        SELECT ts.spcname FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class pc ON pc.oid = h.inhparent
        JOIN pg_catalog.pg_tablespace ts ON ts.oid = pc.reltablespace WHERE h.inhrelid = ic.oid) END,
    ic.relispartition

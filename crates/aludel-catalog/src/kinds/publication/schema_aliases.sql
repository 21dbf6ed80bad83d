(SELECT pg_catalog.string_agg('6237:' || pn.oid, ' ')
        FROM pg_catalog.pg_publication_namespace pn WHERE pn.pnpubid = p.oid)
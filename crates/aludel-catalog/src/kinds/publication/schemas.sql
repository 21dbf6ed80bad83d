(SELECT pg_catalog.array_agg(n.nspname::text ORDER BY n.nspname)
        FROM pg_catalog.pg_publication_namespace pn
        JOIN pg_catalog.pg_namespace n ON n.oid = pn.pnnspid
        WHERE pn.pnpubid = p.oid)
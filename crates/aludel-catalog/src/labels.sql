SELECT classoid, objoid, objsubid, provider, label FROM pg_catalog.pg_seclabel
UNION ALL SELECT classoid, objoid, 0, provider, label FROM pg_catalog.pg_shseclabel WHERE classoid IN (1260, 6100)

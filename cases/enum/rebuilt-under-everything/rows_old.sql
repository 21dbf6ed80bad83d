SELECT id, l, a, g FROM t ORDER BY id; SELECT l, n FROM mv ORDER BY l::text; TABLE parent; TABLE typed_part;

SELECT id, replace(replace(concat_ws('|', s, l, k, kl, m, p), 'stale', 'new'), 'gone', 'done') FROM t ORDER BY id; SELECT replace(s::text, 'stale', 'new') FROM f;

SELECT note, total, n FROM app.mv ORDER BY 1; SELECT relispopulated FROM pg_class WHERE relname = 'mv_empty'; SELECT id, amount, note FROM app.base ORDER BY 1; SELECT id, note FROM app.other;

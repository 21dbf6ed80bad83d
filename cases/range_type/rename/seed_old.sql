INSERT INTO t VALUES (span(1, 3), span_multirange(span(1, 2)))

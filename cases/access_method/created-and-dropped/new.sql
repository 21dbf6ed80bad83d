CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD "Gist Too" TYPE INDEX HANDLER gisthandler;
COMMENT ON ACCESS METHOD heap2 IS 'heap';
CREATE OPERATOR CLASS points DEFAULT FOR TYPE point USING "Gist Too" AS
    OPERATOR 1 <<(point, point), FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal),
    FUNCTION 2 gist_box_union(internal, internal), FUNCTION 3 gist_point_compress(internal),
    FUNCTION 5 gist_box_penalty(internal, internal, internal), FUNCTION 6 gist_box_picksplit(internal, internal),
    FUNCTION 7 gist_box_same(box, box, internal), STORAGE box;
CREATE TABLE t (a int, p point);
CREATE TABLE u (a int) USING heap2;
CREATE INDEX i ON t USING "Gist Too" (p);

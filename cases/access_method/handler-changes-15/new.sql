CREATE FUNCTION handler(internal) RETURNS table_am_handler LANGUAGE internal AS 'heap_tableam_handler';
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER handler;
COMMENT ON ACCESS METHOD heap2 IS 'new';
CREATE TABLE t (a int) USING heap2;

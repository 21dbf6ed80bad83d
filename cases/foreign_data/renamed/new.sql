CREATE FOREIGN DATA WRAPPER old_files OPTIONS (debug 'on');
CREATE SERVER cellar FOREIGN DATA WRAPPER old_files;
CREATE FOREIGN TABLE logs (line text) SERVER cellar;
COMMENT ON SERVER cellar IS 'old files';

-- A merge reads and writes the whole base of a record; hardly anybody looks inside in SQL. As text it costs neither parsing nor printing.
-- And it is rewritten with each change of its store: with room in the page that touches no index.
ALTER TABLE store_record SET (fillfactor = 70);
ALTER TABLE store_record ALTER COLUMN base TYPE text;

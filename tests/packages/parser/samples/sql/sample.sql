-- The books.
CREATE TABLE book (id integer PRIMARY KEY, title text NOT NULL);
CREATE VIEW long_book AS SELECT id FROM book WHERE length(title) > 10;
CREATE FUNCTION add(a integer, b integer) RETURNS integer AS 'select a + b' LANGUAGE SQL;
CREATE INDEX book_title ON book (title);

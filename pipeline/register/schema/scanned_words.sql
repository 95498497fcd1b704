-- The words recognised on pictures of pages, so that a scan can be extracted anew without recognising it again: empty
-- where nothing was recognised, else zlib-compressed JSON, a list each of: characters since the end of the word before,
-- length, x0, top, width, height (tenths of a point), confidence (thousandths).
ALTER TABLE texts ADD COLUMN words BLOB;

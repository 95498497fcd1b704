-- What was sent to remind: a row for each step of a delivery, which is one digest of one body on one day to one place.
-- Rows are only ever added. Neither words of a document nor a secret stand here.
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    delivery TEXT NOT NULL, -- SHA-256 of day, body, channel and destination: what is sent once
    number INTEGER NOT NULL, -- of the rows of this delivery: 1, 2, 3 ...
    day TEXT NOT NULL, -- YYYY-MM-DD: the day that the digest speaks of
    body TEXT NOT NULL, -- as the settings name it
    channel TEXT NOT NULL CHECK (channel IN ('mail', 'webhook')),
    destination TEXT NOT NULL, -- the address of a mail; of a webhook its server and the start of a hash of its address
    digest TEXT NOT NULL, -- SHA-256 of the content
    state TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'failed', 'unknown')),
    tries INTEGER NOT NULL, -- how often it was tried in this run
    error TEXT, -- failed, unknown: a code, such as "refused" or "smtp 550 5.1.1"
    at TEXT NOT NULL, -- ISO time
    UNIQUE (delivery, number) -- of two processes at once only one writes the next row
);
CREATE INDEX deliveries_day ON deliveries (day);
CREATE TRIGGER deliveries_are_not_changed BEFORE UPDATE ON deliveries
BEGIN SELECT RAISE(ABORT, 'deliveries are only ever added'); END;
CREATE TRIGGER deliveries_are_not_deleted BEFORE DELETE ON deliveries
BEGIN SELECT RAISE(ABORT, 'deliveries are only ever added'); END;
CREATE TRIGGER deliveries_are_not_replaced BEFORE INSERT ON deliveries
WHEN EXISTS (SELECT 1 FROM deliveries d WHERE d.id = NEW.id OR (d.delivery = NEW.delivery AND d.number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'deliveries are only ever added'); END;

-- Which registered bodies the text of a dispatch speaks of, under whatever name or abbreviation, as of its day.
CREATE TABLE mentions (
    dispatch_id INTEGER NOT NULL REFERENCES dispatches (id),
    body_id INTEGER NOT NULL REFERENCES bodies (id),
    times INTEGER NOT NULL CHECK (times > 0),
    span_start INTEGER NOT NULL, -- the first time
    span_end INTEGER NOT NULL,
    page INTEGER,
    PRIMARY KEY (dispatch_id, body_id)
) WITHOUT ROWID;
CREATE INDEX mentions_body ON mentions (body_id);

-- A row a letter and body, its copies counted with it: the times are those of the fullest copy.
CREATE VIEW current_mentions AS
SELECT d.id AS dispatch_id, d.number, d.issued_on, d.issuer, d.subject, m.body_id,
    b.canonical_id AS body_code, b.name AS body, max(m.times) AS times
FROM current_dispatches d
JOIN dispatches own ON (own.id = d.id OR own.merged_into = d.id) AND own.removed_at IS NULL
JOIN mentions m ON m.dispatch_id = own.id
JOIN bodies b ON b.id = m.body_id
GROUP BY d.id, m.body_id;

-- What the sender's program says of a dispatch that came as edXML (QCVN 102:2016): its XML without the files. member is
-- the path of the edXML file within its container, '' where it is a file of its own.
CREATE TABLE edxml (
    file_id INTEGER NOT NULL REFERENCES files (id),
    member TEXT NOT NULL DEFAULT '',
    xml TEXT NOT NULL,
    PRIMARY KEY (file_id, member)
) WITHOUT ROWID;

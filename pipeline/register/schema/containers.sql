-- Files inside archives and mails: their path goes on behind that of the container, whose size and time they have.
-- container_id is empty for a file of its own; member is its path within the container; received_on the day on which the
-- mail came that it was sent with.
ALTER TABLE file_paths ADD COLUMN container_id INTEGER REFERENCES files (id);
ALTER TABLE file_paths ADD COLUMN member TEXT;
ALTER TABLE file_paths ADD COLUMN received_on TEXT;
CREATE INDEX file_paths_container ON file_paths (container_id) WHERE container_id IS NOT NULL;

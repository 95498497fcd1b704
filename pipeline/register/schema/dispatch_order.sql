-- Lists of dispatches go from one page to the next along this order, newest issue first, and offer the types there are.
CREATE INDEX dispatches_order ON dispatches (coalesce(issued_on, ''), id)
WHERE removed_at IS NULL AND merged_into IS NULL;
CREATE INDEX dispatches_type ON dispatches (type) WHERE removed_at IS NULL AND merged_into IS NULL;

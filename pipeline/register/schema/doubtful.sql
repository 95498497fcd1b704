-- What waits for a person is found, least certain first, without looking at all that is certain.
CREATE INDEX obligations_doubtful ON obligations (confidence, dispatch_id, id)
WHERE status = 'current' AND confidence < 0.8;
CREATE INDEX deadlines_doubtful ON deadlines (confidence, obligation_id, id)
WHERE status = 'current' AND confidence < 0.8;
CREATE INDEX evidence_doubtful ON evidence (confidence, dispatch_id, field) WHERE confidence < 0.8;
CREATE INDEX addressees_doubtful ON addressees (dispatch_id) WHERE is_current AND confidence < 0.8;
CREATE INDEX links_open ON links (confidence, dispatch_id, id) WHERE status = 'open' AND is_found;
CREATE INDEX deadlines_unmatched ON deadlines (status) WHERE status <> 'current';

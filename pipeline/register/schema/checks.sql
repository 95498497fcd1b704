-- By what it is seen that a duty was done: "check.limit", "check.report", ..., and the words. "" where it only urges;
-- empty where it was not judged: read before, or entered by a person.
ALTER TABLE obligations ADD COLUMN check_rule TEXT;
ALTER TABLE obligations ADD COLUMN check_quote TEXT;

DROP VIEW task_list;
CREATE VIEW task_list AS
SELECT o.id, d.number, d.issued_on, d.issuer, o.quote, o.kind, o.modality,
    (SELECT group_concat(name, '; ') FROM obligation_bodies b
        WHERE b.obligation_id = o.id AND b.role = 'lead' AND b.is_current) AS lead,
    (SELECT group_concat(name, '; ') FROM obligation_bodies b
        WHERE b.obligation_id = o.id AND b.role = 'coordinating' AND b.is_current) AS coordinating,
    (SELECT group_concat(quote, '; ') FROM deadlines l
        WHERE l.obligation_id = o.id AND l.status = 'current') AS deadlines,
    (SELECT min(due) FROM deadlines l
        WHERE l.obligation_id = o.id AND l.status = 'current' AND l.kind <> 'recurring') AS due,
    o.page, o.letter_id AS dispatch_id, o.check_rule IS NOT '' AS checkable, o.lead_stated
FROM current_obligations o
JOIN dispatches d ON d.id = o.letter_id;

-- What the lists of the audit ask for, in the order of the records, without the rest of each record:
-- a list that finds little looks at every record. Decision 0077.
CREATE INDEX audit_log_by_filter ON audit_log (id, kind, user_id, at, last_at);
-- The text as "audit_conditions" searches it.
CREATE INDEX audit_log_by_text
    ON audit_log (id, kind, user_id, lower(action || ' ' || outcome || ' ' || facts));

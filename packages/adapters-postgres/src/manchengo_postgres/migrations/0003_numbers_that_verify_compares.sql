-- What the release before kept otherwise.

-- Where the last place of a commit in the log was taken back, an earlier one may be left.
UPDATE _commits AS c SET global_seq =
    (SELECT max(l.global_seq) FROM _log AS l WHERE l.commit_position = c.position)
WHERE c.global_seq IS DISTINCT FROM
    (SELECT max(l.global_seq) FROM _log AS l WHERE l.commit_position = c.position);

-- What waits with a signature is sealed together with it.
UPDATE _sync_queue AS q
SET seal = sha256(coalesce(q.seal, decode(repeat('00', 32), 'hex')) || c.signature)
FROM _commits AS c WHERE c.position = q.commit_position AND c.signature IS NOT NULL;

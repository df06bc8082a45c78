-- The author's part of a commit, as "codec.encode_authorship" has it; none where nobody signed as
-- its author.
ALTER TABLE _commits ADD COLUMN authorship BLOB;

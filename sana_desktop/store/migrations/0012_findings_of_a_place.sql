-- What was found of a site holds for its address and its key of then: another key may be of another organisation.

ALTER TABLE connections ADD COLUMN api_keys INTEGER NOT NULL DEFAULT 0;    -- how many were kept for it so far
UPDATE connections SET api_keys = 1 WHERE practice_origin <> '';
ALTER TABLE practice_findings ADD COLUMN place TEXT NOT NULL DEFAULT '';   -- address and key that it was found with

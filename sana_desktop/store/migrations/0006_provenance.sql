-- Where a report came from is kept with its job, whatever becomes of the connection; when its file was missed first.

ALTER TABLE jobs ADD COLUMN folder TEXT;                            -- where the file goes under a name by the rule
ALTER TABLE jobs ADD COLUMN site_name TEXT NOT NULL DEFAULT '';     -- as it was when the report was ordered
ALTER TABLE jobs ADD COLUMN site_address TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN app_version TEXT NOT NULL DEFAULT '';   -- of the app that ordered it
ALTER TABLE transfers ADD COLUMN lost_at TEXT;                      -- NULL while the file is where it was put

UPDATE jobs SET
    site_name = (SELECT name FROM connections WHERE connections.id = jobs.connection_id),
    site_address = (SELECT origin FROM connections WHERE connections.id = jobs.connection_id)
WHERE connection_id IN (SELECT id FROM connections);
UPDATE jobs SET site_name = 'Example data' WHERE connection_id = 'demo';

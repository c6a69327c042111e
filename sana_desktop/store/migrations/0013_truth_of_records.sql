-- What a record says of its site, and where a secret is, must not be taken from how things are when it is read.

ALTER TABLE jobs ADD COLUMN site_mark TEXT NOT NULL DEFAULT '';     -- live, test or demo when ordered; '' if not known
ALTER TABLE jobs ADD COLUMN site_ahead_seconds INTEGER;             -- how far its clock ran ahead of this computer's
UPDATE jobs SET site_mark = 'demo' WHERE connection_id = 'demo';

ALTER TABLE connections ADD COLUMN secret_stored INTEGER;           -- 1: put into a password store; 0: not; NULL: not known

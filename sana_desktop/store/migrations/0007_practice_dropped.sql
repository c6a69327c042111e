-- Answers of sessions that a person put aside or discarded: what was known of each then, so that none is taken for sent.

CREATE TABLE practice_dropped (
    number INTEGER PRIMARY KEY,                 -- as it was in practice_outbox
    session TEXT NOT NULL REFERENCES practice_sessions (id) ON DELETE CASCADE,
    was TEXT NOT NULL CHECK (was IN ('waiting', 'unknown', 'parked'))
) STRICT;
CREATE INDEX practice_dropped_by_session ON practice_dropped (session);

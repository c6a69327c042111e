-- How far the replay of a session has come, as long as not all of it was sent: so that it can be told after a kill.

CREATE TABLE practice_reruns (
    session TEXT PRIMARY KEY REFERENCES practice_sessions (id) ON DELETE CASCADE,
    source TEXT NOT NULL,                       -- id of the session that is replayed
    title TEXT NOT NULL,                        -- what that was called
    done INTEGER NOT NULL,                      -- events sent again, the first ones
    total INTEGER NOT NULL,                     -- events that it had
    is_left INTEGER NOT NULL DEFAULT 0          -- a person wants it left as it is
) STRICT;

-- The requests that answers of sessions travelled in and what came back, so that both are there after a restart, too.
-- Secrets were taken out before; texts are bounded by the app.

CREATE TABLE practice_exchanges (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session TEXT NOT NULL REFERENCES practice_sessions (id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    path TEXT NOT NULL,
    request TEXT NOT NULL,
    status INTEGER,                             -- NULL where no answer came
    response TEXT NOT NULL,
    latency_seconds REAL,                       -- NULL where no answer came
    trouble TEXT NOT NULL
) STRICT;
CREATE INDEX practice_exchanges_by_session ON practice_exchanges (session, id);

CREATE TABLE practice_exchanged (
    number INTEGER PRIMARY KEY,                 -- of the answer, as in practice_outbox
    exchange INTEGER NOT NULL REFERENCES practice_exchanges (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX practice_exchanged_by_exchange ON practice_exchanged (exchange);

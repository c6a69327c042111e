-- Times are ISO 8601 in UTC with microseconds and Z (base.timestamps.format_utc). No secret is stored, but `jobs.link_url`,
-- which is wiped once its file is done or the link ended (BEHAVIOUR.md T2).

CREATE TABLE connections (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    origin TEXT NOT NULL,                       -- https://acme.sana.ai, no trailing slash
    colour TEXT NOT NULL,                       -- name of a colour role of the theme
    mark TEXT NOT NULL CHECK (mark IN ('live', 'test', 'demo')),
    access TEXT NOT NULL CHECK (access IN ('client', 'pasted')),
    client_id TEXT NOT NULL DEFAULT '',
    position INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    connection_id TEXT NOT NULL,
    title TEXT NOT NULL,
    sql TEXT NOT NULL,
    sql_sha256 TEXT NOT NULL,
    format TEXT NOT NULL CHECK (format IN ('csv', 'xlsx')),
    target TEXT,
    overwrite INTEGER NOT NULL DEFAULT 0,
    rerun_rule TEXT NOT NULL DEFAULT 'ask',
    rerun_of TEXT,
    state TEXT NOT NULL,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    owner TEXT NOT NULL DEFAULT '',
    job_id TEXT,
    service_status TEXT NOT NULL DEFAULT '',
    phase TEXT NOT NULL DEFAULT 'pending',
    submits INTEGER NOT NULL DEFAULT 0,
    polls INTEGER NOT NULL DEFAULT 0,
    submitted_at TEXT,
    next_look_at TEXT,
    service_created_at TEXT,
    service_started_at TEXT,
    service_finished_at TEXT,
    ready_at TEXT,
    link_url TEXT,
    link_expires_at TEXT,
    error_kind TEXT NOT NULL DEFAULT '',
    error_code TEXT NOT NULL DEFAULT '',
    error_message TEXT NOT NULL DEFAULT '',
    error_next_step TEXT NOT NULL DEFAULT '',
    error_http_status INTEGER,
    trouble TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX jobs_by_time ON jobs (created_at);
CREATE INDEX jobs_open ON jobs (state);
CREATE INDEX jobs_by_query ON jobs (connection_id, sql_sha256, format, ready_at);

CREATE TABLE job_timeline (
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX job_timeline_by_job ON job_timeline (job, at);

CREATE TABLE transfers (
    id TEXT PRIMARY KEY,
    job TEXT NOT NULL UNIQUE REFERENCES jobs (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    folder TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    overwrite INTEGER NOT NULL DEFAULT 0,
    part TEXT NOT NULL DEFAULT '',
    received INTEGER NOT NULL DEFAULT 0,
    total INTEGER,
    etag TEXT NOT NULL DEFAULT '',
    link_host TEXT NOT NULL DEFAULT '',
    link_expires_at TEXT,
    prefix_sha256 TEXT NOT NULL DEFAULT '',
    sha256 TEXT NOT NULL DEFAULT '',
    rows INTEGER,
    columns INTEGER,
    notices TEXT NOT NULL DEFAULT '[]',         -- JSON list of sentences
    requests INTEGER NOT NULL DEFAULT 0,
    resumes INTEGER NOT NULL DEFAULT 0,
    started_at TEXT,
    finished_at TEXT,
    verified_at TEXT,
    verified_ok INTEGER,
    error_kind TEXT NOT NULL DEFAULT '',
    error_code TEXT NOT NULL DEFAULT '',
    error_message TEXT NOT NULL DEFAULT '',
    error_next_step TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX transfers_by_time ON transfers (created_at);

CREATE TABLE drafts (                           -- one row a query tab; closed ones are kept for Reopen
    id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    text TEXT NOT NULL,
    cursor INTEGER NOT NULL DEFAULT 0,
    connection_id TEXT,
    format TEXT NOT NULL DEFAULT 'csv',
    changed_at TEXT NOT NULL,
    closed_at TEXT
) STRICT;

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL                         -- JSON
) STRICT;

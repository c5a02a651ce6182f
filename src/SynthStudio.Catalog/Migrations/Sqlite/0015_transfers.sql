-- Databases and buckets of others that a project may read from and write to. What lets in is sealed by the master key.
CREATE TABLE connections (
    name TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    display_name TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    sealed_secret BLOB NOT NULL,
    creator TEXT NOT NULL,
    create_time INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX ix_connections_project ON connections (project, create_time, name);

-- Rows on their way from or to one of them. While a replica moves them, due_time is when another one takes over if nothing is heard of it; a secret that was
-- given with the request is gone when the transfer has ended.
CREATE TABLE transfers (
    name TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    spec TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    sealed_secret BLOB NULL,
    state TEXT NOT NULL,
    cancel_requested INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    rows_moved INTEGER NOT NULL,
    bytes_moved INTEGER NOT NULL,
    error TEXT NULL,
    creator TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    due_time INTEGER NOT NULL,
    start_time INTEGER NULL,
    end_time INTEGER NULL
) WITHOUT ROWID;

CREATE INDEX ix_transfers_project ON transfers (project, create_time, name);
CREATE INDEX ix_transfers_due ON transfers (due_time) WHERE end_time IS NULL;

-- Databases and buckets of others that a project may read from and write to. What lets in is sealed by the master key.
CREATE TABLE connections (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    project text NOT NULL,
    display_name text NOT NULL,
    endpoint text NOT NULL,
    sealed_secret bytea NOT NULL,
    creator text NOT NULL,
    create_time bigint NOT NULL
);

CREATE INDEX ix_connections_project ON connections (project, create_time, name);

-- Rows on their way from or to one of them. While a replica moves them, due_time is when another one takes over if nothing is heard of it; a secret that was
-- given with the request is gone when the transfer has ended.
CREATE TABLE transfers (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    project text NOT NULL,
    spec text NOT NULL,
    endpoint text NOT NULL,
    sealed_secret bytea NULL,
    state text NOT NULL,
    cancel_requested boolean NOT NULL,
    attempt integer NOT NULL,
    rows_moved bigint NOT NULL,
    bytes_moved bigint NOT NULL,
    error text NULL,
    creator text NOT NULL,
    create_time bigint NOT NULL,
    due_time bigint NOT NULL,
    start_time bigint NULL,
    end_time bigint NULL
);

CREATE INDEX ix_transfers_project ON transfers (project, create_time, name);
CREATE INDEX ix_transfers_due ON transfers (due_time) WHERE end_time IS NULL;

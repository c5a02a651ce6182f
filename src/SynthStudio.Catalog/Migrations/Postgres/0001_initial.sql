-- Times are microseconds since 1970 (UTC), enums names, structured values JSON text. Resource names are the keys, and are ordered by
-- their bytes, whatever the database's language.

CREATE TABLE users (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    display_name text NOT NULL,
    role text NOT NULL,
    disabled boolean NOT NULL,
    create_time bigint NOT NULL
);

CREATE TABLE api_keys (
    id text NOT NULL PRIMARY KEY,
    secret_hash bytea NOT NULL,
    owner text NOT NULL REFERENCES users (name),
    display_name text NOT NULL,
    scopes text NOT NULL,
    create_time bigint NOT NULL,
    expire_time bigint,
    revoke_time bigint,
    last_use_time bigint
);
CREATE INDEX ix_api_keys_owner ON api_keys (owner);

CREATE TABLE signing_keys (
    id text NOT NULL PRIMARY KEY,
    private_key bytea NOT NULL,
    create_time bigint NOT NULL,
    not_before bigint NOT NULL,
    retire_time bigint NOT NULL,
    expire_time bigint NOT NULL
);

CREATE TABLE projects (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    display_name text NOT NULL,
    creator text NOT NULL,
    create_time bigint NOT NULL,
    update_time bigint NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX ix_projects_create_time_name ON projects (create_time, name);

CREATE TABLE project_members (
    project text NOT NULL REFERENCES projects (name),
    "user" text NOT NULL REFERENCES users (name),
    role text NOT NULL,
    PRIMARY KEY (project, "user")
);
CREATE INDEX ix_project_members_user ON project_members ("user");

CREATE TABLE datasets (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    project text NOT NULL,
    display_name text NOT NULL,
    state text NOT NULL,
    object text,
    file_name text NOT NULL,
    schema_json text NOT NULL,
    profile text,
    row_count bigint,
    column_count integer,
    error text,
    profile_job text NOT NULL,
    creator text NOT NULL,
    create_time bigint NOT NULL,
    update_time bigint NOT NULL,
    version bigint NOT NULL,
    declared_schema_json text NOT NULL,
    withheld boolean NOT NULL
);
CREATE INDEX ix_datasets_project_create_time_name ON datasets (project, create_time, name);

CREATE TABLE uploads (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    project text NOT NULL,
    dataset text NOT NULL,
    session text NOT NULL,
    file_name text NOT NULL,
    size bigint,
    committed_size bigint NOT NULL,
    sha256 text NOT NULL,
    state text NOT NULL,
    creator text NOT NULL,
    create_time bigint NOT NULL,
    expire_time bigint NOT NULL
);
CREATE INDEX ix_uploads_dataset ON uploads (dataset);
CREATE INDEX ix_uploads_project_create_time_name ON uploads (project, create_time, name);
CREATE INDEX ix_uploads_state_expire_time ON uploads (state, expire_time);

CREATE TABLE generators (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    project text NOT NULL,
    dataset text NOT NULL,
    state text NOT NULL,
    create_time bigint NOT NULL,
    version bigint NOT NULL,
    snapshot text NOT NULL
);
CREATE INDEX ix_generators_dataset ON generators (dataset);
CREATE INDEX ix_generators_project_create_time_name ON generators (project, create_time, name);

CREATE TABLE synthetic_datasets (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    project text NOT NULL,
    display_name text NOT NULL,
    generator text NOT NULL,
    rows bigint NOT NULL,
    seed bigint NOT NULL,
    given text NOT NULL,
    temperature double precision NOT NULL,
    state text NOT NULL,
    job text NOT NULL,
    parts text NOT NULL,
    error text,
    creator text NOT NULL,
    create_time bigint NOT NULL,
    update_time bigint NOT NULL,
    version bigint NOT NULL,
    priority integer NOT NULL,
    terms text NOT NULL
);
CREATE INDEX ix_synthetic_datasets_generator ON synthetic_datasets (generator);
CREATE INDEX ix_synthetic_datasets_project_create_time_name ON synthetic_datasets (project, create_time, name);

CREATE TABLE evaluations (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    project text NOT NULL,
    display_name text NOT NULL,
    dataset text NOT NULL,
    holdout text NOT NULL,
    synthetic_dataset text NOT NULL,
    state text NOT NULL,
    job text NOT NULL,
    report text,
    metrics text NOT NULL,
    error text,
    creator text NOT NULL,
    create_time bigint NOT NULL,
    update_time bigint NOT NULL,
    version bigint NOT NULL,
    seed bigint NOT NULL,
    priority integer NOT NULL,
    outside_guarantee boolean NOT NULL,
    settings text NOT NULL
);
CREATE INDEX ix_evaluations_dataset ON evaluations (dataset);
CREATE INDEX ix_evaluations_holdout ON evaluations (holdout);
CREATE INDEX ix_evaluations_synthetic_dataset ON evaluations (synthetic_dataset);
CREATE INDEX ix_evaluations_project_create_time_name ON evaluations (project, create_time, name);

CREATE TABLE jobs (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    project text NOT NULL,
    kind text NOT NULL,
    owner text NOT NULL,
    subject text NOT NULL,
    state text NOT NULL,
    create_time bigint NOT NULL,
    end_time bigint,
    version bigint NOT NULL,
    snapshot text NOT NULL
);
CREATE INDEX ix_jobs_state ON jobs (state);
CREATE INDEX ix_jobs_subject_create_time ON jobs (subject, create_time);
CREATE INDEX ix_jobs_project_create_time_name ON jobs (project, create_time, name);

CREATE TABLE progress_events (
    job text NOT NULL,
    sequence bigint NOT NULL,
    event bytea NOT NULL,
    PRIMARY KEY (job, sequence)
);

CREATE TABLE work_queue (
    job text NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    owner text NOT NULL,
    project text NOT NULL,
    priority integer NOT NULL,
    accelerator text NOT NULL,
    memory_bytes bigint NOT NULL,
    enqueue_time bigint NOT NULL,
    not_before bigint,
    epoch bigint NOT NULL,
    holder text,
    expire_time bigint,
    accelerator_memory_bytes bigint NOT NULL DEFAULT 0
);

CREATE TABLE request_ids (
    principal text NOT NULL,
    method text NOT NULL,
    request_id text NOT NULL,
    request_hash bytea NOT NULL,
    response bytea,
    time bigint NOT NULL,
    owner text NOT NULL,
    PRIMARY KEY (principal, method, request_id)
);
CREATE INDEX ix_request_ids_time ON request_ids (time);

-- Who the people in data sets are, as far as privacy goes: data sets with common rows share a population, and its budget.
CREATE TABLE privacy_populations (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    project text NOT NULL,
    state text NOT NULL,           -- what the entries come to, folded
    head_sequence bigint NOT NULL,
    head_hash bytea NOT NULL,
    create_time bigint NOT NULL
);

CREATE TABLE privacy_datasets (
    dataset text NOT NULL,
    population text NOT NULL REFERENCES privacy_populations (name),
    PRIMARY KEY (dataset, population)
);
CREATE INDEX ix_privacy_datasets_population ON privacy_datasets (population);

-- Keyed fingerprints of rows; they stay when the data set is deleted.
CREATE TABLE privacy_fingerprints (
    dataset text NOT NULL PRIMARY KEY,
    project text NOT NULL,
    sha256 text NOT NULL,
    sketch bytea NOT NULL
);
CREATE INDEX ix_privacy_fingerprints_project ON privacy_fingerprints (project);

-- The ledger itself: only ever added to. Each hash covers the line before.
CREATE TABLE privacy_entries (
    population text NOT NULL REFERENCES privacy_populations (name),
    sequence bigint NOT NULL,
    name text COLLATE "C" NOT NULL,  -- for lists
    operation text NOT NULL,       -- what must happen once
    job text NOT NULL,             -- empty when it is about none
    create_time bigint NOT NULL,
    line text NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (population, sequence)
);
CREATE UNIQUE INDEX ix_privacy_entries_operation ON privacy_entries (population, operation);

CREATE TABLE privacy_reservations (
    population text NOT NULL REFERENCES privacy_populations (name),
    job text NOT NULL,
    generator text NOT NULL,
    dataset text NOT NULL,
    nano_epsilon bigint NOT NULL,
    atto_delta bigint NOT NULL,
    state text NOT NULL,
    times integer NOT NULL,        -- how often the job reserved: 1, more after it gave a reservation back
    PRIMARY KEY (population, job)
);
CREATE INDEX ix_privacy_reservations_job ON privacy_reservations (job);
CREATE INDEX ix_privacy_reservations_generator ON privacy_reservations (generator);

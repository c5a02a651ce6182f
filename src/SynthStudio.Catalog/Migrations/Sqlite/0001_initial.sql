-- Times are microseconds since 1970 (UTC), enums names, structured values JSON text. Resource names are the keys.

CREATE TABLE users (
    name TEXT NOT NULL PRIMARY KEY,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    create_time INTEGER NOT NULL
);

CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY,
    secret_hash BLOB NOT NULL,
    owner TEXT NOT NULL REFERENCES users (name),
    display_name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    expire_time INTEGER,
    revoke_time INTEGER,
    last_use_time INTEGER
);
CREATE INDEX ix_api_keys_owner ON api_keys (owner);

CREATE TABLE signing_keys (
    id TEXT NOT NULL PRIMARY KEY,
    private_key BLOB NOT NULL,
    create_time INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    retire_time INTEGER NOT NULL,
    expire_time INTEGER NOT NULL
);

CREATE TABLE projects (
    name TEXT NOT NULL PRIMARY KEY,
    display_name TEXT NOT NULL,
    creator TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    update_time INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_projects_create_time_name ON projects (create_time, name);

CREATE TABLE project_members (
    project TEXT NOT NULL REFERENCES projects (name),
    user TEXT NOT NULL REFERENCES users (name),
    role TEXT NOT NULL,
    PRIMARY KEY (project, user)
);
CREATE INDEX ix_project_members_user ON project_members (user);

CREATE TABLE datasets (
    name TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    display_name TEXT NOT NULL,
    state TEXT NOT NULL,
    object TEXT,
    file_name TEXT NOT NULL,
    schema_json TEXT NOT NULL,
    profile TEXT,
    row_count INTEGER,
    column_count INTEGER,
    error TEXT,
    profile_job TEXT NOT NULL,
    creator TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    update_time INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_datasets_project_create_time_name ON datasets (project, create_time, name);

CREATE TABLE uploads (
    name TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    dataset TEXT NOT NULL,
    session TEXT NOT NULL,
    file_name TEXT NOT NULL,
    size INTEGER,
    committed_size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    state TEXT NOT NULL,
    creator TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    expire_time INTEGER NOT NULL
);
CREATE INDEX ix_uploads_dataset ON uploads (dataset);
CREATE INDEX ix_uploads_state_expire_time ON uploads (state, expire_time);

CREATE TABLE generators (
    name TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    dataset TEXT NOT NULL,
    state TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    version INTEGER NOT NULL,
    snapshot TEXT NOT NULL
);
CREATE INDEX ix_generators_dataset ON generators (dataset);
CREATE INDEX ix_generators_project_create_time_name ON generators (project, create_time, name);

CREATE TABLE synthetic_datasets (
    name TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    display_name TEXT NOT NULL,
    generator TEXT NOT NULL,
    rows INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    given TEXT NOT NULL,
    temperature REAL NOT NULL,
    state TEXT NOT NULL,
    job TEXT NOT NULL,
    parts TEXT NOT NULL,
    error TEXT,
    creator TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    update_time INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_synthetic_datasets_generator ON synthetic_datasets (generator);
CREATE INDEX ix_synthetic_datasets_project_create_time_name ON synthetic_datasets (project, create_time, name);

CREATE TABLE evaluations (
    name TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    display_name TEXT NOT NULL,
    dataset TEXT NOT NULL,
    holdout TEXT NOT NULL,
    synthetic_dataset TEXT NOT NULL,
    state TEXT NOT NULL,
    job TEXT NOT NULL,
    report TEXT,
    metrics TEXT NOT NULL,
    error TEXT,
    creator TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    update_time INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_evaluations_synthetic_dataset ON evaluations (synthetic_dataset);
CREATE INDEX ix_evaluations_project_create_time_name ON evaluations (project, create_time, name);

CREATE TABLE jobs (
    name TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    end_time INTEGER,
    version INTEGER NOT NULL,
    snapshot TEXT NOT NULL
);
CREATE INDEX ix_jobs_state ON jobs (state);
CREATE INDEX ix_jobs_subject_create_time ON jobs (subject, create_time);
CREATE INDEX ix_jobs_project_create_time_name ON jobs (project, create_time, name);

-- Clustered by its key: a job's events lie together, in order.
CREATE TABLE progress_events (
    job TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    event BLOB NOT NULL,
    PRIMARY KEY (job, sequence)
) WITHOUT ROWID;

CREATE TABLE work_queue (
    job TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    project TEXT NOT NULL,
    priority INTEGER NOT NULL,
    accelerator TEXT NOT NULL,
    memory_bytes INTEGER NOT NULL,
    enqueue_time INTEGER NOT NULL,
    not_before INTEGER,
    epoch INTEGER NOT NULL,
    holder TEXT,
    expire_time INTEGER
);

CREATE TABLE request_ids (
    principal TEXT NOT NULL,
    method TEXT NOT NULL,
    request_id TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    response BLOB,
    time INTEGER NOT NULL,
    PRIMARY KEY (principal, method, request_id)
);
CREATE INDEX ix_request_ids_time ON request_ids (time);

-- Keys that objects of projects are encrypted with, themselves sealed by the master key. The one with the greatest number encrypts.
CREATE TABLE project_keys (
    id text NOT NULL PRIMARY KEY,
    project text NOT NULL,
    number bigint NOT NULL,
    sealed_key bytea NOT NULL,
    create_time bigint NOT NULL,
    UNIQUE (project, number)
);

-- Keys that objects of projects are encrypted with, themselves sealed by the master key. The one with the greatest number encrypts.
CREATE TABLE project_keys (
    id TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    number INTEGER NOT NULL,
    sealed_key BLOB NOT NULL,
    create_time INTEGER NOT NULL,
    UNIQUE (project, number)
) WITHOUT ROWID;

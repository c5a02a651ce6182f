-- Who did what: one chain for each project, and one for what is about none. Only ever added to; each hash covers the line before.
CREATE TABLE audit_chains (
    name TEXT NOT NULL PRIMARY KEY,
    head_sequence INTEGER NOT NULL,
    head_hash BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE audit_entries (
    chain TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    line TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (chain, sequence)
);

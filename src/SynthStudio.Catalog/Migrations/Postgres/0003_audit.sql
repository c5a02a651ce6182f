-- Who did what: one chain for each project, and one for what is about none. Only ever added to; each hash covers the line before.
CREATE TABLE audit_chains (
    name text NOT NULL PRIMARY KEY,
    head_sequence bigint NOT NULL,
    head_hash bytea NOT NULL
);

CREATE TABLE audit_entries (
    chain text NOT NULL,
    sequence bigint NOT NULL,
    line text NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (chain, sequence)
);

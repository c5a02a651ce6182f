-- What could be shown of a project at one moment: never changed, only made and deleted.
CREATE TABLE evidence_packs (
    name TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    subject TEXT NOT NULL,
    frameworks TEXT NOT NULL,
    number INTEGER NOT NULL,
    facts_sha256 TEXT NOT NULL,
    summary TEXT NOT NULL,
    files TEXT NOT NULL,
    creator TEXT NOT NULL,
    create_time INTEGER NOT NULL
);
CREATE INDEX ix_evidence_packs_project_create_time_name ON evidence_packs (project, create_time, name);

-- The last number that was given to a pack about a project, or something in it: numbers of deleted packs are not given out again.
CREATE TABLE evidence_numbers (
    project TEXT NOT NULL,
    subject TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (project, subject)
) WITHOUT ROWID;

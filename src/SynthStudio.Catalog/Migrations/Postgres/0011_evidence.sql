-- What could be shown of a project at one moment: never changed, only made and deleted.
CREATE TABLE evidence_packs (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    project text NOT NULL,
    subject text NOT NULL,
    frameworks text NOT NULL,
    number integer NOT NULL,
    facts_sha256 text NOT NULL,
    summary text NOT NULL,
    files text NOT NULL,
    creator text NOT NULL,
    create_time bigint NOT NULL
);
CREATE INDEX ix_evidence_packs_project_create_time_name ON evidence_packs (project, create_time, name);

-- The last number that was given to a pack about a project, or something in it: numbers of deleted packs are not given out again.
CREATE TABLE evidence_numbers (
    project text NOT NULL,
    subject text NOT NULL,
    number integer NOT NULL,
    PRIMARY KEY (project, subject)
);

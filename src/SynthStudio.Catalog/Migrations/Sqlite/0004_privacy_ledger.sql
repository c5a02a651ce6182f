-- Who the people in data sets are, as far as privacy goes: data sets with common rows share a population, and its budget.
CREATE TABLE privacy_populations (
    name TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    state TEXT NOT NULL,           -- what the entries come to, folded
    head_sequence INTEGER NOT NULL,
    head_hash BLOB NOT NULL,
    create_time INTEGER NOT NULL
);

CREATE TABLE privacy_datasets (
    dataset TEXT NOT NULL,
    population TEXT NOT NULL REFERENCES privacy_populations (name),
    PRIMARY KEY (dataset, population)
);
CREATE INDEX ix_privacy_datasets_population ON privacy_datasets (population);

-- Keyed fingerprints of rows; they stay when the data set is deleted.
CREATE TABLE privacy_fingerprints (
    dataset TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    sketch BLOB NOT NULL
);
CREATE INDEX ix_privacy_fingerprints_project ON privacy_fingerprints (project);

-- The ledger itself: only ever added to. Each hash covers the line before.
CREATE TABLE privacy_entries (
    population TEXT NOT NULL REFERENCES privacy_populations (name),
    sequence INTEGER NOT NULL,
    name TEXT NOT NULL,            -- for lists
    operation TEXT NOT NULL,       -- what must happen once
    job TEXT NOT NULL,             -- empty when it is about none
    create_time INTEGER NOT NULL,
    line TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (population, sequence)
);
CREATE UNIQUE INDEX ix_privacy_entries_operation ON privacy_entries (population, operation);

CREATE TABLE privacy_reservations (
    population TEXT NOT NULL REFERENCES privacy_populations (name),
    job TEXT NOT NULL,
    generator TEXT NOT NULL,
    dataset TEXT NOT NULL,
    nano_epsilon INTEGER NOT NULL,
    atto_delta INTEGER NOT NULL,
    state TEXT NOT NULL,
    times INTEGER NOT NULL,        -- how often the job reserved: 1, more after it gave a reservation back
    PRIMARY KEY (population, job)
);
CREATE INDEX ix_privacy_reservations_job ON privacy_reservations (job);
CREATE INDEX ix_privacy_reservations_generator ON privacy_reservations (generator);

-- What the owner said of the columns, apart from what was inferred; and tables of which nothing is told.
ALTER TABLE datasets ADD COLUMN declared_schema_json TEXT NOT NULL DEFAULT '';
ALTER TABLE datasets ADD COLUMN withheld INTEGER NOT NULL DEFAULT 0;
ALTER TABLE evaluations ADD COLUMN outside_guarantee INTEGER NOT NULL DEFAULT 0;

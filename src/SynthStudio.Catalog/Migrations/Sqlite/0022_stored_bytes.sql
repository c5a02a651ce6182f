-- Bytes that a job left when it ended. Of jobs before this nobody noted them.
ALTER TABLE job_usage ADD COLUMN bytes_made INTEGER NOT NULL DEFAULT 0;

-- What came to a project beside what its jobs made: a line each, which outlives it.
CREATE TABLE arrivals (
    arrival TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    source TEXT NOT NULL,
    arrival_time INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX ix_arrivals_project ON arrivals (project, arrival_time);
CREATE INDEX ix_arrivals_time ON arrivals (arrival_time);

-- Bytes that a job left when it ended. Of jobs before this nobody noted them.
ALTER TABLE job_usage ADD COLUMN bytes_made bigint NOT NULL DEFAULT 0;

-- What came to a project beside what its jobs made: a line each, which outlives it.
CREATE TABLE arrivals (
    arrival text NOT NULL PRIMARY KEY,
    project text NOT NULL,
    source text NOT NULL,
    arrival_time bigint NOT NULL,
    bytes bigint NOT NULL
);
CREATE INDEX ix_arrivals_project ON arrivals (project, arrival_time);
CREATE INDEX ix_arrivals_time ON arrivals (arrival_time);

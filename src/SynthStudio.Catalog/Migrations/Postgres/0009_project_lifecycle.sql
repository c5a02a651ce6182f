-- When a project was deleted, until when it can be brought back, and how long it keeps what is in it.
ALTER TABLE projects ADD COLUMN delete_time bigint;
ALTER TABLE projects ADD COLUMN purge_time bigint;
ALTER TABLE projects ADD COLUMN retention text NOT NULL DEFAULT '{}';

-- What each job that ended took: outlives the job.
CREATE TABLE job_usage (
    job text NOT NULL PRIMARY KEY,
    project text NOT NULL,
    kind text NOT NULL,
    end_time bigint NOT NULL,
    milliseconds bigint NOT NULL,
    accelerator text NOT NULL,
    rows_made bigint NOT NULL
);

CREATE INDEX ix_job_usage_project ON job_usage (project, end_time);
CREATE INDEX ix_job_usage_end ON job_usage (end_time);

-- Names of projects that are gone. They are not given out again: trails, usage and keys of theirs are remembered by them.
CREATE TABLE purged_projects (
    name text NOT NULL PRIMARY KEY,
    purge_time bigint NOT NULL
);

-- Where the bytes of an upload lie that is just being completed.
ALTER TABLE uploads ADD COLUMN object_key text NOT NULL DEFAULT '';

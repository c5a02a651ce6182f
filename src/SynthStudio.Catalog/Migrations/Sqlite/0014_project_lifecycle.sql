-- When a project was deleted, until when it can be brought back, and how long it keeps what is in it.
ALTER TABLE projects ADD COLUMN delete_time INTEGER;
ALTER TABLE projects ADD COLUMN purge_time INTEGER;
ALTER TABLE projects ADD COLUMN retention TEXT NOT NULL DEFAULT '{}';

-- What each job that ended took: outlives the job.
CREATE TABLE job_usage (
    job TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    kind TEXT NOT NULL,
    end_time INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL,
    accelerator TEXT NOT NULL,
    rows_made INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX ix_job_usage_project ON job_usage (project, end_time);
CREATE INDEX ix_job_usage_end ON job_usage (end_time);

-- Names of projects that are gone. They are not given out again: trails, usage and keys of theirs are remembered by them.
CREATE TABLE purged_projects (
    name TEXT NOT NULL PRIMARY KEY,
    purge_time INTEGER NOT NULL
) WITHOUT ROWID;

-- Where the bytes of an upload lie that is just being completed.
ALTER TABLE uploads ADD COLUMN object_key TEXT NOT NULL DEFAULT '';

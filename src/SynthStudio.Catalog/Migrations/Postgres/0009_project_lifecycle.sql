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

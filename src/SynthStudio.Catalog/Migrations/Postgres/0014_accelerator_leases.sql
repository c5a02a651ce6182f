-- Since when a lease is held, and of one that takes an accelerator its epoch: a lease of another epoch takes none.
ALTER TABLE work_queue ADD COLUMN lease_time bigint;
ALTER TABLE work_queue ADD COLUMN accelerator_epoch bigint NOT NULL DEFAULT 0;

-- What each lease that ended took of an accelerator: outlives the job. Of jobs before that, what was noted when they ended.
CREATE TABLE accelerator_leases (
    job text NOT NULL,
    epoch bigint NOT NULL,
    project text NOT NULL,
    kind text NOT NULL,
    end_time bigint NOT NULL,
    milliseconds bigint NOT NULL,
    PRIMARY KEY (job, epoch)
);
CREATE INDEX ix_accelerator_leases_project ON accelerator_leases (project, end_time);
CREATE INDEX ix_accelerator_leases_end ON accelerator_leases (end_time);
INSERT INTO accelerator_leases (job, epoch, project, kind, end_time, milliseconds)
SELECT job, 0, project, kind, end_time, milliseconds FROM job_usage WHERE accelerator NOT IN ('', 'cpu', 'any') AND milliseconds > 0;

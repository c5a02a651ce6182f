-- What an evaluation was asked for is kept, so that it can be submitted again as it was; data sets know which evaluations name them.
ALTER TABLE evaluations ADD COLUMN seed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE evaluations ADD COLUMN priority INTEGER NOT NULL DEFAULT 3;
ALTER TABLE synthetic_datasets ADD COLUMN priority INTEGER NOT NULL DEFAULT 3;
CREATE INDEX ix_evaluations_dataset ON evaluations (dataset);
CREATE INDEX ix_evaluations_holdout ON evaluations (holdout);

-- Uploads are listed.
CREATE INDEX ix_uploads_project_create_time_name ON uploads (project, create_time, name);

-- The process that carries the request out: what another one left half-done is carried out again.
ALTER TABLE request_ids ADD COLUMN owner TEXT NOT NULL DEFAULT '';

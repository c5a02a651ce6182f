-- What a project had on a day (UTC), in days since 1970.
CREATE TABLE project_usage (
    project TEXT NOT NULL,
    day INTEGER NOT NULL,
    rows_drawn INTEGER NOT NULL,
    PRIMARY KEY (project, day)
) WITHOUT ROWID;

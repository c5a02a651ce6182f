-- What a project had on a day (UTC), in days since 1970.
CREATE TABLE project_usage (
    project text NOT NULL,
    day bigint NOT NULL,
    rows_drawn bigint NOT NULL,
    PRIMARY KEY (project, day)
);

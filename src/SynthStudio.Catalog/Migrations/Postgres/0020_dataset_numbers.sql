-- The place of a data set among all that ever were versions of its table, also those that are gone; 0 where an older program wrote it. Before this only those that are stored can be counted.
ALTER TABLE datasets ADD COLUMN number integer NOT NULL DEFAULT 0;
UPDATE datasets SET number = counted.number
FROM (
    SELECT name, row_number() OVER (PARTITION BY CASE WHEN line = '' THEN name ELSE line END ORDER BY create_time, name) AS number FROM datasets
) counted
WHERE counted.name = datasets.name;

-- How many versions of a table there ever were, by its first.
CREATE TABLE dataset_lines (
    line text NOT NULL PRIMARY KEY,
    project text NOT NULL,
    versions integer NOT NULL
);
CREATE INDEX ix_dataset_lines_project ON dataset_lines (project);
INSERT INTO dataset_lines (line, project, versions)
SELECT CASE WHEN line = '' THEN name ELSE line END, min(project), count(*) FROM datasets GROUP BY 1;

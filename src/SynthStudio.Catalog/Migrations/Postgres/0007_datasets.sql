-- What the owner says of columns, by name; the first version of the data set's line, empty for the first itself; the version it follows; its first rows.
ALTER TABLE datasets ADD COLUMN sensitivity text NOT NULL DEFAULT '{}';
ALTER TABLE datasets ADD COLUMN line text NOT NULL DEFAULT '';
ALTER TABLE datasets ADD COLUMN previous_version text NOT NULL DEFAULT '';
ALTER TABLE datasets ADD COLUMN preview text;
CREATE INDEX ix_datasets_line ON datasets (line);

-- Who may see real rows; a project without a line here: its owners.
CREATE TABLE data_policies (
    project text NOT NULL PRIMARY KEY,
    real_rows text NOT NULL,
    update_time bigint NOT NULL
);

-- Closer looks at data sets.
CREATE TABLE analyses (
    name text NOT NULL PRIMARY KEY,
    project text NOT NULL,
    dataset text NOT NULL,
    earlier text NOT NULL,
    columns text NOT NULL,
    most_columns integer NOT NULL,
    state text NOT NULL,
    job text NOT NULL,
    result text,
    error text,
    creator text NOT NULL,
    create_time bigint NOT NULL,
    update_time bigint NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX ix_analyses_dataset ON analyses (dataset);
CREATE INDEX ix_analyses_project_create_time_name ON analyses (project, create_time, name);

-- Names for what generators are used for; an alias has an id that no generator has.
CREATE TABLE generator_aliases (
    name text NOT NULL PRIMARY KEY,
    project text NOT NULL,
    generator text NOT NULL,
    creator text NOT NULL,
    update_time bigint NOT NULL
);
CREATE INDEX ix_generator_aliases_project ON generator_aliases (project);
CREATE INDEX ix_generator_aliases_generator ON generator_aliases (generator);

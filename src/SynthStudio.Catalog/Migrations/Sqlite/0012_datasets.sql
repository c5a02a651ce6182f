-- What the owner says of columns, by name; the first version of the data set's line, empty for the first itself; the version it follows; its first rows.
ALTER TABLE datasets ADD COLUMN sensitivity TEXT NOT NULL DEFAULT '{}';
ALTER TABLE datasets ADD COLUMN line TEXT NOT NULL DEFAULT '';
ALTER TABLE datasets ADD COLUMN previous_version TEXT NOT NULL DEFAULT '';
ALTER TABLE datasets ADD COLUMN preview TEXT;
CREATE INDEX ix_datasets_line ON datasets (line);

-- Who may see real rows; a project without a line here: its owners.
CREATE TABLE data_policies (
    project TEXT NOT NULL PRIMARY KEY,
    real_rows TEXT NOT NULL,
    update_time INTEGER NOT NULL
);

-- Closer looks at data sets.
CREATE TABLE analyses (
    name TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    dataset TEXT NOT NULL,
    earlier TEXT NOT NULL,
    columns TEXT NOT NULL,
    most_columns INTEGER NOT NULL,
    state TEXT NOT NULL,
    job TEXT NOT NULL,
    result TEXT,
    error TEXT,
    creator TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    update_time INTEGER NOT NULL,
    version INTEGER NOT NULL
);
CREATE INDEX ix_analyses_dataset ON analyses (dataset);
CREATE INDEX ix_analyses_project_create_time_name ON analyses (project, create_time, name);

-- Names for what generators are used for; an alias has an id that no generator has.
CREATE TABLE generator_aliases (
    name TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    generator TEXT NOT NULL,
    creator TEXT NOT NULL,
    update_time INTEGER NOT NULL
);
CREATE INDEX ix_generator_aliases_project ON generator_aliases (project);
CREATE INDEX ix_generator_aliases_generator ON generator_aliases (generator);

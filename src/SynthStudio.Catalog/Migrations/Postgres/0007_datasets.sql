-- What the owner says of columns, by name; the version that a data set follows, and which of its line it is; its first rows.
ALTER TABLE datasets ADD COLUMN sensitivity text NOT NULL DEFAULT '{}';

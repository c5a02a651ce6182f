-- What an evaluation looks at beside what the tables' schema says.
ALTER TABLE evaluations ADD COLUMN settings TEXT NOT NULL DEFAULT '';

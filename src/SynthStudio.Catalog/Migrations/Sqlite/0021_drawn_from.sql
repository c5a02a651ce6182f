-- Which model the rows were drawn from: a generator that is trained again has another one. Empty where nobody noted it.
ALTER TABLE synthetic_datasets ADD COLUMN model_sha256 TEXT NOT NULL DEFAULT '';

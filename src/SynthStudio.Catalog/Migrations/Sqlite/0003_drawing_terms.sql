-- What drawn rows must meet beside exact values: sets, ranges, shares, fairness.
ALTER TABLE synthetic_datasets ADD COLUMN terms TEXT NOT NULL DEFAULT '';

-- How often a request was begun: what a repeat does not find may have been removed by the call before it.
ALTER TABLE request_ids ADD COLUMN tries INTEGER NOT NULL DEFAULT 1;

-- What an open upload claims of its project's quota: as declared, or as many bytes as it had when it was last asked. It ends with the upload.
ALTER TABLE uploads ADD COLUMN claimed_size bigint NOT NULL DEFAULT 0;
UPDATE uploads SET claimed_size = coalesce(size, 0) WHERE state = 'Open';

-- What a queued job takes of an accelerator; 0 for all of one.
ALTER TABLE work_queue ADD COLUMN accelerator_memory_bytes INTEGER NOT NULL DEFAULT 0;

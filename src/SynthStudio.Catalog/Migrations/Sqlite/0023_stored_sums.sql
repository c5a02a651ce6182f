-- What projects keep is counted where it is written: triggers note every object that a row of theirs refers to, and sum up the sizes, in the transaction
-- that writes the row. So no crash leaves the sum behind, whoever writes, and a quota costs the same to check however many jobs there are.

-- By how many rows an object is referred to: rows that are not deleted, rows that are and can be brought back, and jobs, which have no say in what is deleted.
CREATE TABLE stored_objects (
    project TEXT NOT NULL,
    object_key TEXT NOT NULL,
    size INTEGER NOT NULL,
    live INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    jobs INTEGER NOT NULL,
    PRIMARY KEY (project, object_key)
) WITHOUT ROWID;

-- The sum of their sizes, and of those among them that only deleted rows refer to.
CREATE TABLE project_storage (
    project TEXT NOT NULL PRIMARY KEY,
    stored_bytes INTEGER NOT NULL,
    deleted_bytes INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TRIGGER stored_objects_insert AFTER INSERT ON stored_objects BEGIN
    INSERT INTO project_storage (project, stored_bytes, deleted_bytes)
    VALUES (NEW.project, NEW.size, iif(NEW.live = 0 AND NEW.deleted > 0, NEW.size, 0))
    ON CONFLICT (project) DO UPDATE SET stored_bytes = stored_bytes + excluded.stored_bytes, deleted_bytes = deleted_bytes + excluded.deleted_bytes;
END;

CREATE TRIGGER stored_objects_update AFTER UPDATE ON stored_objects
WHEN (OLD.live = 0 AND OLD.deleted > 0) <> (NEW.live = 0 AND NEW.deleted > 0) BEGIN
    UPDATE project_storage SET deleted_bytes = deleted_bytes + iif(NEW.live = 0 AND NEW.deleted > 0, NEW.size, -NEW.size) WHERE project = NEW.project;
END;

CREATE TRIGGER stored_objects_delete AFTER DELETE ON stored_objects BEGIN
    UPDATE project_storage SET stored_bytes = stored_bytes - OLD.size, deleted_bytes = deleted_bytes - iif(OLD.live = 0 AND OLD.deleted > 0, OLD.size, 0)
    WHERE project = OLD.project;
END;

-- Not to be read: what is inserted tells what a row referred to before and what it does now, as JSON, and as what it counted (live, deleted, job) and counts.
CREATE VIEW stored_changes AS SELECT '' AS project, '' AS old_kind, '' AS old_content, '' AS new_kind, '' AS new_content WHERE 0;

CREATE TRIGGER stored_changes_insert INSTEAD OF INSERT ON stored_changes BEGIN
    INSERT INTO stored_objects (project, object_key, size, live, deleted, jobs)
    SELECT NEW.project, n.atom, max(json_extract(NEW.new_content, n.path || '.size')), NEW.new_kind = 'live', NEW.new_kind = 'deleted', NEW.new_kind = 'job'
    FROM json_tree(NEW.new_content) n
    WHERE n.key = 'key' AND n.atom LIKE 'sha256/%' AND json_type(NEW.new_content, n.path || '.size') = 'integer'
        AND (NEW.old_kind IS NOT NEW.new_kind
            OR n.atom NOT IN (
                SELECT o.atom FROM json_tree(NEW.old_content) o WHERE o.key = 'key' AND o.atom LIKE 'sha256/%' AND json_type(NEW.old_content, o.path || '.size') = 'integer'))
    GROUP BY n.atom
    ON CONFLICT (project, object_key) DO UPDATE SET live = live + excluded.live, deleted = deleted + excluded.deleted, jobs = jobs + excluded.jobs;

    UPDATE stored_objects
    SET live = live - (NEW.old_kind = 'live'), deleted = deleted - (NEW.old_kind = 'deleted'), jobs = jobs - (NEW.old_kind = 'job')
    WHERE project = NEW.project AND object_key IN (
        SELECT o.atom FROM json_tree(NEW.old_content) o
        WHERE o.key = 'key' AND o.atom LIKE 'sha256/%' AND json_type(NEW.old_content, o.path || '.size') = 'integer'
            AND (NEW.old_kind IS NOT NEW.new_kind
                OR o.atom NOT IN (
                    SELECT n.atom FROM json_tree(NEW.new_content) n WHERE n.key = 'key' AND n.atom LIKE 'sha256/%' AND json_type(NEW.new_content, n.path || '.size') = 'integer')));

    DELETE FROM stored_objects
    WHERE project = NEW.project AND live = 0 AND deleted = 0 AND jobs = 0
        AND object_key IN (
            SELECT o.atom FROM json_tree(NEW.old_content) o WHERE o.key = 'key' AND o.atom LIKE 'sha256/%' AND json_type(NEW.old_content, o.path || '.size') = 'integer');
END;

CREATE TRIGGER datasets_stored_insert AFTER INSERT ON datasets BEGIN
    INSERT INTO stored_changes VALUES (NEW.project, NULL, NULL, iif(NEW.delete_time IS NULL, 'live', 'deleted'), json_array(json(NEW.object), json(NEW.profile), json(NEW.preview)));
END;
CREATE TRIGGER datasets_stored_update AFTER UPDATE OF object, profile, preview, delete_time ON datasets BEGIN
    INSERT INTO stored_changes VALUES (
        NEW.project, iif(OLD.delete_time IS NULL, 'live', 'deleted'), json_array(json(OLD.object), json(OLD.profile), json(OLD.preview)),
        iif(NEW.delete_time IS NULL, 'live', 'deleted'), json_array(json(NEW.object), json(NEW.profile), json(NEW.preview)));
END;
CREATE TRIGGER datasets_stored_delete AFTER DELETE ON datasets BEGIN
    INSERT INTO stored_changes VALUES (OLD.project, iif(OLD.delete_time IS NULL, 'live', 'deleted'), json_array(json(OLD.object), json(OLD.profile), json(OLD.preview)), NULL, NULL);
END;

CREATE TRIGGER analyses_stored_insert AFTER INSERT ON analyses BEGIN
    INSERT INTO stored_changes VALUES (NEW.project, NULL, NULL, 'live', NEW.result);
END;
CREATE TRIGGER analyses_stored_update AFTER UPDATE OF result ON analyses BEGIN
    INSERT INTO stored_changes VALUES (NEW.project, 'live', OLD.result, 'live', NEW.result);
END;
CREATE TRIGGER analyses_stored_delete AFTER DELETE ON analyses BEGIN
    INSERT INTO stored_changes VALUES (OLD.project, 'live', OLD.result, NULL, NULL);
END;

CREATE TRIGGER generators_stored_insert AFTER INSERT ON generators BEGIN
    INSERT INTO stored_changes VALUES (NEW.project, NULL, NULL, iif(NEW.delete_time IS NULL, 'live', 'deleted'), NEW.snapshot);
END;
CREATE TRIGGER generators_stored_update AFTER UPDATE OF snapshot, delete_time ON generators BEGIN
    INSERT INTO stored_changes VALUES (
        NEW.project, iif(OLD.delete_time IS NULL, 'live', 'deleted'), OLD.snapshot, iif(NEW.delete_time IS NULL, 'live', 'deleted'), NEW.snapshot);
END;
CREATE TRIGGER generators_stored_delete AFTER DELETE ON generators BEGIN
    INSERT INTO stored_changes VALUES (OLD.project, iif(OLD.delete_time IS NULL, 'live', 'deleted'), OLD.snapshot, NULL, NULL);
END;

CREATE TRIGGER synthetic_datasets_stored_insert AFTER INSERT ON synthetic_datasets BEGIN
    INSERT INTO stored_changes VALUES (NEW.project, NULL, NULL, iif(NEW.delete_time IS NULL, 'live', 'deleted'), NEW.parts);
END;
CREATE TRIGGER synthetic_datasets_stored_update AFTER UPDATE OF parts, delete_time ON synthetic_datasets BEGIN
    INSERT INTO stored_changes VALUES (
        NEW.project, iif(OLD.delete_time IS NULL, 'live', 'deleted'), OLD.parts, iif(NEW.delete_time IS NULL, 'live', 'deleted'), NEW.parts);
END;
CREATE TRIGGER synthetic_datasets_stored_delete AFTER DELETE ON synthetic_datasets BEGIN
    INSERT INTO stored_changes VALUES (OLD.project, iif(OLD.delete_time IS NULL, 'live', 'deleted'), OLD.parts, NULL, NULL);
END;

CREATE TRIGGER evaluations_stored_insert AFTER INSERT ON evaluations BEGIN
    INSERT INTO stored_changes VALUES (NEW.project, NULL, NULL, 'live', NEW.report);
END;
CREATE TRIGGER evaluations_stored_update AFTER UPDATE OF report ON evaluations BEGIN
    INSERT INTO stored_changes VALUES (NEW.project, 'live', OLD.report, 'live', NEW.report);
END;
CREATE TRIGGER evaluations_stored_delete AFTER DELETE ON evaluations BEGIN
    INSERT INTO stored_changes VALUES (OLD.project, 'live', OLD.report, NULL, NULL);
END;

CREATE TRIGGER evidence_packs_stored_insert AFTER INSERT ON evidence_packs BEGIN
    INSERT INTO stored_changes VALUES (NEW.project, NULL, NULL, 'live', NEW.files);
END;
CREATE TRIGGER evidence_packs_stored_update AFTER UPDATE OF files ON evidence_packs BEGIN
    INSERT INTO stored_changes VALUES (NEW.project, 'live', OLD.files, 'live', NEW.files);
END;
CREATE TRIGGER evidence_packs_stored_delete AFTER DELETE ON evidence_packs BEGIN
    INSERT INTO stored_changes VALUES (OLD.project, 'live', OLD.files, NULL, NULL);
END;

CREATE TRIGGER jobs_stored_insert AFTER INSERT ON jobs BEGIN
    INSERT INTO stored_changes VALUES (NEW.project, NULL, NULL, 'job', NEW.snapshot);
END;
CREATE TRIGGER jobs_stored_update AFTER UPDATE OF snapshot ON jobs BEGIN
    INSERT INTO stored_changes VALUES (NEW.project, 'job', OLD.snapshot, 'job', NEW.snapshot);
END;
CREATE TRIGGER jobs_stored_delete AFTER DELETE ON jobs BEGIN
    INSERT INTO stored_changes VALUES (OLD.project, 'job', OLD.snapshot, NULL, NULL);
END;

-- What is there already.
INSERT INTO stored_changes SELECT project, NULL, NULL, iif(delete_time IS NULL, 'live', 'deleted'), json_array(json(object), json(profile), json(preview)) FROM datasets;
INSERT INTO stored_changes SELECT project, NULL, NULL, 'live', result FROM analyses;
INSERT INTO stored_changes SELECT project, NULL, NULL, iif(delete_time IS NULL, 'live', 'deleted'), snapshot FROM generators;
INSERT INTO stored_changes SELECT project, NULL, NULL, iif(delete_time IS NULL, 'live', 'deleted'), parts FROM synthetic_datasets;
INSERT INTO stored_changes SELECT project, NULL, NULL, 'live', report FROM evaluations;
INSERT INTO stored_changes SELECT project, NULL, NULL, 'live', files FROM evidence_packs;
INSERT INTO stored_changes SELECT project, NULL, NULL, 'job', snapshot FROM jobs;

-- A project's open uploads are found without its others.
CREATE INDEX ix_uploads_project_state ON uploads (project, state);

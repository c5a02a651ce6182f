-- What projects keep is counted where it is written: triggers note every object that a row of theirs refers to, and sum up the sizes, in the transaction
-- that writes the row. So no crash leaves the sum behind, whoever writes, and a quota costs the same to check however many jobs there are.

-- By how many rows an object is referred to: rows that are not deleted, rows that are and can be brought back, and jobs, which have no say in what is deleted.
CREATE TABLE stored_objects (
    project text NOT NULL,
    object_key text NOT NULL,
    size bigint NOT NULL,
    live bigint NOT NULL,
    deleted bigint NOT NULL,
    jobs bigint NOT NULL,
    PRIMARY KEY (project, object_key)
);

-- The sum of their sizes, and of those among them that only deleted rows refer to.
CREATE TABLE project_storage (
    project text NOT NULL PRIMARY KEY,
    stored_bytes bigint NOT NULL,
    deleted_bytes bigint NOT NULL
);

CREATE FUNCTION sum_stored_objects() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $sum$
BEGIN
    UPDATE project_storage SET
        stored_bytes = stored_bytes + coalesce(NEW.size, 0) - coalesce(OLD.size, 0),
        deleted_bytes = deleted_bytes + CASE WHEN NEW.live = 0 AND NEW.deleted > 0 THEN NEW.size ELSE 0 END - CASE WHEN OLD.live = 0 AND OLD.deleted > 0 THEN OLD.size ELSE 0 END
    WHERE project = coalesce(NEW.project, OLD.project);
    RETURN NULL;
END
$sum$;

CREATE TRIGGER stored_objects_insert_delete AFTER INSERT OR DELETE ON stored_objects FOR EACH ROW EXECUTE FUNCTION sum_stored_objects();

CREATE TRIGGER stored_objects_update AFTER UPDATE ON stored_objects FOR EACH ROW
    WHEN ((OLD.live = 0 AND OLD.deleted > 0) <> (NEW.live = 0 AND NEW.deleted > 0)) EXECUTE FUNCTION sum_stored_objects();

-- The objects that a text of JSON names. Found in the text: as JSON, one escaped zero character in somebody's message would fail the whole.
CREATE FUNCTION stored_references(content text) RETURNS TABLE (object_key text, size bigint) LANGUAGE sql IMMUTABLE AS $references$
    SELECT o[1], max(CAST(o[2] AS bigint)) FROM regexp_matches(content, '"key":"(sha256/[0-9a-f/]+)","sha256":"[0-9a-f]*","size":([0-9]+)', 'g') AS o GROUP BY o[1]
$references$;

-- What a row referred to before and what it does now, and as what it counted (live, deleted, job) and counts. Of a project one transaction at a time changes the sum:
-- it holds the sum's row before any other, so that no two wait for each other.
CREATE FUNCTION note_stored(of_project text, old_kind text, old_content text, new_kind text, new_content text) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $note$
DECLARE
    is_same_kind boolean := old_kind IS NOT DISTINCT FROM new_kind;
    old_keys text[] := ARRAY(SELECT r.object_key FROM stored_references(old_content) r ORDER BY 1);
    new_keys text[] := ARRAY(SELECT r.object_key FROM stored_references(new_content) r ORDER BY 1);
BEGIN
    IF is_same_kind AND old_keys = new_keys OR old_keys = '{}' AND new_keys = '{}' THEN
        RETURN;
    END IF;

    PERFORM 1 FROM project_storage s WHERE s.project = of_project FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO project_storage (project, stored_bytes, deleted_bytes) VALUES (of_project, 0, 0) ON CONFLICT (project) DO NOTHING;
        PERFORM 1 FROM project_storage s WHERE s.project = of_project FOR UPDATE;
    END IF;

    INSERT INTO stored_objects AS s (project, object_key, size, live, deleted, jobs)
    SELECT of_project, r.object_key, r.size, CAST(new_kind = 'live' AS integer), CAST(new_kind = 'deleted' AS integer), CAST(new_kind = 'job' AS integer)
    FROM stored_references(new_content) r WHERE NOT (is_same_kind AND r.object_key = ANY (old_keys))
    ON CONFLICT (project, object_key) DO UPDATE SET live = s.live + excluded.live, deleted = s.deleted + excluded.deleted, jobs = s.jobs + excluded.jobs;

    UPDATE stored_objects s SET
        live = s.live - CAST(old_kind = 'live' AS integer), deleted = s.deleted - CAST(old_kind = 'deleted' AS integer), jobs = s.jobs - CAST(old_kind = 'job' AS integer)
    WHERE s.project = of_project AND s.object_key = ANY (old_keys) AND NOT (is_same_kind AND s.object_key = ANY (new_keys));

    DELETE FROM stored_objects s WHERE s.project = of_project AND s.object_key = ANY (old_keys) AND s.live = 0 AND s.deleted = 0 AND s.jobs = 0;
END
$note$;

CREATE FUNCTION note_stored_row() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $row$
DECLARE
    is_deletable boolean := TG_ARGV[0] = 'deletable';
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := to_jsonb(NEW);
BEGIN
    PERFORM note_stored(
        coalesce(new_row ->> 'project', old_row ->> 'project'),
        CASE WHEN old_row IS NULL THEN NULL WHEN NOT is_deletable THEN TG_ARGV[0] WHEN old_row ->> 'delete_time' IS NULL THEN 'live' ELSE 'deleted' END,
        (SELECT string_agg(old_row ->> c, ' ') FROM unnest(TG_ARGV[1:]) AS c),
        CASE WHEN new_row IS NULL THEN NULL WHEN NOT is_deletable THEN TG_ARGV[0] WHEN new_row ->> 'delete_time' IS NULL THEN 'live' ELSE 'deleted' END,
        (SELECT string_agg(new_row ->> c, ' ') FROM unnest(TG_ARGV[1:]) AS c));
    RETURN NULL;
END
$row$;

-- At the end of its transaction, so that nobody waits for the sum's row longer than a commit takes. Scripts to come that write to these tables and then alter them say
-- SET CONSTRAINTS ALL IMMEDIATE in between.
CREATE CONSTRAINT TRIGGER datasets_stored AFTER INSERT OR DELETE OR UPDATE OF object, profile, preview, delete_time ON datasets
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_stored_row('deletable', 'object', 'profile', 'preview');
CREATE CONSTRAINT TRIGGER analyses_stored AFTER INSERT OR DELETE OR UPDATE OF result ON analyses
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_stored_row('live', 'result');
CREATE CONSTRAINT TRIGGER generators_stored AFTER INSERT OR DELETE OR UPDATE OF snapshot, delete_time ON generators
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_stored_row('deletable', 'snapshot');
CREATE CONSTRAINT TRIGGER synthetic_datasets_stored AFTER INSERT OR DELETE OR UPDATE OF parts, delete_time ON synthetic_datasets
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_stored_row('deletable', 'parts');
CREATE CONSTRAINT TRIGGER evaluations_stored AFTER INSERT OR DELETE OR UPDATE OF report ON evaluations
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_stored_row('live', 'report');
CREATE CONSTRAINT TRIGGER evidence_packs_stored AFTER INSERT OR DELETE OR UPDATE OF files ON evidence_packs
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_stored_row('live', 'files');
CREATE CONSTRAINT TRIGGER jobs_stored AFTER INSERT OR DELETE OR UPDATE OF snapshot ON jobs
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_stored_row('job', 'snapshot');

-- What is there already.
SELECT note_stored(project, NULL, NULL, CASE WHEN delete_time IS NULL THEN 'live' ELSE 'deleted' END, concat_ws(' ', object, profile, preview)) FROM datasets;
SELECT note_stored(project, NULL, NULL, 'live', result) FROM analyses;
SELECT note_stored(project, NULL, NULL, CASE WHEN delete_time IS NULL THEN 'live' ELSE 'deleted' END, snapshot) FROM generators;
SELECT note_stored(project, NULL, NULL, CASE WHEN delete_time IS NULL THEN 'live' ELSE 'deleted' END, parts) FROM synthetic_datasets;
SELECT note_stored(project, NULL, NULL, 'live', report) FROM evaluations;
SELECT note_stored(project, NULL, NULL, 'live', files) FROM evidence_packs;
SELECT note_stored(project, NULL, NULL, 'job', snapshot) FROM jobs;

-- A project's open uploads are found without its others.
CREATE INDEX ix_uploads_project_state ON uploads (project, state);

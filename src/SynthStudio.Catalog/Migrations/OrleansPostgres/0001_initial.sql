-- What Orleans' ADO.NET providers ask of a database: they load the texts of OrleansQuery when a silo starts, bind parameters by name
-- and read columns by name. Everything else here is ours. Conditional writes are one statement each, so they happen whole or not at all.

CREATE TABLE OrleansQuery (
    QueryKey text NOT NULL PRIMARY KEY,
    QueryText text NOT NULL
);

-- ---- Grain storage. A write answers the new version, or the caller's own (null for a first write) when its condition failed, which
-- Orleans takes for a conflict. The hashes only make the key selective; the identity is the rest. An absent key extension is kept as ''.

CREATE TABLE grain_states (
    service_id text NOT NULL,
    grain_id_hash integer NOT NULL,
    grain_type_hash integer NOT NULL,
    grain_id_n0 bigint NOT NULL,
    grain_id_n1 bigint NOT NULL,
    grain_id_extension text NOT NULL,
    grain_type text NOT NULL,
    version integer NOT NULL,
    modified_time timestamptz NOT NULL,
    payload bytea,
    UNIQUE (grain_id_hash, grain_type_hash, grain_id_n0, grain_id_n1, grain_id_extension, grain_type, service_id)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('WriteToStorageKey', '
WITH written AS (
    INSERT INTO grain_states AS stored (service_id, grain_id_hash, grain_type_hash, grain_id_n0, grain_id_n1, grain_id_extension, grain_type,
        version, modified_time, payload)
    SELECT @ServiceId, @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, coalesce(CAST(@GrainIdExtensionString AS text), ''''),
        @GrainTypeString, 1, now(), CAST(@PayloadBinary AS bytea)
    WHERE CAST(@GrainStateVersion AS integer) IS NULL OR EXISTS (
        SELECT 1 FROM grain_states
        WHERE grain_id_hash = @GrainIdHash AND grain_type_hash = @GrainTypeHash AND grain_id_n0 = @GrainIdN0 AND grain_id_n1 = @GrainIdN1
            AND grain_id_extension = coalesce(CAST(@GrainIdExtensionString AS text), '''') AND grain_type = @GrainTypeString
            AND service_id = @ServiceId)
    ON CONFLICT (grain_id_hash, grain_type_hash, grain_id_n0, grain_id_n1, grain_id_extension, grain_type, service_id) DO UPDATE
        SET version = stored.version + 1, modified_time = excluded.modified_time, payload = excluded.payload
        WHERE stored.version = CAST(@GrainStateVersion AS integer)
    RETURNING version)
SELECT coalesce((SELECT version FROM written), CAST(@GrainStateVersion AS integer)) AS NewGrainStateVersion;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadFromStorageKey', '
SELECT payload AS PayloadBinary, version AS Version
FROM grain_states
WHERE grain_id_hash = @GrainIdHash AND grain_type_hash = @GrainTypeHash AND grain_id_n0 = @GrainIdN0 AND grain_id_n1 = @GrainIdN1
    AND grain_id_extension = coalesce(CAST(@GrainIdExtensionString AS text), '''') AND grain_type = @GrainTypeString
    AND service_id = @ServiceId;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ClearStorageKey', '
WITH cleared AS (
    UPDATE grain_states SET version = version + 1, modified_time = now(), payload = NULL
    WHERE grain_id_hash = @GrainIdHash AND grain_type_hash = @GrainTypeHash AND grain_id_n0 = @GrainIdN0 AND grain_id_n1 = @GrainIdN1
        AND grain_id_extension = coalesce(CAST(@GrainIdExtensionString AS text), '''') AND grain_type = @GrainTypeString
        AND service_id = @ServiceId AND version = CAST(@GrainStateVersion AS integer)
    RETURNING version)
SELECT coalesce((SELECT version FROM cleared), CAST(@GrainStateVersion AS integer)) AS NewGrainStateVersion;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteStorageKey', '
WITH deleted AS (
    DELETE FROM grain_states
    WHERE grain_id_hash = @GrainIdHash AND grain_type_hash = @GrainTypeHash AND grain_id_n0 = @GrainIdN0 AND grain_id_n1 = @GrainIdN1
        AND grain_id_extension = coalesce(CAST(@GrainIdExtensionString AS text), '''') AND grain_type = @GrainTypeString
        AND service_id = @ServiceId AND version = CAST(@GrainStateVersion AS integer)
    RETURNING version)
SELECT coalesce((SELECT version + 1 FROM deleted), CAST(@GrainStateVersion AS integer)) AS NewGrainStateVersion;
');

-- ---- Reminders.

CREATE TABLE reminders (
    service_id text NOT NULL,
    grain_id text NOT NULL,
    reminder_name text NOT NULL,
    start_time timestamptz NOT NULL,
    period bigint NOT NULL,
    grain_hash integer NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (service_id, grain_id, reminder_name)
);
CREATE INDEX ix_reminders_grain_hash ON reminders (service_id, grain_hash);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('UpsertReminderRowKey', '
INSERT INTO reminders AS stored (service_id, grain_id, reminder_name, start_time, period, grain_hash, version)
VALUES (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash, 0)
ON CONFLICT (service_id, grain_id, reminder_name) DO UPDATE
    SET start_time = excluded.start_time, period = excluded.period, grain_hash = excluded.grain_hash, version = stored.version + 1
RETURNING version AS Version;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadReminderRowKey', '
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM reminders WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadReminderRowsKey', '
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM reminders WHERE service_id = @ServiceId AND grain_id = @GrainId;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadRangeRows1Key', '
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM reminders WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash;
');

-- The range that wraps around the end of the ring.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('ReadRangeRows2Key', '
SELECT grain_id AS GrainId, reminder_name AS ReminderName, start_time AS StartTime, period AS Period, version AS Version
FROM reminders WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash);
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteReminderRowKey', '
WITH removed AS (
    DELETE FROM reminders
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND reminder_name = @ReminderName AND version = @Version
    RETURNING 1)
SELECT CAST(count(*) AS integer) AS Removed FROM removed;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteReminderRowsKey', '
DELETE FROM reminders WHERE service_id = @ServiceId;
');

-- ---- Membership. Every insert or update of a silo also compares and raises its deployment's version, in the same statement: the silo is
-- written only where the version was swapped. The version's row is locked by that, so of two writers the second sees the first.

CREATE TABLE deployments (
    deployment_id text NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    modified_time timestamptz NOT NULL
);

CREATE TABLE silos (
    deployment_id text NOT NULL REFERENCES deployments (deployment_id),
    address text NOT NULL,
    port integer NOT NULL,
    generation integer NOT NULL,
    silo_name text NOT NULL,
    host_name text NOT NULL,
    status integer NOT NULL,
    proxy_port integer,
    suspect_times text,
    start_time timestamptz NOT NULL,
    i_am_alive_time timestamptz NOT NULL,
    PRIMARY KEY (deployment_id, address, port, generation)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('InsertMembershipVersionKey', '
WITH created AS (
    INSERT INTO deployments (deployment_id, version, modified_time) VALUES (@DeploymentId, 0, now())
    ON CONFLICT (deployment_id) DO NOTHING
    RETURNING 1)
SELECT CAST(count(*) AS integer) AS Created FROM created;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('InsertMembershipKey', '
WITH swapped AS (
    UPDATE deployments SET version = version + 1, modified_time = now()
    WHERE deployment_id = @DeploymentId AND version = @Version AND NOT EXISTS (
        SELECT 1 FROM silos WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
    RETURNING 1),
inserted AS (
    INSERT INTO silos (deployment_id, address, port, generation, silo_name, host_name, status, proxy_port, start_time, i_am_alive_time)
    SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM swapped
    RETURNING 1)
SELECT CAST(count(*) AS integer) AS Inserted FROM inserted;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('UpdateMembershipKey', '
WITH swapped AS (
    UPDATE deployments SET version = version + 1, modified_time = now()
    WHERE deployment_id = @DeploymentId AND version = @Version AND EXISTS (
        SELECT 1 FROM silos WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
    RETURNING 1),
updated AS (
    UPDATE silos SET status = @Status, suspect_times = @SuspectTimes, i_am_alive_time = @IAmAliveTime
    WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation AND EXISTS (SELECT 1 FROM swapped)
    RETURNING 1)
SELECT CAST(count(*) AS integer) AS Updated FROM updated;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('UpdateIAmAlivetimeKey', '
UPDATE silos SET i_am_alive_time = @IAmAliveTime
WHERE deployment_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MembershipReadRowKey', '
SELECT d.deployment_id AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
    s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes, s.start_time AS StartTime,
    s.i_am_alive_time AS IAmAliveTime, d.version AS Version
FROM deployments d LEFT JOIN silos s
    ON s.deployment_id = d.deployment_id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
WHERE d.deployment_id = @DeploymentId;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('MembershipReadAllKey', '
SELECT d.deployment_id AS DeploymentId, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
    s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes, s.start_time AS StartTime,
    s.i_am_alive_time AS IAmAliveTime, d.version AS Version
FROM deployments d LEFT JOIN silos s ON s.deployment_id = d.deployment_id
WHERE d.deployment_id = @DeploymentId;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('GatewaysQueryKey', '
SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
FROM silos WHERE deployment_id = @DeploymentId AND status = @Status AND proxy_port > 0;
');

-- 3 is an active silo.
INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('CleanupDefunctSiloEntriesKey', '
DELETE FROM silos WHERE deployment_id = @DeploymentId AND i_am_alive_time < @IAmAliveTime AND status <> 3;
');

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('DeleteMembershipTableEntriesKey', '
DELETE FROM silos WHERE deployment_id = @DeploymentId;
DELETE FROM deployments WHERE deployment_id = @DeploymentId;
');

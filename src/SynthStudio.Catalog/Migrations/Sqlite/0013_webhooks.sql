-- Where events of projects are sent to. Secrets are derived from their salts and the server's key, and stand nowhere.
CREATE TABLE webhooks (
    name TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    display_name TEXT NOT NULL,
    url TEXT NOT NULL,
    event_types TEXT NOT NULL,
    disabled INTEGER NOT NULL,
    salt BLOB NOT NULL,
    old_salt BLOB NULL,
    old_salt_until INTEGER NULL,
    failures INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    creator TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    update_time INTEGER NOT NULL,
    version INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX ix_webhooks_project ON webhooks (project, create_time, name);

-- Events on their way. While one is being sent its due_time is when it is sent again if nothing is heard of it.
CREATE TABLE webhook_deliveries (
    name TEXT NOT NULL PRIMARY KEY,
    webhook TEXT NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    attempts TEXT NOT NULL,
    create_time INTEGER NOT NULL,
    due_time INTEGER NOT NULL,
    give_up_time INTEGER NOT NULL,
    end_time INTEGER NULL
) WITHOUT ROWID;

CREATE INDEX ix_webhook_deliveries_webhook ON webhook_deliveries (webhook, create_time, name);
CREATE INDEX ix_webhook_deliveries_due ON webhook_deliveries (webhook, due_time) WHERE state = 'Pending';
CREATE INDEX ix_webhook_deliveries_end ON webhook_deliveries (end_time) WHERE end_time IS NOT NULL;

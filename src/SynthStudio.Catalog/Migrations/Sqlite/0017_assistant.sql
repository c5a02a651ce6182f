-- Tokens of language models that projects took or set aside, by month: what their quotas are held against.
CREATE TABLE assistant_tokens (
    project TEXT NOT NULL,
    month INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    PRIMARY KEY (project, month)
) WITHOUT ROWID;

-- The same by what they were for, when an answer has come. Outlives the project, as what its jobs took does.
CREATE TABLE assistant_usage (
    project TEXT NOT NULL,
    month INTEGER NOT NULL,
    task TEXT NOT NULL,
    questions INTEGER NOT NULL,
    asked INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    PRIMARY KEY (project, month, task)
) WITHOUT ROWID;

CREATE INDEX ix_assistant_usage_month ON assistant_usage (month);

-- Data sets whose values may be sent to language models: who said so, when, and where to.
CREATE TABLE assistant_consents (
    dataset TEXT NOT NULL PRIMARY KEY,
    project TEXT NOT NULL,
    grantor TEXT NOT NULL,
    recipients TEXT NOT NULL,
    grant_time INTEGER NOT NULL
) WITHOUT ROWID;

CREATE INDEX ix_assistant_consents_project ON assistant_consents (project);

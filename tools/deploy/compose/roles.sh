#!/bin/sh
# The roles beside the schema's owner; what they may do is granted by the migration.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" -v password="$SERVICE_PASSWORD" <<'SQL'
CREATE ROLE service LOGIN PASSWORD :'password';
CREATE ROLE reader NOLOGIN;
SQL

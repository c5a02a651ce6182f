#!/usr/bin/env bash
# Generates TypeScript into ./generated. Usage: generate.sh [folder with google/api/*.proto]
set -euo pipefail
cd "$(dirname "$0")"
google=${1:-$(ls -d "${NUGET_PACKAGES:-$HOME/.nuget/packages}"/google.api.commonprotos/*/content/protos | sort -V | tail -n 1)}
protos=../../../protos
mkdir -p generated
protoc -I "$protos" -I "$google" --es_out=generated --es_opt=target=ts,import_extension=js \
    --plugin=protoc-gen-es=node_modules/.bin/protoc-gen-es \
    "$protos"/synthstudio/v1/*.proto \
    "$google"/google/api/{annotations,http,httpbody,field_behavior,resource}.proto

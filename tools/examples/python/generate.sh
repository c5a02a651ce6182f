#!/usr/bin/env bash
# Generates Python stubs into ./generated. Usage: generate.sh [folder with google/api/*.proto]
set -euo pipefail
cd "$(dirname "$0")"
google=${1:-$(ls -d "${NUGET_PACKAGES:-$HOME/.nuget/packages}"/google.api.commonprotos/*/content/protos | sort -V | tail -n 1)}
protos=../../../protos
mkdir -p generated
# The package `google` is shared with the installed protobuf, so only google/api goes into the folder, as a namespace.
protoc -I "$protos" -I "$google" --python_out=generated --grpc_out=generated \
    --plugin=protoc-gen-grpc="$(command -v grpc_python_plugin)" \
    "$protos"/synthstudio/v1/*.proto \
    "$google"/google/api/{annotations,http,httpbody,field_behavior,resource}.proto

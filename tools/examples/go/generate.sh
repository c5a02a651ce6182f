#!/usr/bin/env bash
# Generates Go code into ./synthstudio. Usage: generate.sh [folder with google/api/*.proto]
set -euo pipefail
cd "$(dirname "$0")"
google=${1:-$(ls -d "${NUGET_PACKAGES:-$HOME/.nuget/packages}"/google.api.commonprotos/*/content/protos | sort -V | tail -n 1)}
protos=../../../protos
package=example.org/synthesize/synthstudio/v1
options=module=example.org/synthesize
for file in "$protos"/synthstudio/v1/*.proto; do options+=",Msynthstudio/v1/$(basename "$file")=$package"; done
protoc -I "$protos" -I "$google" --go_out=. --go_opt="$options" --go-grpc_out=. --go-grpc_opt="$options" "$protos"/synthstudio/v1/*.proto

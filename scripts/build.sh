#!/usr/bin/env bash
# Builds one part when it changed: build.sh cpp PRESET [TARGET...] | desktop | words | node FOLDER
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/common.sh
. scripts/common.sh

case ${1:-} in
  cpp) shift && build_cpp "$@" ;;
  desktop) build_desktop ;;
  words) build_words ;;
  node) install_node_packages "$2" ;;
  *) die "usage: build.sh cpp PRESET [TARGET...] | desktop | words | node FOLDER" ;;
esac

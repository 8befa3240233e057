#!/usr/bin/env bash
# Installs what is missing, builds what changed and runs every test; closes with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")" || exit 1
# shellcheck source=scripts/common.sh
. scripts/common.sh

usage() {
  cat <<'HELP'
Usage: ./test.sh [--only STAGE]... [--fuzz SECONDS] [--preset PRESET]

Installs what is missing, builds, runs every test and closes with a line "N passed, N failed".

  --only STAGE     only this stage; may be given several times. A stage is a room (base, store, kernel …),
                   a black-box test (test_first_steps …), or one of: rooms, blackbox, generated, web, browser,
                   fuzz, package, scripts
  --fuzz SECONDS   how long each fuzz target runs (default: 5)
  --preset PRESET  which build to test: release (default), debug (with the address and undefined behaviour
                   sanitizers) or tsan (thread sanitizer); the last two run the rooms and the black-box tests
  --help           this text
HELP
}

arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --only | --fuzz | --preset)
      [ $# -ge 2 ] || { usage >&2; die "$1 needs a value."; }
      arguments+=("$1" "$2")
      shift 2
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      die "there is no option $1."
      ;;
  esac
done

install_missing packaging/packages.txt packaging/test-packages.txt
exec python3 tests/stages.py "${arguments[@]}"

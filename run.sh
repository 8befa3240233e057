#!/usr/bin/env bash
# Installs what is missing, builds what changed, starts the box and prints its address. Safe to run again.
set -euo pipefail
called_from=$PWD
cd "$(dirname "$0")"
# shellcheck source=scripts/common.sh
. scripts/common.sh

usage() {
  cat <<'HELP'
Usage: ./run.sh [--home DIR] [--http ADDR:PORT] [--https ADDR:PORT]

Installs the Debian packages that are missing, builds Hearth, starts the box and prints its address.
Ctrl-C stops it.

  --home DIR         where the box keeps everything (default: ~/.hearth)
  --http ADDR:PORT   where it listens (default: 127.0.0.1:8080)
  --https ADDR:PORT  where it listens with TLS (default: not at all)
  --help             this text
HELP
}

arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --home=* | --http=* | --https=*)
      set -- "${1%%=*}" "${1#*=}" "${@:2}"
      ;;
    --home | --http | --https)
      if [ $# -lt 2 ] || [ -z "$2" ]; then
        usage >&2
        die "$1 needs a value."
      fi
      if [ "$1" = --home ] && [[ $2 != /* ]]; then
        arguments+=("$1" "$called_from/$2")
      else
        arguments+=("$1" "$2")
      fi
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

install_missing packaging/packages.txt
say "Building what changed"
build_cpp release hearthd hearth hearth-extract || die "the build failed; what it says is above."
build_desktop || die "the desktop could not be built; what it says is above."

exec build/release/bin/hearthd --desktop web/dist "${arguments[@]}"

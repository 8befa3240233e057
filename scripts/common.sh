# What run.sh and test.sh share: installing what is missing, and building what changed. Sourced, never run.
# shellcheck shell=bash

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
started=$(date +%s%N)

say() {
  local now
  now=$(date +%s%N)
  printf '[%6.1f s] %s\n' "$(((now - started) / 100000000))e-1" "$*"
}

die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# One hash of the contents of files and folders, whatever their dates.
fingerprint() {
  (cd "$top" && find "$@" \( -name node_modules -o -name dist -o -name __pycache__ \) -prune -o -type f -print0 2>/dev/null |
    sort -z | xargs -0 -r sha256sum | sha256sum | cut -d' ' -f1)
}

is_current() { # STAMP FINGERPRINT
  [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "installing packages needs root: run this again as root, or install sudo. Missing: ${missing[*]}"
  fi
}

node_is_recent() {
  local version
  version=$(node --version 2>/dev/null) || return 1
  version=${version#v}
  [ "${version%%.*}" -ge 18 ]
}

# Installs the Debian packages that the lists name and that are not installed. Asks dpkg, so it needs no network and
# touches nothing when all is there.
install_missing() { # LIST...
  local installed package
  missing=()
  installed=$(dpkg-query -W -f='${db:Status-Abbrev}${binary:Package}\n' 2>/dev/null | sed -nE 's/^ii ([^:]+).*/\1/p')
  while read -r package; do
    grep -qxF "$package" <<<"$installed" || missing+=("$package")
  done < <(cat "$@" | sort -u)
  if ! node_is_recent; then
    command -v node >/dev/null && die "Node $(node --version) is too old: Hearth needs 18 or newer. Update it, or remove it and Debian's is installed."
    missing+=(nodejs npm)
  elif ! command -v npm >/dev/null; then
    die "Node is here but npm is not: install the npm that belongs to your Node."
  fi
  [ ${#missing[@]} = 0 ] && return 0
  say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
  as_root apt-get update -q </dev/null || say "The package lists could not be refreshed; trying with those that are here."
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" </dev/null ||
    die "apt-get could not install the packages above."
}

# Builds the C++ side; ninja knows what changed. PRESET is one of CMakePresets.json; without targets, everything.
build_cpp() { # PRESET [TARGET...]
  local preset=$1
  shift
  if [ ! -f "$top/build/$preset/build.ninja" ]; then
    say "Configuring ($preset)"
    (cd "$top" && cmake --preset "$preset" >"$(log_of "cmake-$preset")" 2>&1) || {
      cat "$(log_of "cmake-$preset")" >&2
      return 1
    }
  fi
  NINJA_STATUS='  [%f/%t, %e s] ' ninja -C "$top/build/$preset" "$@"
}

log_of() { # NAME
  mkdir -p "$top/build/logs"
  printf '%s/build/logs/%s.log' "$top" "$1"
}

# What npm's lock file asks for, only when it changed. Not `npm ci`: it insists on entries for every platform, and fails
# where a registry has a platform's optional package late or not at all.
install_node_packages() { # FOLDER
  local stamp=$top/$1/node_modules/.installed now
  now=$(fingerprint "$1/package-lock.json")
  is_current "$stamp" "$now" && return 0
  say "Installing the Node packages of $1"
  (cd "$top/$1" && npm install --no-save --no-audit --no-fund --loglevel=error </dev/null) || return 1
  printf '%s' "$now" >"$stamp"
}

build_desktop() {
  local stamp=$top/web/dist/.built now
  [ -f "$top/web/package.json" ] || return 0
  now=$(fingerprint web)
  is_current "$stamp" "$now" && return 0
  install_node_packages web || return 1
  say "Building the desktop"
  (cd "$top/web" && npm run --silent build </dev/null >"$(log_of desktop)" 2>&1) || {
    cat "$(log_of desktop)" >&2
    return 1
  }
  printf '%s' "$now" >"$stamp"
}

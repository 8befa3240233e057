#!/usr/bin/env bash
# Follows the README on a Debian 12 that has nothing on it yet: a clean clone, ./run.sh twice, then ./test.sh.
#
#   sudo scripts/fresh-debian.sh [--as root] [--only STAGE]... [--no-tests] [--again]
#
# The Debian is a folder (build/fresh-debian/) made by debootstrap from the mirror that this machine's apt uses. It has the
# packages that Debian itself calls essential, sudo, and a person "ann" who may use it; --as root takes root instead.
# --only is passed to ./test.sh; --again goes on in the Debian of the last time, with its packages and its build. What is committed is what is tried: the clone is of HEAD. Needs root and debootstrap.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/common.sh
. scripts/common.sh

person=ann tests=yes again=no stages=()
while [ $# -gt 0 ]; do
  case $1 in
    --as) person=$2 && shift 2 ;;
    --only) stages+=(--only "$2") && shift 2 ;;
    --no-tests) tests=no && shift ;;
    --again) again=yes && shift ;;
    *) die "usage: scripts/fresh-debian.sh [--as root|ann] [--only STAGE]... [--no-tests] [--again]" ;;
  esac
done
[ "$(id -u)" = 0 ] || die "making a Debian in a folder needs root: sudo scripts/fresh-debian.sh"
command -v debootstrap >/dev/null || die "debootstrap is missing: apt-get install debootstrap"

folder=$top/build/fresh-debian
base=$folder/base root=$folder/root
logs=$top/build/logs
mkdir -p "$folder" "$logs"

# "URI SUITE COMPONENT" of every Debian 12 archive that apt uses here.
archives() {
  # shellcheck disable=SC2016 # apt expands these
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    grep -E ' bookworm(-updates|-security)? main$' | sort -u
}

make_base() {
  local mirror
  mirror=$(archives | awk '$2 == "bookworm" { print $1; exit }')
  say "Making a Debian 12 in build/fresh-debian/base"
  rm -rf "$base.new"
  debootstrap --variant=minbase --include=sudo bookworm "$base.new" ${mirror:+"$mirror"} \
    >"$logs/debootstrap.log" 2>&1 || { tail -20 "$logs/debootstrap.log"; die "debootstrap failed."; }
  chroot "$base.new" useradd --create-home --shell /bin/bash ann
  echo 'ann ALL=(ALL) NOPASSWD: ALL' >"$base.new/etc/sudoers.d/ann"
  mv "$base.new" "$base"
}

# What this machine needs to reach a mirror and a registry: its archives, apt's and npm's settings, names, authorities.
lend_the_network() {
  archives | sed 's/^/deb /' >"$root/etc/apt/sources.list"
  apt-config dump Acquire | grep -E '^Acquire::(http|https|Check)' >"$root/etc/apt/apt.conf.d/90host" || true
  cp /etc/resolv.conf /etc/hosts "$root/etc/"
  mkdir -p "$root/usr/local/share/ca-certificates"
  find /usr/local/share/ca-certificates -name '*.crt' -exec cp -t "$root/usr/local/share/ca-certificates" {} +
}

# Runs a command line as the person, in the clone, with processes, devices and mounts of its own.
inside() {
  # shellcheck disable=SC2016 # expanded inside
  local command=(unshare --mount --pid --fork --kill-child bash -c '
    mount -t proc proc "$1/proc" && mount -t sysfs sys "$1/sys" && mount --rbind /dev "$1/dev" &&
      mount -t tmpfs tmp "$1/tmp" && mount -t tmpfs run "$1/run" &&
      { [ ! -d "$4" ] || { mkdir -p "$1/srv/shared" && mount --bind -o ro "$4" "$1/srv/shared"; }; } &&
      exec chroot "$1" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
        setpriv --reuid "$2" --regid "$2" --init-groups bash -c "export HOME=\$(getent passwd $2 | cut -d: -f6); cd /srv/hearth && $3"
  ' inside "$root" "$person" "$1" "$top/../shared")
  [ "$BASHPID" = $$ ] || exec "${command[@]}"  # in the background: one process to end
  "${command[@]}"
}

# Starts the box, waits for its address, asks for the desktop, and stops it. Prints how long it took.
run_once() { # LOG SECONDS
  local begin pid address
  : >"$1"
  begin=$(date +%s%N)
  inside './run.sh --http 127.0.0.1:0' >"$1" 2>&1 </dev/null &
  pid=$!
  for ((i = 0; i < $2 * 5; i++)); do
    address=$(sed -n 's|^Hearth is at \(http://[^ ]*\).*|\1|p' "$1")
    [ -z "$address" ] || break
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  if [ -z "$address" ]; then
    kill -9 "$pid" 2>/dev/null || true
    tail -40 "$1"
    die "./run.sh did not print an address; all it said is in $1."
  fi
  say "$(printf '  %s after %.1f s' "$address" "$((($(date +%s%N) - begin) / 100000000))e-1")"
  curl -fsS --noproxy '*' --resolve "hearth.localhost:${address##*:}:127.0.0.1" "$address/" | grep -q '<title>' ||
    die "the desktop is not at $address."
  local init
  init=$(pgrep -P "$pid")  # the first of its processes, with which all others end
  kill -9 "$init"
  wait "$pid" 2>/dev/null || true
}

if [ "$again" = yes ] && [ -d "$root/srv/hearth" ]; then
  clone=(git -c safe.directory='*' -C "$root/srv/hearth")
  "${clone[@]}" fetch -q "$top" HEAD
  "${clone[@]}" update-index -q --refresh || true  # else what only changed its owner is written anew, and built anew
  "${clone[@]}" reset -q --hard FETCH_HEAD
else
  [ -d "$base" ] || make_base
  rm -rf "$root"
  cp -a "$base" "$root"
  git clone -q --no-hardlinks "$top" "$root/srv/hearth"
fi
lend_the_network
chroot "$root" chown -R "$person:$person" /srv/hearth

say "./run.sh, for the first time"
run_once "$logs/fresh-run.log" 3600
say "./run.sh, with nothing changed"
run_once "$logs/fresh-run-again.log" 30
if [ "$tests" = yes ]; then
  say "./test.sh ${stages[*]}"
  inside "./test.sh ${stages[*]}" </dev/null 2>&1 | tee "$logs/fresh-test.log"
fi

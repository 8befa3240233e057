#!/usr/bin/env bash
# Installs what is missing, builds what changed, starts the box and prints its address. Safe to run again.
set -euo pipefail
called_from=$PWD
cd "$(dirname "$0")"
# shellcheck source=scripts/common.sh
. scripts/common.sh

usage() {
  either "$(english)" "$(chinese)"
  echo
}

english() {
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

chinese() {
  cat <<'HELP'
用法：./run.sh [--home 目录] [--http 地址:端口] [--https 地址:端口]

安装缺少的 Debian 软件包，构建 Hearth，启动盒子并显示网址。按 Ctrl-C 停止。

  --home 目录        盒子的一切都保存在这里（默认：~/.hearth）
  --http 地址:端口   监听地址（默认：127.0.0.1:8080）
  --https 地址:端口  用 TLS 监听的地址（默认：不监听）
  --help             显示此说明
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
        die "$1 $(either "needs a value." "需要一个值。")"
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
      die "$(either "there is no option" "没有选项") $1"
      ;;
  esac
done

install_missing packaging/packages.txt
say "$(either "Building what changed" 正在构建有改动的部分)"
build_cpp release hearthd hearth hearth-extract hearth-extract-pages || die "$(either "the build failed; what it says is above." "构建失败；原因见上文。")"
build_words
build_desktop || die "$(either "the desktop could not be built; what it says is above." "无法构建桌面；原因见上文。")"

exec build/release/bin/hearthd --desktop web/dist "${arguments[@]}"

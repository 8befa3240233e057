#!/usr/bin/env bash
# Installs what is missing, builds what changed and runs every test; closes with "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")" || exit 1
# shellcheck source=scripts/common.sh
. scripts/common.sh

usage() {
  either "$(english)" "$(chinese)"
  echo
}

english() {
  cat <<'HELP'
Usage: ./test.sh [--only STAGE]... [--fuzz SECONDS] [--preset PRESET]

Installs what is missing, builds, runs every test and closes with a line "N passed, N failed".

  --only STAGE     only this stage; may be given several times. A stage is a room (base, store, kernel …),
                   a black-box test (test_first_steps …), or one of: rooms, blackbox, generated, web, browser,
                   fuzz, scripts
  --fuzz SECONDS   how long each fuzz target runs (default: 5)
  --preset PRESET  which build to test: release (default), debug (with the address and undefined behaviour
                   sanitizers) or tsan (thread sanitizer); the last two run the rooms and the black-box tests
  --help           this text
HELP
}

chinese() {
  cat <<'HELP'
用法：./test.sh [--only 阶段]... [--fuzz 秒数] [--preset 预设]

安装缺少的软件包，构建，运行全部测试，最后一行是“N passed, N failed”（通过数与失败数）。

  --only 阶段    只运行此阶段；可多次给出。阶段可以是房间（base、store、kernel……）、黑盒测试（test_first_steps……），
                 或 rooms、blackbox、generated、web、browser、fuzz、scripts 之一
  --fuzz 秒数    每个模糊测试目标运行多久（默认：5）
  --preset 预设  测试哪种构建：release（默认）、debug（检查地址和未定义行为）或 tsan（检查线程）；
                 后两种运行各房间的测试和黑盒测试
  --help         此说明
HELP
}

arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --only | --fuzz | --preset)
      [ $# -ge 2 ] || { usage >&2; die "$1 $(either "needs a value." "需要一个值。")"; }
      arguments+=("$1" "$2")
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

install_missing packaging/packages.txt packaging/test-packages.txt
exec python3 tests/stages.py "${arguments[@]}"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the bundle with Verilator into build/verilator and runs the benches: image by image with the modules' vectors, frames that overlap, each directed network.
# With arguments, one run with them: +images=N, +frames, +corner=N, +stalls=SEED, +other_network, +trace.
# BUS=axi takes accelerator_axi and its bench, one run: also +program_memory, +bus_error=1|2|3|4|5.
# TRACE=1 compiles with waveforms. Exit code 0: PASS; 1: FAIL; 2: it does not compile; 3: Verilator, make or g++ is not installed.
set -eu
cd "$(dirname "$0")"
case "${BUS:-plain}" in
  plain) folder=build/verilator list=filelist.f benches='-f tb/filelist.f' ;;
  axi) folder=build/verilator-axi list=filelist_axi.f benches='tb/axi/axi_memory.sv tb/axi/axi_monitor.sv tb/axi/bench.sv' ;;
  *) echo "BUS: unknown, found '$BUS', allowed plain, axi" >&2; exit 2 ;;
esac
for tool in verilator make g++; do
  command -v "$tool" > /dev/null || { echo "$tool is not installed; get it with: apt-get install -y --no-install-recommends $tool" >&2; exit 3; }
done
mkdir -p "$folder"
# GNU make refuses folders with spaces in their names.
case "$PWD" in
  *[[:space:]]*) objects=$(mktemp -d); trap 'rm -rf "$objects"' EXIT ;;
  *) objects=$folder ;;
esac
cp tb/bench_main.cpp "$objects/"
# shellcheck disable=SC2086
verilator --cc --exe --build -j 2 -O3 --x-assign fast --noassert -Wno-lint -Wno-style ${TRACE:+--trace} -MAKEFLAGS OPT_FAST=-O1 \
  --prefix Vbench --top-module bench --Mdir "$objects" -f "$list" $benches bench_main.cpp \
  > "$folder/build.log" 2>&1 || { cat "$folder/build.log"; exit 2; }
[ "$objects" = "$folder" ] || cp "$objects/Vbench" "$folder/"
bench() { "$folder/Vbench" "$@"; }
if [ $# -gt 0 ] || [ "${BUS:-plain}" = axi ]; then
  bench "$@"
  exit
fi
bench
bench +frames
for vectors in vectors/corner_*_bench.memh; do
  [ -e "$vectors" ] || continue
  number=${vectors#vectors/corner_}
  bench "+corner=${number%%_*}"
done

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the bundle with Icarus Verilog into build/icarus and runs the benches: image by image with the modules' vectors, frames that overlap, each directed network.
# With arguments, one run with them: +images=N, +frames, +corner=N, +stalls=SEED, +other_network, +trace.
# BUS=axi takes accelerator_axi and its bench, one run: also +program_memory, +bus_error=1|2|3|4|5.
# Exit code 0: PASS; 1: FAIL; 2: it does not compile; 3: Icarus Verilog is not installed.
set -eu
cd "$(dirname "$0")"
case "${BUS:-plain}" in
  plain) folder=build/icarus list=filelist.f benches='-f tb/filelist.f' ;;
  axi) folder=build/icarus-axi list=filelist_axi.f benches='tb/axi/axi_memory.sv tb/axi/axi_monitor.sv tb/axi/bench.sv' ;;
  *) echo "BUS: unknown, found '$BUS', allowed plain, axi" >&2; exit 2 ;;
esac
for tool in iverilog vvp; do
  command -v "$tool" > /dev/null || { echo "$tool is not installed; get it with: apt-get install -y --no-install-recommends iverilog" >&2; exit 3; }
done
mkdir -p "$folder"
# shellcheck disable=SC2086
iverilog -g2012 -s bench_tb -o "$folder/bench.vvp" -f "$list" $benches tb/bench_tb.sv || exit 2
bench() { vvp -n "$folder/bench.vvp" "$@"; }
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

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the bundle with Verilator into build/verilator and runs the benches; arguments: +images=N, +frames, +stalls=SEED, +other_network, +trace.
# TRACE=1 compiles with waveforms. Exit code 0: PASS; 1: FAIL; 2: it does not compile.
set -eu
cd "$(dirname "$0")"
mkdir -p build/verilator
# GNU make refuses folders with spaces in their names.
case "$PWD" in
  *[[:space:]]*) objects=$(mktemp -d); trap 'rm -rf "$objects"' EXIT ;;
  *) objects=build/verilator ;;
esac
cp tb/bench_main.cpp "$objects/"
verilator --cc --exe --build -j 2 -O3 --x-assign fast --noassert -Wno-lint -Wno-style ${TRACE:+--trace} -MAKEFLAGS OPT_FAST=-O1 \
  --prefix Vbench --top-module bench --Mdir "$objects" -f filelist.f tb/accelerator_bench.sv tb/requantizer_bench.sv tb/bench.sv bench_main.cpp \
  > build/verilator/build.log 2>&1 || { cat build/verilator/build.log; exit 2; }
[ "$objects" = build/verilator ] || cp "$objects/Vbench" build/verilator/
build/verilator/Vbench "$@"

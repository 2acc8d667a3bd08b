#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles the bundle with Icarus Verilog into build/icarus and runs the benches; arguments: +images=N, +frames, +stalls=SEED, +other_network, +trace.
# Exit code 0: PASS; 1: FAIL; 2: it does not compile.
set -eu
cd "$(dirname "$0")"
mkdir -p build/icarus
iverilog -g2012 -s bench_tb -o build/icarus/bench.vvp -f filelist.f tb/accelerator_bench.sv tb/requantizer_bench.sv tb/bench.sv tb/bench_tb.sv || exit 2
exec vvp -n build/icarus/bench.vvp "$@"

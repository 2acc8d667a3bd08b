// SPDX-License-Identifier: Apache-2.0
// Clock, reset and exit code of a bench in Verilator. The bench is compiled with --prefix Vbench; it ends when done_o is set.
// With --trace in the build, +trace writes a waveform: +trace_file=F (trace.vcd), of the clocks +trace_from=N to +trace_to=N (all), counted by rising edges.
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "Vbench.h"
#include "verilated.h"
#if VM_TRACE
#include "verilated_vcd_c.h"
#endif

namespace {

// The text after the first "+name" of the command line, or `otherwise`.
[[maybe_unused]] std::string plus_argument(VerilatedContext& context, const char* name, const char* otherwise) {
  const char* found = context.commandArgsPlusMatch(name);
  return *found ? found + 1 + std::strlen(name) : otherwise;
}

}  // namespace

int main(int argc, char** argv) {
  VerilatedContext context;
  context.commandArgs(argc, argv);
#if VM_TRACE
  context.traceEverOn(true);
#endif
  Vbench bench{&context};
  unsigned long long edges = 0;

#if VM_TRACE
  std::unique_ptr<VerilatedVcdC> trace;
  unsigned long long first = 0, last = ~0ULL;
  if (*context.commandArgsPlusMatch("trace")) {
    trace = std::make_unique<VerilatedVcdC>();
    bench.trace(trace.get(), 99);
    trace->open(plus_argument(context, "trace_file=", "trace.vcd").c_str());
    first = std::strtoull(plus_argument(context, "trace_from=", "0").c_str(), nullptr, 10);
    last  = std::strtoull(plus_argument(context, "trace_to=", "18446744073709551615").c_str(), nullptr, 10);
  }
#endif

  auto step = [&](bool clock) {
    bench.clk_i = clock;
    bench.eval();
    edges += clock;
#if VM_TRACE
    if (trace && edges >= first && edges <= last) trace->dump(context.time());
#endif
    context.timeInc(5);
  };

  bench.rst_ni = 0;
  for (int cycle = 0; cycle < 4; cycle++) {
    step(false);
    step(true);
  }
  bench.rst_ni = 1;
  while (!bench.done_o && !context.gotFinish()) {
    step(false);
    step(true);
  }
  bench.final();
  return bench.failed_o || !bench.done_o ? 1 : 0;
}

// SPDX-License-Identifier: Apache-2.0
// Clock, reset and exit code of a bench in Verilator. The bench is compiled with --prefix Vbench; it ends when done_o is set.
// With --trace in the build, +trace writes trace.vcd.
#include <cstring>
#include <memory>

#include "Vbench.h"
#include "verilated.h"
#if VM_TRACE
#include "verilated_vcd_c.h"
#endif

int main(int argc, char** argv) {
  VerilatedContext context;
  context.commandArgs(argc, argv);
#if VM_TRACE
  context.traceEverOn(true);
#endif
  Vbench bench{&context};

#if VM_TRACE
  std::unique_ptr<VerilatedVcdC> trace;
  if (std::strlen(context.commandArgsPlusMatch("trace")) > 0) {
    trace = std::make_unique<VerilatedVcdC>();
    bench.trace(trace.get(), 99);
    trace->open("trace.vcd");
  }
#endif

  auto step = [&](bool clock) {
    bench.clk_i = clock;
    bench.eval();
#if VM_TRACE
    if (trace) trace->dump(context.time());
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

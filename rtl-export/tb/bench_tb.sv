// SPDX-License-Identifier: Apache-2.0
// Clock, reset and exit code of the benches in an event-driven simulator.
// +trace writes a waveform: +trace_file=F (trace.vcd), of the clocks +trace_from=N to +trace_to=N (all), counted by rising edges.
`timescale 1ns/1ps

module bench_tb;

  logic clk  = 1'b0;
  logic rst_n = 1'b0;
  logic done, failed;

  bench u_bench (
    .clk_i   (clk),
    .rst_ni  (rst_n),
    .done_o  (done),
    .failed_o(failed)
  );

  always #5 clk = ~clk;

  reg [8*1024-1:0] trace_file;
  integer          trace_from, trace_to;

  initial begin
    if ($test$plusargs("trace")) begin
      if (!$value$plusargs("trace_file=%s", trace_file)) trace_file = "trace.vcd";
      if (!$value$plusargs("trace_from=%d", trace_from)) trace_from = 0;
      $dumpfile(trace_file);
      repeat (trace_from) @(posedge clk);
      $dumpvars(0, bench_tb);
      if ($value$plusargs("trace_to=%d", trace_to)) begin
        repeat (trace_to - trace_from) @(posedge clk);
        $dumpoff;
      end
    end
  end

  initial begin
    repeat (4) @(posedge clk);
    #1 rst_n = 1'b1;
    wait (done === 1'b1);
    if (failed !== 1'b0) $fatal(1, "the bench failed");
    $finish;
  end

endmodule

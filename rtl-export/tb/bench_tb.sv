// SPDX-License-Identifier: Apache-2.0
// Clock, reset and exit code of the benches in an event-driven simulator. +trace writes trace.vcd.
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

  initial begin
    if ($test$plusargs("trace")) begin
      $dumpfile("trace.vcd");
      $dumpvars(0, bench_tb);
    end
    repeat (4) @(posedge clk);
    #1 rst_n = 1'b1;
    wait (done === 1'b1);
    if (failed !== 1'b0) $fatal(1, "the bench failed");
    $finish;
  end

endmodule

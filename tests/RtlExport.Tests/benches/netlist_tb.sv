// SPDX-License-Identifier: Apache-2.0
// One of a bundle's benches of single modules, MODULE_BENCH, on what a synthesiser made of the module.
module netlist_tb;

  // The cells are in a global reset for the first 100 ns.
  localparam int ResetEdges = 20;

  logic        clk = 1'b0, rst_n = 1'b0, done, failed;
  logic [31:0] vectors;
  always #5 clk = ~clk;

  `MODULE_BENCH u_bench (
    .clk_i    (clk),
    .rst_ni   (rst_n),
    .enable_i (1'b1),
    .done_o   (done),
    .failed_o (failed),
    .vectors_o(vectors)
  );

  initial begin
    repeat (ResetEdges) @(posedge clk);
    #1 rst_n = 1'b1;
    wait (done === 1'b1);
    if (failed !== 1'b0) $fatal(1, "the bench failed");
    $display("PASS %0d", vectors);
    $finish;
  end

endmodule

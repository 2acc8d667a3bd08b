// SPDX-License-Identifier: Apache-2.0
// The bench of the accelerator and those of single modules side by side, and the verdict: `PASS n` with the number of words compared, or `FAIL`.
module bench (
  input  logic clk_i,
  input  logic rst_ni,
  output logic done_o,
  output logic failed_o
);

  logic        accelerator_done, accelerator_failed, modules_done, modules_failed;
  logic [31:0] accelerator_vectors, module_vectors;

  accelerator_bench u_accelerator_bench (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .done_o   (accelerator_done),
    .failed_o (accelerator_failed),
    .vectors_o(accelerator_vectors)
  );

  module_bench u_module_bench (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .done_o   (modules_done),
    .failed_o (modules_failed),
    .vectors_o(module_vectors)
  );

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      done_o   <= 1'b0;
      failed_o <= 1'b0;
    end else if (accelerator_done && modules_done && !done_o) begin
      done_o   <= 1'b1;
      failed_o <= accelerator_failed || modules_failed;
      if (accelerator_failed || modules_failed) $display("FAIL");
      else $display("PASS %0d", accelerator_vectors + module_vectors);
    end
  end

endmodule

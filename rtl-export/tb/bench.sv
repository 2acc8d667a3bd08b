// SPDX-License-Identifier: Apache-2.0
// Both benches side by side, and the verdict: `PASS n` with the number of words compared, or `FAIL`.
module bench (
  input  logic clk_i,
  input  logic rst_ni,
  output logic done_o,
  output logic failed_o
);

  logic        accelerator_done, accelerator_failed, requantizer_done, requantizer_failed;
  logic [31:0] accelerator_vectors, requantizer_vectors;

  accelerator_bench u_accelerator_bench (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .done_o   (accelerator_done),
    .failed_o (accelerator_failed),
    .vectors_o(accelerator_vectors)
  );

  requantizer_bench u_requantizer_bench (
    .clk_i    (clk_i),
    .rst_ni   (rst_ni),
    .done_o   (requantizer_done),
    .failed_o (requantizer_failed),
    .vectors_o(requantizer_vectors)
  );

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      done_o   <= 1'b0;
      failed_o <= 1'b0;
    end else if (accelerator_done && requantizer_done && !done_o) begin
      done_o   <= 1'b1;
      failed_o <= accelerator_failed || requantizer_failed;
      if (accelerator_failed || requantizer_failed) $display("FAIL");
      else $display("PASS %0d", accelerator_vectors + requantizer_vectors);
    end
  end

endmodule

// SPDX-License-Identifier: Apache-2.0
// The benches of single modules side by side; none of them runs with +frames or +corner, whose vectors are those of whole networks.
module module_bench (
  input  logic clk_i,
  input  logic rst_ni,
  output logic        done_o,
  output logic        failed_o,
  output logic [31:0] vectors_o
);

  localparam int Benches = 6;

  logic enable;
  initial enable = $test$plusargs("frames") == 0 && $test$plusargs("corner") == 0;

  logic [Benches-1:0]    done, failed;
  logic [32*Benches-1:0] vectors;

  requantizer_bench u_requantizer (
    .clk_i(clk_i), .rst_ni(rst_ni), .enable_i(enable), .done_o(done[0]), .failed_o(failed[0]), .vectors_o(vectors[31:0])
  );

  rounding_bench u_rounding (
    .clk_i(clk_i), .rst_ni(rst_ni), .enable_i(enable), .done_o(done[1]), .failed_o(failed[1]), .vectors_o(vectors[63:32])
  );

  adder_bench #(.Width(accel_pkg::ArrayPartialSumWidth), .Name("vectors/partial_sum_adder.memh"), .Title("partial_sum_adder")) u_partial_sum_adder (
    .clk_i(clk_i), .rst_ni(rst_ni), .enable_i(enable), .done_o(done[2]), .failed_o(failed[2]), .vectors_o(vectors[95:64])
  );

  adder_bench #(.Width(accel_pkg::AccumulatorWidth), .Name("vectors/accumulator_adder.memh"), .Title("accumulator_adder")) u_accumulator_adder (
    .clk_i(clk_i), .rst_ni(rst_ni), .enable_i(enable), .done_o(done[3]), .failed_o(failed[3]), .vectors_o(vectors[127:96])
  );

  product_bench u_product (
    .clk_i(clk_i), .rst_ni(rst_ni), .enable_i(enable), .done_o(done[4]), .failed_o(failed[4]), .vectors_o(vectors[159:128])
  );

  generate
    if (accel_pkg::VectorElementwise) begin : g_post
      post_requantizer_bench u_post (
        .clk_i(clk_i), .rst_ni(rst_ni), .enable_i(enable), .done_o(done[5]), .failed_o(failed[5]), .vectors_o(vectors[191:160])
      );
    end else begin : g_no_post
      assign done[5]          = 1'b1;
      assign failed[5]        = 1'b0;
      assign vectors[191:160] = 32'd0;
    end
  endgenerate

  assign done_o    = &done;
  assign failed_o  = |failed;
  assign vectors_o = vectors[31:0] + vectors[63:32] + vectors[95:64] + vectors[127:96] + vectors[159:128] + vectors[191:160];

endmodule

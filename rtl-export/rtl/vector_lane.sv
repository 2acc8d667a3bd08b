// SPDX-License-Identifier: Apache-2.0
// One lane of the vector unit: requantise each word, combine the words of a window, requantise once more.
//
//   u      = requantize(source_i, record_i)                            see requantizer.sv; three cycles
//   z      = u of the first word of a window, then combine_i(z, u)     maximum; with Elementwise also sum and product, CombinedWidth bits, exact
//   code_o = post(z)                                                   see post_requantizer.sv; without Elementwise z itself
//
// code_o(t + 3), with Elementwise code_o(t + 5), belongs to the window whose last word is source_i(t). first_i, combine_i, post_i and record_i belong to source_i.
// Without Elementwise record_i must hold until the cycle before code_o.
module vector_lane #(
  parameter bit          Elementwise   = accel_pkg::VectorElementwise,
  parameter int          SourceWidth   = accel_pkg::SourceWidth,
  parameter int          TermWidth     = accel_pkg::TermWidth,
  parameter int          CombinedWidth = accel_pkg::CombinedWidth,
  parameter int          CodeWidth     = accel_pkg::RequantizerElementWidth + 1,
  parameter int          RecordWidth   = accel_pkg::ParameterRecordWidth,
  parameter int          PostWidth     = accel_pkg::PostRecordWidth,
  parameter int          PostLsb       = accel_pkg::PostRecordLsb,
  parameter logic [31:0] Seed          = 32'h1234_5678
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,
  input  logic                          seed_i,
  input  logic                          valid_i,
  input  logic                          first_i,
  input  logic [1:0]                    combine_i,
  input  logic                          post_i,
  input  logic        [RecordWidth-1:0] record_i,
  input  logic signed [SourceWidth-1:0] source_i,
  output logic signed [CodeWidth-1:0]   code_o
);

  logic                        term_valid, first;
  logic signed [TermWidth-1:0] term;

  requantizer #(.Seed(Seed)) u_requantizer (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .seed_i  (seed_i),
    .record_i(record_i),
    .valid_i (valid_i),
    .source_i(source_i),
    .valid_o (term_valid),
    .term_o  (term)
  );

  delay_line #(.Width(1), .Stages(3)) u_first (.clk_i(clk_i), .data_i(first_i), .data_o(first));

  logic signed [CombinedWidth-1:0] combined, combined_q;
  always_ff @(posedge clk_i) begin
    if (term_valid) combined_q <= combined;
  end

  generate
    if (Elementwise) begin : g_elementwise
      logic [1:0]                      combine;
      logic                            post, post_q;
      logic [PostWidth-1:0]            post_record;
      logic signed [CombinedWidth-1:0] value;
      delay_line #(.Width(2), .Stages(3)) u_combine (.clk_i(clk_i), .data_i(combine_i), .data_o(combine));
      delay_line #(.Width(1), .Stages(3)) u_post (.clk_i(clk_i), .data_i(post_i), .data_o(post));
      delay_line #(.Width(PostWidth), .Stages(4)) u_post_record (.clk_i(clk_i), .data_i(record_i[PostLsb +: PostWidth]), .data_o(post_record));
      assign value = CombinedWidth'(term);
      always_comb begin
        if (first)                                                 combined = value;
        else if (32'(combine) == accel_pkg::VectorCombineSum)      combined = combined_q + value;
        else if (32'(combine) == accel_pkg::VectorCombineProduct)  combined = combined_q * value;
        else                                                       combined = (value > combined_q) ? value : combined_q;
      end
      always_ff @(posedge clk_i) post_q <= post;
      post_requantizer u_post_requantizer (
        .clk_i   (clk_i),
        .post_i  (post_q),
        .record_i(post_record),
        .value_i (combined_q),
        .code_o  (code_o)
      );
    end else begin : g_maximum
      assign combined = (first || term > combined_q) ? term : combined_q;
      assign code_o   = combined;
      logic unused_operation;
      assign unused_operation = &{1'b0, combine_i, post_i};
    end
  endgenerate

endmodule

// SPDX-License-Identifier: Apache-2.0
// data_o(t) = data_i(t - Stages); Stages = 0 is a wire. Data is not reset.
module delay_line #(
  parameter int Width  = 8,
  parameter int Stages = 1
) (
  input  logic             clk_i,
  input  logic [Width-1:0] data_i,
  output logic [Width-1:0] data_o
);

  generate
    if (Stages == 0) begin : g_wire
      assign data_o = data_i;
      logic unused_clk;
      assign unused_clk = clk_i;
    end else if (Stages == 1) begin : g_register
      logic [Width-1:0] stage_q;
      always_ff @(posedge clk_i) stage_q <= data_i;
      assign data_o = stage_q;
    end else begin : g_chain
      logic [Stages*Width-1:0] stages_q;
      always_ff @(posedge clk_i) stages_q <= {stages_q[(Stages-1)*Width-1:0], data_i};
      assign data_o = stages_q[(Stages-1)*Width +: Width];
    end
  endgenerate

endmodule

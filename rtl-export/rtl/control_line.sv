// SPDX-License-Identifier: Apache-2.0
// data_o(t) = data_i(t - Stages) for control bits: all stages are zero after reset. Stages is at least 1.
module control_line #(
  parameter int Width  = 1,
  parameter int Stages = 1
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic [Width-1:0] data_i,
  output logic [Width-1:0] data_o
);

  generate
    if (Stages == 1) begin : g_register
      logic [Width-1:0] stage_q;
      always_ff @(posedge clk_i) begin
        if (!rst_ni) stage_q <= {Width{1'b0}};
        else         stage_q <= data_i;
      end
      assign data_o = stage_q;
    end else begin : g_chain
      logic [Stages*Width-1:0] stages_q;
      always_ff @(posedge clk_i) begin
        if (!rst_ni) stages_q <= {(Stages*Width){1'b0}};
        else         stages_q <= {stages_q[(Stages-1)*Width-1:0], data_i};
      end
      assign data_o = stages_q[(Stages-1)*Width +: Width];
    end
  endgenerate

endmodule

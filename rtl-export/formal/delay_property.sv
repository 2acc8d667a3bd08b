// SPDX-License-Identifier: Apache-2.0
// delay_line and control_line: what goes in comes out Stages cycles later, in order and once; control is zero for as long after reset.
module delay_property #(
  parameter int Width  = 3,
  parameter int Stages = 4
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic [Width-1:0] data_i
);

  logic [Width-1:0] delayed, controlled;
  delay_line #(.Width(Width), .Stages(Stages)) u_delay (.clk_i(clk_i), .data_i(data_i), .data_o(delayed));
  control_line #(.Width(Width), .Stages(Stages)) u_control (.clk_i(clk_i), .rst_ni(rst_ni), .data_i(data_i), .data_o(controlled));

  // One word that goes in at any time, and its age since.
  (* anyconst *) logic [Width-1:0] watched;
  logic       inside_q = 1'b0, since_reset_q = 1'b0;
  logic [4:0] age_q = 5'd0, after_reset_q = 5'd0;
  logic       enters;
  (* anyseq *) logic pick;
  assign enters = pick && !inside_q && data_i == watched;

  always @(posedge clk_i) begin
    inside_q      <= enters || (inside_q && age_q != 5'(Stages));
    age_q         <= enters ? 5'd1 : age_q + 5'd1;
    since_reset_q <= enters ? rst_ni : since_reset_q && rst_ni;
    after_reset_q <= !rst_ni ? 5'd0 : (after_reset_q == 5'd31) ? after_reset_q : after_reset_q + 5'd1;
    if (inside_q && age_q == 5'(Stages)) begin
      assert (delayed == watched);
      if (since_reset_q) assert (controlled == watched);
    end
  end

  // What was reset comes out as zero until the first word after it arrives.
  logic was_reset_q = 1'b0;
  always @(posedge clk_i) begin
    if (!rst_ni) was_reset_q <= 1'b1;
    if (was_reset_q && after_reset_q < 5'(Stages)) assert (controlled == {Width{1'b0}});
  end

endmodule

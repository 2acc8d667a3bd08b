// SPDX-License-Identifier: Apache-2.0
// Holds one vector of Groups groups and passes them on one after the other, group 0 (the lowest bits) first.
//
//   load_i:     group_o = group 0 of vector_i, in this very cycle
//   advance_i:  the next cycle's group_o is the following group
//
// Without either, group_o stays. A load while a vector is not used up drops its rest. No reset: what is passed before the first load means nothing.
module row_serializer #(
  parameter int Groups     = 4,
  parameter int GroupWidth = 8
) (
  input  logic                         clk_i,
  input  logic                         load_i,
  input  logic                         advance_i,
  input  logic [Groups*GroupWidth-1:0] vector_i,
  output logic [GroupWidth-1:0]        group_o
);

  logic [Groups*GroupWidth-1:0] held_q, current;
  assign current = load_i ? vector_i : held_q;
  assign group_o = current[GroupWidth-1:0];

  always_ff @(posedge clk_i) held_q <= advance_i ? current >> GroupWidth : current;

endmodule

// SPDX-License-Identifier: Apache-2.0
// The table of a codebook, and the values of the weights of a line, combinational:
//
//   values_o[e] = entry[indices_i[e]]     index e at bit e * IndexWidth, value e at bit e * ValueWidth
//
// write_i takes line_i as the next of Lines lines, the first of them with the lowest bits of the table: entry i is at bit i * ValueWidth of all lines together.
// It stands at the edge of the array, so that elements hold values: the table changes while the array still works on the instruction before.
module codebook_table #(
  parameter int Elements   = 4,
  parameter int IndexWidth = 2,
  parameter int ValueWidth = 4,
  parameter int Lines      = 2,
  parameter int LineWidth  = 8
) (
  input  logic                           clk_i,
  input  logic                           write_i,
  input  logic [LineWidth-1:0]           line_i,
  input  logic [Elements*IndexWidth-1:0] indices_i,
  output logic [Elements*ValueWidth-1:0] values_o
);

  localparam int Entries = 1 << IndexWidth;

  logic [Lines*LineWidth-1:0]    lines_q;
  logic [Entries*ValueWidth-1:0] entries;
  assign entries = lines_q[Entries*ValueWidth-1:0];

  generate
    if (Lines == 1) begin : g_one_line
      always_ff @(posedge clk_i) begin
        if (write_i) lines_q <= line_i;
      end
    end else begin : g_lines
      always_ff @(posedge clk_i) begin
        if (write_i) lines_q <= {line_i, lines_q[Lines*LineWidth-1:LineWidth]};
      end
    end
  endgenerate

  genvar e;
  generate
    for (e = 0; e < Elements; e = e + 1) begin : g_element
      logic [IndexWidth-1:0] index;
      assign index = indices_i[e*IndexWidth +: IndexWidth];
      assign values_o[e*ValueWidth +: ValueWidth] = entries[32'(index)*ValueWidth +: ValueWidth];
    end
  endgenerate

  logic unused_padding;
  assign unused_padding = &{1'b0, lines_q};

endmodule

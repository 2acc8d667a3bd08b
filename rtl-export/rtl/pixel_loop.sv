// SPDX-License-Identifier: Apache-2.0
// The pixels of a matmul, row by row. The state is that of one pixel; step_i moves on at the end of the cycle.
//
//   offset_o  y * row_stride_i + x * column_stride_i of the pixel
//   valid_o   it exists: after the last pixel come pixels that do not
//   last_o    it is the last one
//   more_o    the pixel of the next cycle exists, as far as step_i says
//
// return_i goes back to the mark, which is pixel 0 after start_i; with mark_i (Marks) the mark moves to the pixel that step_i leads to instead, and the loop stays there.
// Counts are at least 1; the inputs do not change between start_i and the last step.
module pixel_loop #(
  parameter bit Marks        = 1'b0,
  parameter int CountWidth   = accel_pkg::LoopWidth,
  parameter int AddressWidth = accel_pkg::ActivationAddressWidth
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    start_i,
  input  logic                    step_i,
  input  logic                    return_i,
  input  logic                    mark_i,
  input  logic [CountWidth-1:0]   rows_i,
  input  logic [CountWidth-1:0]   columns_i,
  input  logic [AddressWidth-1:0] row_stride_i,
  input  logic [AddressWidth-1:0] column_stride_i,
  output logic [AddressWidth-1:0] offset_o,
  output logic                    valid_o,
  output logic                    last_o,
  output logic                    more_o
);

  localparam int StateWidth = 1 + 2 * CountWidth + 2 * AddressWidth;

  // What is left, this pixel included, and the offsets of the row and of the pixel.
  logic                    valid_q, valid_d;
  logic [CountWidth-1:0]   rows_q, rows_d, columns_q, columns_d;
  logic [AddressWidth-1:0] row_q, row_d, offset_q, offset_d;
  logic                    last_column;
  assign last_column = columns_q == CountWidth'(1);
  assign last_o      = valid_q && last_column && rows_q == CountWidth'(1);
  assign offset_o    = offset_q;
  assign valid_o     = valid_q;
  assign more_o      = valid_d;

  always_comb begin
    valid_d   = valid_q;
    rows_d    = rows_q;
    columns_d = columns_q;
    row_d     = row_q;
    offset_d  = offset_q;
    if (step_i && last_column) begin
      valid_d   = valid_q && rows_q != CountWidth'(1);
      rows_d    = rows_q - CountWidth'(1);
      columns_d = columns_i;
      row_d     = row_q + row_stride_i;
      offset_d  = row_q + row_stride_i;
    end else if (step_i) begin
      columns_d = columns_q - CountWidth'(1);
      offset_d  = offset_q + column_stride_i;
    end
  end

  logic [StateWidth-1:0] first, next, mark;
  assign first = {1'b1, rows_i, columns_i, {(2*AddressWidth){1'b0}}};
  assign next  = {valid_d, rows_d, columns_d, row_d, offset_d};

  generate
    if (Marks) begin : g_mark
      logic [StateWidth-1:0] mark_q;
      always_ff @(posedge clk_i) begin
        if (!rst_ni)                 mark_q <= {StateWidth{1'b0}};
        else if (start_i)            mark_q <= first;
        else if (return_i && mark_i) mark_q <= next;
      end
      assign mark = mark_i ? next : mark_q;
    end else begin : g_no_mark
      assign mark = first;
      logic unused_mark;
      assign unused_mark = mark_i;
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    if (!rst_ni)       {valid_q, rows_q, columns_q, row_q, offset_q} <= {StateWidth{1'b0}};
    else if (start_i)  {valid_q, rows_q, columns_q, row_q, offset_q} <= first;
    else if (return_i) {valid_q, rows_q, columns_q, row_q, offset_q} <= mark;
    else               {valid_q, rows_q, columns_q, row_q, offset_q} <= next;
  end

endmodule

// SPDX-License-Identifier: Apache-2.0
// Rows x Columns processing elements with the skew at their edges; whole vectors go in and whole vectors come out.
//
//   partial_sums_o[c](t + Rows + Columns - 1) = sum over rows r, lanes l of activations_i[r*Lanes + l](t) * weight[r][c][l]
//
// each addition down the column at PartialSumWidth bits. Weights enter while shift_i is set, the line of row Rows-1 first, Rows lines.
// swap_i in cycle t makes the lines that were shifted in before t the weights of the vectors of cycle t + 1 and later.
// Row r works r cycles after row 0, column c works c cycles after column 0. No reset, no back-pressure.
//
// Nets between elements are local to each generate block: with one flat vector an event-driven simulator evaluates every reader again for each slice.
module systolic_array #(
  parameter int Rows                  = accel_pkg::ArrayRows,
  parameter int Columns               = accel_pkg::ArrayColumns,
  parameter int Lanes                 = accel_pkg::ArrayLanes,
  parameter int ActivationWidth       = accel_pkg::ArrayActivationWidth,
  parameter bit ActivationSigned      = accel_pkg::ArrayActivationSigned,
  parameter int WeightWidth           = accel_pkg::ArrayWeightWidth,
  parameter int PartialSumWidth       = accel_pkg::ArrayPartialSumWidth,
  parameter bit Saturate              = accel_pkg::ArrayOverflow == accel_pkg::OverflowSaturate,
  parameter bit WeightDoubleBuffering = accel_pkg::ArrayWeightDoubleBuffering
) (
  input  logic                                  clk_i,
  input  logic                                  shift_i,
  input  logic [Columns*Lanes*WeightWidth-1:0]  weights_i,
  input  logic                                  swap_i,
  input  logic [Rows*Lanes*ActivationWidth-1:0] activations_i,
  output logic [Columns*PartialSumWidth-1:0]    partial_sums_o
);

  localparam int OperandWidth = Lanes * ActivationWidth;
  localparam int LineWidth    = Lanes * WeightWidth;

  genvar r, c;

  // West edge: row r is r cycles late.
  generate
    for (r = 0; r < Rows; r = r + 1) begin : g_west
      logic                    swap;
      logic [OperandWidth-1:0] activation;
      delay_line #(.Width(OperandWidth + 1), .Stages(r)) u_skew (
        .clk_i (clk_i),
        .data_i({swap_i, activations_i[r*OperandWidth +: OperandWidth]}),
        .data_o({swap, activation})
      );
    end
  endgenerate

  // North edge: column c is c cycles late; South edge: columns are brought back together.
  generate
    for (c = 0; c < Columns; c = c + 1) begin : g_north
      logic                 shift;
      logic [LineWidth-1:0] weight;
      delay_line #(.Width(LineWidth + 1), .Stages(c)) u_skew (
        .clk_i (clk_i),
        .data_i({shift_i, weights_i[c*LineWidth +: LineWidth]}),
        .data_o({shift, weight})
      );
      delay_line #(.Width(PartialSumWidth), .Stages(Columns - 1 - c)) u_deskew (
        .clk_i (clk_i),
        .data_i(g_row[Rows-1].g_column[c].partial_sum_south),
        .data_o(partial_sums_o[c*PartialSumWidth +: PartialSumWidth])
      );
    end
  endgenerate

  generate
    for (r = 0; r < Rows; r = r + 1) begin : g_row
      for (c = 0; c < Columns; c = c + 1) begin : g_column
        logic                       swap_west, swap_east;
        logic [OperandWidth-1:0]    activation_west, activation_east;
        logic [LineWidth-1:0]       weight_north, weight_south;
        logic [PartialSumWidth-1:0] partial_sum_north, partial_sum_south;
        if (c == 0) begin : g_edge_west
          assign swap_west       = g_west[r].swap;
          assign activation_west = g_west[r].activation;
        end else begin : g_inner_west
          assign swap_west       = g_row[r].g_column[c-1].swap_east;
          assign activation_west = g_row[r].g_column[c-1].activation_east;
        end
        if (r == 0) begin : g_edge_north
          assign weight_north      = g_north[c].weight;
          assign partial_sum_north = {PartialSumWidth{1'b0}};
        end else begin : g_inner_north
          assign weight_north      = g_row[r-1].g_column[c].weight_south;
          assign partial_sum_north = g_row[r-1].g_column[c].partial_sum_south;
        end
        if (c == Columns - 1) begin : g_edge_east
          logic unused_east;
          assign unused_east = &{1'b0, swap_east, activation_east};
        end
        if (r == Rows - 1) begin : g_edge_south
          logic unused_south;
          assign unused_south = &{1'b0, weight_south};
        end
        processing_element #(
          .Lanes(Lanes), .ActivationWidth(ActivationWidth), .ActivationSigned(ActivationSigned), .WeightWidth(WeightWidth),
          .PartialSumWidth(PartialSumWidth), .Saturate(Saturate), .WeightDoubleBuffering(WeightDoubleBuffering)
        ) u_element (
          .clk_i        (clk_i),
          .shift_i      (g_north[c].shift),
          .swap_i       (swap_west),
          .activation_i (activation_west),
          .weight_i     (weight_north),
          .partial_sum_i(partial_sum_north),
          .swap_o       (swap_east),
          .activation_o (activation_east),
          .weight_o     (weight_south),
          .partial_sum_o(partial_sum_south)
        );
      end
    end
  endgenerate

endmodule

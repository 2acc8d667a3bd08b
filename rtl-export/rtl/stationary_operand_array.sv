// SPDX-License-Identifier: Apache-2.0
// Rows x Columns processing elements with a stationary operand, and the skew at their edges; whole vectors go in and whole vectors come out.
//
//   partial_sums_o[c](t + Rows + Columns - 1) = sum over rows r, lanes l of activation[r][c][l] * weight[r][c][l]
//
// each addition down the column at PartialSumWidth bits, in the cycle of a bit-serial product's last bit.
//
// Weight stationary: streamed_i(t) is an activation vector, row r the operands r * Lanes .. of it. stationary_i is a line of weights, column c those of c * Lanes ..;
// lines enter from the north while shift_i is set, that of row Rows - 1 first.
// Input stationary: streamed_i(t) is a weight vector. stationary_i is an activation vector; vectors enter from the west while shift_i is set, that of column
// Columns - 1 first.
//
// swap_i in cycle t makes what was shifted in before t the stationary operand of the vectors of cycle t + 1 and later (DoubleBuffering).
// Row r works r cycles after row 0, column c works c cycles after column 0. No reset, no back-pressure.
//
// With ColumnFilter (weight stationary), filter_i(t) with streamed_valid_i and streamed_first_i (the first vector of a segment) makes column c a filter over the
// stream of filter_operands_i[c]: the operand goes to lane 0 of the first `taps_i` rows (0: all) in the same cycle, except that a row r does not take the
// first r operands of a segment: they belong to sums of the segment before.
//
// Nets between elements are local to each generate block: with one flat vector an event-driven simulator evaluates every reader again for each slice.
module stationary_operand_array #(
  parameter int Rows             = accel_pkg::ArrayRows,
  parameter int Columns          = accel_pkg::ArrayColumns,
  parameter int Lanes            = accel_pkg::ArrayLanes,
  parameter int Kind             = accel_pkg::ArrayProcessingElement,
  parameter int ActivationWidth  = accel_pkg::ArrayActivationWidth,
  parameter bit ActivationSigned = accel_pkg::ArrayActivationSigned,
  parameter int OperandWidth     = accel_pkg::OperandWidth,
  parameter int WeightWidth      = accel_pkg::WeightValueWidth,
  parameter int WeightTerms      = accel_pkg::ArrayWeightTerms,
  parameter int PlaceWidth       = accel_pkg::PlaceWidth,
  parameter int PartialSumWidth  = accel_pkg::ArrayPartialSumWidth,
  parameter bit Saturate         = accel_pkg::ArrayOverflow == accel_pkg::OverflowSaturate,
  parameter bit DoubleBuffering  = accel_pkg::ArrayWeightDoubleBuffering,
  parameter bit InputStationary  = accel_pkg::ArrayDataflow == accel_pkg::DataflowInputStationary,
  parameter bit ColumnFilter     = accel_pkg::ArrayColumnFilter,
  parameter int LimitWidth       = accel_pkg::MatmulLastTileElementsWidth,

  // Follow from the above.
  parameter int StationaryWidth  = Lanes * (InputStationary ? OperandWidth : WeightWidth),
  parameter int StreamedWidth    = Lanes * (InputStationary ? WeightWidth : OperandWidth),
  parameter int StationaryParts  = InputStationary ? Rows : Columns
) (
  input  logic                                       clk_i,
  input  logic                                       shift_i,
  input  logic [StationaryParts*StationaryWidth-1:0] stationary_i,
  input  logic                                       swap_i,
  input  logic [Rows*StreamedWidth-1:0]              streamed_i,
  input  logic [PlaceWidth+1:0]                      serial_i,
  input  logic                                       filter_i,
  input  logic                                       streamed_valid_i,
  input  logic                                       streamed_first_i,
  input  logic [LimitWidth-1:0]                      taps_i,
  input  logic [Columns*OperandWidth-1:0]            filter_operands_i,
  output logic [Columns*PartialSumWidth-1:0]         partial_sums_o
);

  localparam int SerialWidth = PlaceWidth + 2;

  genvar r, c;

  // West edge: row r is r cycles late.
  generate
    for (r = 0; r < Rows; r = r + 1) begin : g_west
      logic                       swap, filter;
      logic [SerialWidth-1:0]     serial;
      logic [StreamedWidth-1:0]   streamed;
      delay_line #(.Width(SerialWidth + 2 + StreamedWidth), .Stages(r)) u_skew (
        .clk_i (clk_i),
        .data_i({serial_i, filter_i, swap_i, streamed_i[r*StreamedWidth +: StreamedWidth]}),
        .data_o({serial, filter, swap, streamed})
      );
    end
  endgenerate

  // The stationary operand enters from the north, column c c cycles late, or from the west, row r r cycles late.
  genvar p;
  generate
    for (p = 0; p < StationaryParts; p = p + 1) begin : g_entry
      logic                       shift;
      logic [StationaryWidth-1:0] stationary;
      delay_line #(.Width(StationaryWidth + 1), .Stages(p)) u_skew (
        .clk_i (clk_i),
        .data_i({shift_i, stationary_i[p*StationaryWidth +: StationaryWidth]}),
        .data_o({shift, stationary})
      );
    end
  endgenerate

  // Filter: which rows take the operand of this cycle, and the operand of each column. Not skewed over the rows, c cycles late in column c.
  generate
    if (ColumnFilter) begin : g_filter
      for (r = 0; r < Rows; r = r + 1) begin : g_takes
        logic takes;
        if (r == 0) begin : g_first
          assign takes = streamed_valid_i;
          logic unused_first;
          assign unused_first = streamed_first_i;
        end else begin : g_next
          logic above_q;
          always_ff @(posedge clk_i) above_q <= g_filter.g_takes[r-1].takes;
          assign takes = streamed_valid_i && !streamed_first_i && above_q;
        end
        for (c = 0; c < Columns; c = c + 1) begin : g_place
          logic taken;
          if (c == 0) begin : g_west
            assign taken = takes && (taps_i == {LimitWidth{1'b0}} || 32'(r) < 32'(taps_i));
          end else begin : g_inner
            logic taken_q;
            always_ff @(posedge clk_i) taken_q <= g_filter.g_takes[r].g_place[c-1].taken;
            assign taken = taken_q;
          end
        end
      end
      for (c = 0; c < Columns; c = c + 1) begin : g_operand
        logic [OperandWidth-1:0] operand;
        delay_line #(.Width(OperandWidth), .Stages(c)) u_skew (
          .clk_i (clk_i),
          .data_i(filter_operands_i[c*OperandWidth +: OperandWidth]),
          .data_o(operand)
        );
      end
    end else begin : g_no_filter
      logic unused_filter;
      assign unused_filter = &{1'b0, streamed_valid_i, streamed_first_i, taps_i, filter_operands_i};
    end
  endgenerate

  // South edge: columns are brought back together.
  generate
    for (c = 0; c < Columns; c = c + 1) begin : g_south
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
        logic                       shift, swap_west, swap_east, filter_west, filter_east;
        logic [SerialWidth-1:0]     serial_west, serial_east;
        logic [StreamedWidth-1:0]   streamed_west, streamed_east;
        logic [StationaryWidth-1:0] chain_in, chain_out;
        logic [PartialSumWidth-1:0] partial_sum_north, partial_sum_south;
        logic [OperandWidth-1:0]    filter_operand;
        if (c == 0) begin : g_edge_west
          assign swap_west     = g_west[r].swap;
          assign filter_west   = g_west[r].filter;
          assign serial_west   = g_west[r].serial;
          assign streamed_west = g_west[r].streamed;
        end else begin : g_inner_west
          assign swap_west     = g_row[r].g_column[c-1].swap_east;
          assign filter_west   = g_row[r].g_column[c-1].filter_east;
          assign serial_west   = g_row[r].g_column[c-1].serial_east;
          assign streamed_west = g_row[r].g_column[c-1].streamed_east;
        end
        if (r == 0) begin : g_edge_north
          assign partial_sum_north = {PartialSumWidth{1'b0}};
        end else begin : g_inner_north
          assign partial_sum_north = g_row[r-1].g_column[c].partial_sum_south;
        end
        if (InputStationary) begin : g_chain_east
          assign shift = g_entry[r].shift;
          if (c == 0) begin : g_edge
            assign chain_in = g_entry[r].stationary;
          end else begin : g_inner
            assign chain_in = g_row[r].g_column[c-1].chain_out;
          end
        end else begin : g_chain_south
          assign shift = g_entry[c].shift;
          if (r == 0) begin : g_edge
            assign chain_in = g_entry[c].stationary;
          end else begin : g_inner
            assign chain_in = g_row[r-1].g_column[c].chain_out;
          end
        end
        if (ColumnFilter) begin : g_operand
          assign filter_operand = g_filter.g_takes[r].g_place[c].taken ? g_filter.g_operand[c].operand : {OperandWidth{1'b0}};
        end else begin : g_no_operand
          assign filter_operand = {OperandWidth{1'b0}};
        end
        if (c == Columns - 1) begin : g_edge_east
          logic unused_east;
          assign unused_east = &{1'b0, swap_east, filter_east, serial_east, streamed_east};
        end
        if ((InputStationary && c == Columns - 1) || (!InputStationary && r == Rows - 1)) begin : g_chain_end
          logic unused_chain;
          assign unused_chain = &{1'b0, chain_out};
        end
        processing_element #(
          .Kind(Kind), .Lanes(Lanes), .ActivationWidth(ActivationWidth), .ActivationSigned(ActivationSigned), .OperandWidth(OperandWidth),
          .WeightWidth(WeightWidth), .WeightTerms(WeightTerms), .PlaceWidth(PlaceWidth), .PartialSumWidth(PartialSumWidth), .Saturate(Saturate),
          .DoubleBuffering(DoubleBuffering), .InputStationary(InputStationary), .ColumnFilter(ColumnFilter),
          .StationaryWidth(StationaryWidth), .StreamedWidth(StreamedWidth)
        ) u_element (
          .clk_i           (clk_i),
          .shift_i         (shift),
          .swap_i          (swap_west),
          .serial_i        (serial_west),
          .filter_i        (filter_west),
          .filter_operand_i(filter_operand),
          .chain_i         (chain_in),
          .streamed_i      (streamed_west),
          .partial_sum_i   (partial_sum_north),
          .swap_o          (swap_east),
          .serial_o        (serial_east),
          .filter_o        (filter_east),
          .chain_o         (chain_out),
          .streamed_o      (streamed_east),
          .partial_sum_o   (partial_sum_south)
        );
      end
    end
  endgenerate

endmodule

// SPDX-License-Identifier: Apache-2.0
// Rows x Columns processing elements whose sums stay in place. Row r belongs to a vector of its own, column c to a channel.
//
// Timing, with I cycles a step and c0 the cycle of load_i, which begins a segment of Rows steps:
//   c0 + r               vector_i is the vector of row r (Rows vectors in consecutive cycles)
//   c0 + s*I .. + I - 1  line_i is the line of step s; serial_i = {place, negative, first} of a bit-serial product's bits; step_i in the last of these cycles,
//                        with first_i at the first step of a pass (one or more segments), last_i at the last step
//   element (r, c) adds lanes s * Lanes .. of row r's vector times those c * Lanes .. of line s, r + c cycles later
//
// sums_o of a pass whose last step is in cycle e: all columns of row Rows - 1 - k in cycle e + Rows + Columns - 1 + k, k = 0 .. Rows - 1. The next last_i is Rows cycles
// later at the earliest. Rows is at least 2. Control is reset, data is not; no back-pressure.
module stationary_output_array #(
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
  parameter bit Saturate         = accel_pkg::ArrayOverflow == accel_pkg::OverflowSaturate
) (
  input  logic                                 clk_i,
  input  logic                                 rst_ni,
  input  logic                                 load_i,
  input  logic [Rows*Lanes*OperandWidth-1:0]   vector_i,
  input  logic [Columns*Lanes*WeightWidth-1:0] line_i,
  input  logic [PlaceWidth+1:0]                serial_i,
  input  logic                                 step_i,
  input  logic                                 first_i,
  input  logic                                 last_i,
  output logic [Columns*PartialSumWidth-1:0]   sums_o
);

  localparam bit BitSerial   = Kind == accel_pkg::ProcessingElementBitSerial;
  localparam int GroupWidth  = Lanes * OperandWidth;
  localparam int ElementBits = BitSerial ? 1 : OperandWidth;
  localparam int EastWidth   = Lanes * ElementBits;
  localparam int LineWidth   = Lanes * WeightWidth;

  genvar r, c, l;

  // West edge: control of row r is r cycles late, and its serialiser takes the vector that is there then. The drain of a pass begins Rows cycles after its last step in row 0,
  // in all rows at once, and ends in row r after r cycles: then the sum of row 0 has passed it.
  generate
    for (r = 0; r < Rows; r = r + 1) begin : g_west
      logic                  load, step, first, last, begins, drain;
      logic [PlaceWidth+1:0] serial;
      logic [GroupWidth-1:0] group;
      logic [EastWidth-1:0]  activation;
      if (r == 0) begin : g_now
        logic [Rows-1:0] after_q;
        always_ff @(posedge clk_i) begin
          if (!rst_ni) after_q <= {Rows{1'b0}};
          else         after_q <= (after_q << 1) | Rows'(last_i);
        end
        assign {load, step, first, last, serial} = {load_i, step_i, first_i, last_i, serial_i};
        assign begins = after_q[Rows-1];
        assign drain  = 1'b0;
      end else begin : g_later
        logic                  begins_q, load_q, step_q, first_q, last_q;
        logic [PlaceWidth+1:0] serial_q;
        always_ff @(posedge clk_i) begin
          if (!rst_ni) begin
            load_q   <= 1'b0;
            step_q   <= 1'b0;
            last_q   <= 1'b0;
            begins_q <= 1'b0;
          end else begin
            load_q   <= g_west[r-1].load;
            step_q   <= g_west[r-1].step;
            last_q   <= g_west[r-1].last;
            begins_q <= g_west[r-1].begins;
          end
          first_q  <= g_west[r-1].first;
          serial_q <= g_west[r-1].serial;
        end
        assign {load, step, first, last, serial} = {load_q, step_q, first_q, last_q, serial_q};
        assign begins = begins_q;
        assign drain  = g_west[r-1].drain || g_west[r-1].begins;
      end
      row_serializer #(.Groups(Rows), .GroupWidth(GroupWidth)) u_serializer (
        .clk_i    (clk_i),
        .load_i   (load),
        .advance_i(step),
        .vector_i (vector_i),
        .group_o  (group)
      );
      if (BitSerial) begin : g_place
        for (l = 0; l < Lanes; l = l + 1) begin : g_lane
          logic [OperandWidth-1:0] placed;
          assign placed        = group[l*OperandWidth +: OperandWidth] >> serial[PlaceWidth+1:2];
          assign activation[l] = placed[0];
          logic unused_places;
          assign unused_places = &{1'b0, placed};
        end
      end else begin : g_whole
        assign activation = group;
        logic unused_place;
        assign unused_place = &{1'b0, serial[PlaceWidth+1:2]};
      end
      if (r == Rows - 1) begin : g_end
        logic unused_begins;
        assign unused_begins = begins;
      end
    end
  endgenerate

  // North edge: column c is c cycles late; South edge: columns are brought back together.
  generate
    for (c = 0; c < Columns; c = c + 1) begin : g_north
      logic [LineWidth-1:0] weight;
      delay_line #(.Width(LineWidth), .Stages(c)) u_skew (
        .clk_i (clk_i),
        .data_i(line_i[c*LineWidth +: LineWidth]),
        .data_o(weight)
      );
      delay_line #(.Width(PartialSumWidth), .Stages(Columns - 1 - c)) u_deskew (
        .clk_i (clk_i),
        .data_i(g_row[Rows-1].g_column[c].drain_south),
        .data_o(sums_o[c*PartialSumWidth +: PartialSumWidth])
      );
    end
  endgenerate

  generate
    for (r = 0; r < Rows; r = r + 1) begin : g_row
      for (c = 0; c < Columns; c = c + 1) begin : g_column
        logic                       step_west, first_west, last_west, drain_west, step_east, first_east, last_east, drain_east;
        logic [1:0]                 serial_west, serial_east;
        logic [EastWidth-1:0]       activation_west, activation_east;
        logic [LineWidth-1:0]       weight_north, weight_south;
        logic [PartialSumWidth-1:0] drain_north, drain_south;
        if (c == 0) begin : g_edge_west
          assign step_west       = g_west[r].step;
          assign first_west      = g_west[r].first;
          assign last_west       = g_west[r].last;
          assign drain_west      = g_west[r].drain;
          assign serial_west     = g_west[r].serial[1:0];
          assign activation_west = g_west[r].activation;
        end else begin : g_inner_west
          assign step_west       = g_row[r].g_column[c-1].step_east;
          assign first_west      = g_row[r].g_column[c-1].first_east;
          assign last_west       = g_row[r].g_column[c-1].last_east;
          assign drain_west      = g_row[r].g_column[c-1].drain_east;
          assign serial_west     = g_row[r].g_column[c-1].serial_east;
          assign activation_west = g_row[r].g_column[c-1].activation_east;
        end
        if (r == 0) begin : g_edge_north
          assign weight_north = g_north[c].weight;
          assign drain_north  = {PartialSumWidth{1'b0}};
        end else begin : g_inner_north
          assign weight_north = g_row[r-1].g_column[c].weight_south;
          assign drain_north  = g_row[r-1].g_column[c].drain_south;
        end
        if (c == Columns - 1) begin : g_edge_east
          logic unused_east;
          assign unused_east = &{1'b0, step_east, first_east, last_east, drain_east, serial_east, activation_east};
        end
        if (r == Rows - 1) begin : g_edge_south
          logic unused_south;
          assign unused_south = &{1'b0, weight_south};
        end
        accumulating_element #(
          .Kind(Kind), .Lanes(Lanes), .ActivationWidth(ActivationWidth), .ActivationSigned(ActivationSigned), .OperandWidth(ElementBits),
          .WeightWidth(WeightWidth), .WeightTerms(WeightTerms), .PartialSumWidth(PartialSumWidth), .Saturate(Saturate)
        ) u_element (
          .clk_i        (clk_i),
          .step_i       (step_west),
          .first_i      (first_west),
          .last_i       (last_west),
          .drain_i      (drain_west),
          .serial_i     (serial_west),
          .activation_i (activation_west),
          .weight_i     (weight_north),
          .drain_north_i(drain_north),
          .step_o       (step_east),
          .first_o      (first_east),
          .last_o       (last_east),
          .drain_o      (drain_east),
          .serial_o     (serial_east),
          .activation_o (activation_east),
          .weight_o     (weight_south),
          .drain_south_o(drain_south)
        );
      end
    end
  endgenerate

endmodule

// SPDX-License-Identifier: Apache-2.0
// The shell of a processing element whose weight or activation stays in place: operand registers, forwarding, one addition down the column.
//
//   partial_sum_o(t + 1) = narrow(partial_sum_i(t) + product(streamed_i(t), stationary(t)))     pe_datapath.sv
//   streamed_o, swap_o, serial_o   one cycle after their inputs (to the east)
//   chain_o                        the operand that shift_i moves on (to the south, or to the east where activations are stationary)
//
// With DoubleBuffering shift_i fills a shadow register and swap_i makes its content the stationary operand of the next cycle; without it shift_i fills the
// operand itself and swap_i is not used. No reset, no back-pressure: every cycle computes. A sum is meant in the cycle of the last bit of a bit-serial product.
//
// Stationary are weights, and activations stream; with InputStationary it is the other way round. serial_i = {place, negative, first} of a bit-serial product: the
// streamed activation is that bit already; a stationary one is a whole number, of which `place` says the bit.
// With ColumnFilter, filter_i makes filter_operand_i the activation of lane 0 in place of the streamed one; the other lanes have the product 0.
module processing_element #(
  parameter int Kind             = accel_pkg::ProcessingElementMultiply,
  parameter int Lanes            = 1,
  parameter int ActivationWidth  = 8,
  parameter bit ActivationSigned = 1'b1,
  parameter int OperandWidth     = 8,
  parameter int WeightWidth      = 8,
  parameter int WeightTerms      = 1,
  parameter int PlaceWidth       = 3,
  parameter int PartialSumWidth  = 24,
  parameter bit Saturate         = 1'b1,
  parameter bit DoubleBuffering  = 1'b1,
  parameter bit InputStationary  = 1'b0,
  parameter bit ColumnFilter     = 1'b0,
  parameter int StationaryWidth  = 8,
  parameter int StreamedWidth    = 8
) (
  input  logic                              clk_i,
  input  logic                              shift_i,
  input  logic                              swap_i,
  input  logic [PlaceWidth+1:0]             serial_i,
  input  logic                              filter_i,
  input  logic [OperandWidth-1:0]           filter_operand_i,
  input  logic [StationaryWidth-1:0]        chain_i,
  input  logic [StreamedWidth-1:0]          streamed_i,
  input  logic signed [PartialSumWidth-1:0] partial_sum_i,
  output logic                              swap_o,
  output logic [PlaceWidth+1:0]             serial_o,
  output logic                              filter_o,
  output logic [StationaryWidth-1:0]        chain_o,
  output logic [StreamedWidth-1:0]          streamed_o,
  output logic signed [PartialSumWidth-1:0] partial_sum_o
);

  localparam bit BitSerial    = Kind == accel_pkg::ProcessingElementBitSerial;
  localparam int ProductInput = BitSerial ? 1 : OperandWidth;

  logic [StationaryWidth-1:0]        chain_q, stationary;
  logic [Lanes*ProductInput-1:0]     activation;
  logic [Lanes*WeightWidth-1:0]      weight;
  logic signed [PartialSumWidth-1:0] sum;

  always_ff @(posedge clk_i) begin
    if (shift_i) chain_q <= chain_i;
  end
  assign chain_o = chain_q;

  genvar l;
  generate
    if (DoubleBuffering) begin : g_shadow
      logic [StationaryWidth-1:0] stationary_q;
      always_ff @(posedge clk_i) begin
        if (swap_i) stationary_q <= chain_q;
      end
      assign stationary = stationary_q;
    end else begin : g_single
      assign stationary = chain_q;
    end

    if (!InputStationary) begin : g_weight_stationary
      assign weight = stationary;
      if (ColumnFilter) begin : g_filter
        assign activation = filter_i ? (Lanes*ProductInput)'(filter_operand_i) : streamed_i;
      end else begin : g_streamed
        assign activation = streamed_i;
      end
    end else begin : g_input_stationary
      assign weight = streamed_i;
      if (BitSerial) begin : g_place
        for (l = 0; l < Lanes; l = l + 1) begin : g_lane
          logic [OperandWidth-1:0] placed;
          assign placed        = stationary[l*OperandWidth +: OperandWidth] >> serial_i[PlaceWidth+1:2];
          assign activation[l] = placed[0];
          logic unused_places;
          assign unused_places = &{1'b0, placed};
        end
      end else begin : g_whole
        assign activation = stationary;
      end
    end

    // Wires that other designs use.
    if (!ColumnFilter) begin : g_no_filter
      logic unused_filter;
      assign filter_o      = 1'b0;
      assign unused_filter = &{1'b0, filter_i, filter_operand_i};
    end else begin : g_filter_east
      always_ff @(posedge clk_i) filter_o <= filter_i;
    end
    if (!BitSerial) begin : g_at_once
      assign serial_o = {(PlaceWidth+2){1'b0}};
    end else begin : g_serial_east
      always_ff @(posedge clk_i) serial_o <= serial_i;
    end
    if (!BitSerial || !InputStationary) begin : g_no_place
      logic unused_place;
      assign unused_place = &{1'b0, serial_i[PlaceWidth+1:2]};
    end
    if (!DoubleBuffering) begin : g_no_swap
      logic unused_swap;
      assign unused_swap = swap_i;
    end
  endgenerate

  pe_datapath #(
    .Kind(Kind), .Lanes(Lanes), .ActivationWidth(ActivationWidth), .ActivationSigned(ActivationSigned), .OperandWidth(ProductInput), .WeightWidth(WeightWidth),
    .WeightTerms(WeightTerms), .PartialSumWidth(PartialSumWidth), .Saturate(Saturate)
  ) u_datapath (
    .clk_i       (clk_i),
    .first_i     (serial_i[0]),
    .negative_i  (serial_i[1]),
    .activation_i(activation),
    .weight_i    (weight),
    .augend_i    (partial_sum_i),
    .sum_o       (sum)
  );

  always_ff @(posedge clk_i) begin
    swap_o        <= swap_i;
    streamed_o    <= streamed_i;
    partial_sum_o <= sum;
  end

endmodule

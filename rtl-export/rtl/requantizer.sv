// SPDX-License-Identifier: Apache-2.0
// The first requantiser of one lane of the vector unit: from a word of the source to a term.
//
//   t      = source_i + bias                                              exact, SourceWidth + 1 bits
//   term_o = threshold_count > 0 ? minimum + threshold_step * (number of i < threshold_count with t >= threshold[i])
//          : sign_output         ? (t >= 0 ? 1 : -1)
//          :                       clamp(round(t * multiplier / 2^shift) + zero_point, minimum, maximum)
// and with double_rounding in place of round(..): half_away(half_up(t * multiplier / 2^shift) / 2^second_shift)
//
// Three cycles (bias, multiply, round and clamp), one term per cycle, no back-pressure: valid_o(t + 3) = valid_i(t).
// record_i belongs to valid_i; without RecordPerWord it must hold until the cycle before valid_o. Its fields, lowest first: bias, multiplier (unsigned), shift (none with
// FixedShift >= 0), zero_point, minimum, maximum, sign_output, with DoubleRounding double_rounding and second_shift, then those of post_requantizer (PostWidth bits), then with ThresholdLevels > 0
// threshold_count, threshold_step (unsigned), threshold[0], ...
// Stochastic rounding uses the lane's LFSR, which seed_i sets to Seed and each word that passes advances.
// Bit-exact with AccelModel.Numerics.Requantizer.ByMultiplierShift, .ByTwoShifts, .BySign and .ByThresholds.
module requantizer #(
  parameter int          SourceWidth      = accel_pkg::SourceWidth,
  parameter int          BiasWidth        = accel_pkg::AccumulatorWidth,
  parameter int          MultiplierWidth  = accel_pkg::RequantizerMultiplierWidth,
  parameter int          FixedShift       = accel_pkg::RequantizerFixedShift,
  parameter bit          DoubleRounding   = accel_pkg::RequantizerDoubleRounding,
  parameter int          TermWidth        = accel_pkg::TermWidth,
  parameter int          PostWidth        = accel_pkg::PostRecordWidth,
  parameter int          ThresholdLevels  = accel_pkg::VectorThresholdLevels,
  parameter bit          RecordPerWord    = accel_pkg::VectorElementwise,
  parameter int          Rounding         = accel_pkg::RequantizerRounding,
  parameter logic [31:0] Seed             = 32'h1234_5678,
  parameter int          RecordWidth      = accel_pkg::ParameterRecordWidth
) (
  input  logic                           clk_i,
  input  logic                           rst_ni,
  input  logic                           seed_i,
  input  logic        [RecordWidth-1:0]  record_i,
  input  logic                           valid_i,
  input  logic signed [SourceWidth-1:0]  source_i,
  output logic                           valid_o,
  output logic signed [TermWidth-1:0]    term_o
);

  localparam int ShiftWidth       = (FixedShift >= 0) ? 0 : accel_pkg::RequantizerShiftWidth;
  localparam int MultiplierLsb    = BiasWidth;
  localparam int ShiftLsb         = MultiplierLsb + MultiplierWidth;
  localparam int ZeroPointLsb     = ShiftLsb + ShiftWidth;
  localparam int MinimumLsb       = ZeroPointLsb + TermWidth;
  localparam int MaximumLsb       = MinimumLsb + TermWidth;
  localparam int SignLsb          = MaximumLsb + TermWidth;
  localparam int SecondWidth      = accel_pkg::RequantizerSecondShiftWidth;
  localparam int DoubleLsb        = SignLsb + 1;
  localparam int ThresholdLsb     = DoubleLsb + (DoubleRounding ? 1 + SecondWidth : 0) + PostWidth;
  localparam int CountWidth       = accel_pkg::ThresholdCountWidth;
  localparam int StepWidth        = accel_pkg::ThresholdStepWidth;
  localparam int BiasedWidth      = SourceWidth + 1;
  localparam int ProductWidth     = (BiasedWidth + MultiplierWidth + 1 < 64) ? BiasedWidth + MultiplierWidth + 1 : 64;

  // The record in the cycles of the three steps.
  localparam int RecordDelay = RecordPerWord ? 1 : 0;
  logic [RecordWidth-1:0] multiply_record, round_record;
  delay_line #(.Width(RecordWidth), .Stages(RecordDelay)) u_multiply_record (.clk_i(clk_i), .data_i(record_i), .data_o(multiply_record));
  delay_line #(.Width(RecordWidth), .Stages(RecordDelay)) u_round_record (.clk_i(clk_i), .data_i(multiply_record), .data_o(round_record));

  logic signed [BiasWidth-1:0]       bias;
  logic        [MultiplierWidth-1:0] multiplier;
  logic        [5:0]                 shift;
  logic signed [TermWidth-1:0]       zero_point, minimum, maximum;
  logic                              sign_output;
  assign bias        = record_i[0 +: BiasWidth];
  assign multiplier  = multiply_record[MultiplierLsb +: MultiplierWidth];
  assign zero_point  = round_record[ZeroPointLsb +: TermWidth];
  assign minimum     = round_record[MinimumLsb +: TermWidth];
  assign maximum     = round_record[MaximumLsb +: TermWidth];
  assign sign_output = round_record[SignLsb];

  // Cycle 1: bias. The sign has a register of its own because Yosys 0.23 takes an adder with the register behind it, where nothing else reads the adder, into the block that multiplies
  // (xilinx_dsp), and leaves that register's other readers, the sign and the comparisons with thresholds, without a value.
  logic                          biased_valid_q, sign_q;
  logic signed [BiasedWidth-1:0] biased_d, biased_q;
  assign biased_d = BiasedWidth'(source_i) + BiasedWidth'(bias);

  // Cycle 2: multiply. The product has at most 64 bits. Its register has no more than the product, because Yosys 0.23 takes a longer one into the block too and leaves the upper bits without a value.
  logic                           product_valid_q, negative_q;
  logic signed [ProductWidth-1:0] product_d, product_q;
  assign product_d = ProductWidth'(biased_q) * $signed({{(ProductWidth-MultiplierWidth){1'b0}}, multiplier});

  // Cycle 3: round, zero point, clamp.
  logic        [31:0]          random;
  logic                        twice;
  logic signed [63:0]          once, rounded, shifted;
  logic signed [TermWidth-1:0] clamped, stepped, in_range;
  logic                        by_thresholds;

  rounding_shift #(.Rounding(Rounding)) u_round (
    .value_i    (64'(product_q)),
    .shift_i    (shift),
    .half_away_i(1'b0),
    .half_up_i  (twice),
    .random_i   (random),
    .rounded_o  (once)
  );

  generate
    if (DoubleRounding) begin : g_double_rounding
      logic signed [63:0] again;
      assign twice = round_record[DoubleLsb];
      rounding_shift #(.Rounding(accel_pkg::RoundingHalfAway)) u_again (
        .value_i    (once),
        .shift_i    (6'(round_record[DoubleLsb+1 +: SecondWidth])),
        .half_away_i(1'b0),
        .half_up_i  (1'b0),
        .random_i   (32'd0),
        .rounded_o  (again)
      );
      assign rounded = twice ? again : once;
    end else begin : g_one_rounding
      assign twice   = 1'b0;
      assign rounded = once;
    end

    if (FixedShift >= 0) begin : g_fixed_shift
      assign shift = 6'(FixedShift);
    end else begin : g_shift
      assign shift = round_record[ShiftLsb +: 6];
    end

    if (Rounding == accel_pkg::RoundingStochastic) begin : g_random
      lfsr #(.Seed(Seed)) u_lfsr (
        .clk_i    (clk_i),
        .rst_ni   (rst_ni),
        .seed_i   (seed_i),
        .advance_i(product_valid_q),
        .word_o   (random)
      );
    end else begin : g_no_random
      assign random = 32'd0;
      logic unused_seed;
      assign unused_seed = seed_i;
    end

    if (ThresholdLevels > 0) begin : g_thresholds
      // Cycle 2: count the thresholds that are reached. Cycle 3: a code for each.
      logic [CountWidth-1:0] levels, levels_q, reached_q;
      logic [StepWidth-1:0]  step;
      assign levels        = multiply_record[ThresholdLsb +: CountWidth];
      assign step          = round_record[ThresholdLsb + CountWidth +: StepWidth];
      assign by_thresholds = levels_q != {CountWidth{1'b0}};
      assign stepped       = minimum + TermWidth'($signed({1'b0, (CountWidth+StepWidth)'(reached_q) * (CountWidth+StepWidth)'(step)}));

      genvar i;
      for (i = 0; i < ThresholdLevels; i = i + 1) begin : g_level
        logic signed [BiasWidth:0] threshold;
        logic                      reached;
        logic [CountWidth-1:0]     count;
        assign threshold = multiply_record[ThresholdLsb + CountWidth + StepWidth + i*(BiasWidth+1) +: BiasWidth+1];
        assign reached   = CountWidth'(i) < levels && biased_q >= BiasedWidth'(threshold);
        if (i == 0) begin : g_first
          assign count = CountWidth'(reached);
        end else begin : g_next
          assign count = g_level[i-1].count + CountWidth'(reached);
        end
      end

      always_ff @(posedge clk_i) begin
        levels_q  <= levels;
        reached_q <= g_level[ThresholdLevels-1].count;
      end
    end else begin : g_no_thresholds
      assign by_thresholds = 1'b0;
      assign stepped       = {TermWidth{1'b0}};
    end
  endgenerate

  assign shifted  = rounded + 64'(zero_point);
  assign in_range = shifted[TermWidth-1:0];

  always_comb begin
    if (by_thresholds) begin
      clamped = stepped;
    end else if (sign_output) begin
      clamped = negative_q ? {TermWidth{1'b1}} : TermWidth'(1);
    end else if (shifted < 64'(minimum)) begin
      clamped = minimum;
    end else if (shifted > 64'(maximum)) begin
      clamped = maximum;
    end else begin
      clamped = in_range;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      biased_valid_q  <= 1'b0;
      product_valid_q <= 1'b0;
      valid_o         <= 1'b0;
    end else begin
      biased_valid_q  <= valid_i;
      product_valid_q <= biased_valid_q;
      valid_o         <= product_valid_q;
    end
  end

  always_ff @(posedge clk_i) begin
    biased_q   <= biased_d;
    sign_q     <= biased_d[BiasedWidth-1];
    product_q  <= product_d;
    negative_q <= sign_q;
    term_o     <= clamped;
  end

  logic unused_record;
  assign unused_record = &{1'b0, record_i, multiply_record, round_record};

endmodule

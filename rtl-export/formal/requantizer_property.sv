// SPDX-License-Identifier: Apache-2.0
// A lane of the first requantiser at small widths against the formula of its head, three cycles later: bias, multiplier, rounding, zero point and both clamps,
// two roundings, sign outputs and thresholds, for every word and every record whose minimum is not above its maximum.
module requantizer_property #(
  parameter int Rounding        = accel_pkg::RoundingHalfUp,
  parameter bit DoubleRounding  = 1'b0,
  parameter int ThresholdLevels = 0
) (
  input logic              clk_i,
  input logic              valid_i,
  input logic signed [3:0] source_i
);

  localparam int SourceWidth     = 4;
  localparam int MultiplierWidth = 2;
  localparam int TermWidth       = 4;
  localparam int CountWidth      = accel_pkg::ThresholdCountWidth;
  localparam int StepWidth       = accel_pkg::ThresholdStepWidth;
  localparam int SecondWidth     = accel_pkg::RequantizerSecondShiftWidth;
  localparam int PlainWidth      = SourceWidth + MultiplierWidth + 6 + 3*TermWidth + 1;
  localparam int RecordWidth     = PlainWidth + (DoubleRounding ? 1 + SecondWidth : 0) + (ThresholdLevels > 0 ? CountWidth + StepWidth + ThresholdLevels*(SourceWidth+1) : 0);

  (* anyconst *) logic [RecordWidth-1:0] record;
  logic reset_q = 1'b1;
  logic                        valid;
  logic signed [TermWidth-1:0] term;
  requantizer #(
    .SourceWidth(SourceWidth), .BiasWidth(SourceWidth), .MultiplierWidth(MultiplierWidth), .FixedShift(-1), .DoubleRounding(DoubleRounding), .TermWidth(TermWidth), .PostWidth(0),
    .ThresholdLevels(ThresholdLevels), .RecordPerWord(1'b0), .Rounding(Rounding), .Seed(32'h8020_0003), .RecordWidth(RecordWidth)
  ) u_requantizer (.clk_i(clk_i), .rst_ni(!reset_q), .seed_i(1'b0), .record_i(record), .valid_i(valid_i), .source_i(source_i), .valid_o(valid), .term_o(term));

  logic signed [SourceWidth-1:0]     bias;
  logic        [MultiplierWidth-1:0] multiplier;
  logic        [5:0]                 shift;
  logic signed [TermWidth-1:0]       zero_point, minimum, maximum;
  logic                              sign_output;
  assign {sign_output, maximum, minimum, zero_point, shift, multiplier, bias} = record[PlainWidth-1:0];

  // The formula, on the word of three cycles ago.
  logic signed [SourceWidth-1:0] source_q, source_qq, source_qqq;
  logic                          valid_q, valid_qq, valid_qqq;
  logic signed [15:0]            t, product, half, once, rounded, shifted, expected;
  assign t       = 16'(source_qqq) + 16'(bias);
  assign product = t * $signed({14'd0, multiplier});
  assign half    = (shift == 6'd0) ? 16'sd0 : 16'sd1 <<< (shift - 6'd1);
  always_comb begin
    case (Rounding)
      accel_pkg::RoundingHalfUp:     once = (product + half) >>> shift;
      accel_pkg::RoundingHalfAway:   once = (product < 0) ? -((half - product) >>> shift) : (product + half) >>> shift;
      accel_pkg::RoundingHalfEven:   once = (product + half - ((shift != 6'd0 && ((product >>> shift) & 16'sd1) == 16'sd0) ? 16'sd1 : 16'sd0)) >>> shift;
      accel_pkg::RoundingTowardZero: once = (product < 0) ? -((-product) >>> shift) : product >>> shift;
      default:                       once = product >>> shift;
    endcase
  end
  generate
    if (DoubleRounding) begin : g_double_rounding
      logic [SecondWidth-1:0] second;
      logic signed [15:0]     first, away;
      assign second  = record[PlainWidth+1 +: SecondWidth];
      assign first   = (product + half) >>> shift;
      assign away    = (second == {SecondWidth{1'b0}}) ? 16'sd0 : 16'sd1 <<< (second - 1'b1);
      assign rounded = !record[PlainWidth] ? once : (first < 0) ? -((away - first) >>> second) : (first + away) >>> second;
      always @(posedge clk_i) assume (second <= 5'd8);
    end else begin : g_one_rounding
      assign rounded = once;
    end
  endgenerate
  assign shifted = rounded + 16'(zero_point);

  logic [CountWidth-1:0] levels;
  logic signed [15:0]    by_thresholds;
  genvar i;
  generate
    if (ThresholdLevels > 0) begin : g_thresholds
      logic [StepWidth-1:0] step;
      assign levels = record[PlainWidth +: CountWidth];
      assign step   = record[PlainWidth + CountWidth +: StepWidth];
      for (i = 0; i < ThresholdLevels; i = i + 1) begin : g_level
        logic signed [SourceWidth:0] threshold;
        logic signed [15:0]          value;
        assign threshold = record[PlainWidth + CountWidth + StepWidth + i*(SourceWidth+1) +: SourceWidth+1];
        if (i == 0) begin : g_first
          assign value = 16'(minimum) + ((levels > 8'd0 && t >= 16'(threshold)) ? $signed({8'd0, step}) : 16'sd0);
        end else begin : g_next
          assign value = g_level[i-1].value + ((levels > 8'(i) && t >= 16'(threshold)) ? $signed({8'd0, step}) : 16'sd0);
        end
      end
      assign by_thresholds = g_level[ThresholdLevels-1].value;
      always @(posedge clk_i) if (levels != 8'd0) assume (by_thresholds <= 16'sd7 && step <= 8'd7 && levels <= 8'(ThresholdLevels));
    end else begin : g_none
      assign levels        = 8'd0;
      assign by_thresholds = 16'sd0;
    end
  endgenerate

  assign expected = (levels != 8'd0) ? by_thresholds
                  : sign_output ? ((t >= 0) ? 16'sd1 : -16'sd1)
                  : (shifted < 16'(minimum)) ? 16'(minimum)
                  : (shifted > 16'(maximum)) ? 16'(maximum) : shifted;

  always @(posedge clk_i) begin
    reset_q    <= 1'b0;
    source_q   <= source_i;
    source_qq  <= source_q;
    source_qqq <= source_qq;
    valid_q    <= !reset_q && valid_i;
    valid_qq   <= !reset_q && valid_q;
    valid_qqq  <= !reset_q && valid_qq;
    assume (minimum <= maximum);
    assume (shift <= 6'd8);
    if (!reset_q) assert (valid == valid_qqq);
    if (!reset_q && valid_qqq) assert (16'(term) == expected);
  end

  initial begin
    valid_q   = 1'b0;
    valid_qq  = 1'b0;
    valid_qqq = 1'b0;
  end

endmodule

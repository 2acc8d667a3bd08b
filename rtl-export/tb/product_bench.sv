// SPDX-License-Identifier: Apache-2.0
// Bench of pe_datapath as the design has it: replays vectors/product.memh. A word holds, lowest first: the lanes' activations, the lanes' weight codes, negative (bit-serial: the highest bit counts down),
// the partial sum that comes in and the one that goes out. A word takes a cycle, on bit-serial PEs one for each bit, highest first.
//
// Prints the first difference and a line of results; done_o ends the run, failed_o is the verdict, vectors_o the number of words compared.
module product_bench (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic enable_i,
  output logic        done_o,
  output logic        failed_o,
  output logic [31:0] vectors_o
);

  localparam int Lanes     = accel_pkg::ArrayLanes;
  localparam bit Serial    = accel_pkg::ArrayProcessingElement == accel_pkg::ProcessingElementBitSerial;
  localparam int LaneWidth = (accel_pkg::ArrayProcessingElement == accel_pkg::ProcessingElementXnorPopcount) ? 2 : accel_pkg::ArrayActivationWidth;
  localparam int PortWidth = Serial ? 1 : LaneWidth;
  localparam int Steps     = Serial ? LaneWidth : 1;
  localparam int Weight    = accel_pkg::WeightValueWidth;
  localparam int Sum       = accel_pkg::ArrayPartialSumWidth;
  localparam int WeightLsb = Lanes * LaneWidth;
  localparam int FlagLsb   = WeightLsb + Lanes * Weight;
  localparam int AugendLsb = FlagLsb + 1;
  localparam int SumLsb    = AugendLsb + Sum;

  logic [SumLsb+Sum-1:0] word;
  logic [31:0]           index_q, count, step_q;
  logic                  broken;

  vector_file #(.Name("vectors/product.memh"), .Width(SumLsb + Sum)) u_file (
    .index_i (index_q),
    .word_o  (word),
    .count_o (count),
    .broken_o(broken)
  );

  // The activations where they come at once; else their bits, highest first.
  logic [Lanes*PortWidth-1:0] activation;
  genvar l;
  generate
    for (l = 0; l < Lanes; l = l + 1) begin : g_lane
      if (Serial) begin : g_bit
        logic [LaneWidth-1:0] number;
        assign number        = word[l*LaneWidth +: LaneWidth] >> (LaneWidth - 1 - step_q);
        assign activation[l] = number[0];
      end else begin : g_number
        assign activation[l*PortWidth +: PortWidth] = word[l*LaneWidth +: LaneWidth];
      end
    end
  endgenerate

  logic [Sum-1:0] sum;
  pe_datapath #(
    .Kind            (accel_pkg::ArrayProcessingElement),
    .Lanes           (Lanes),
    .ActivationWidth (accel_pkg::ArrayActivationWidth),
    .ActivationSigned(accel_pkg::ArrayActivationSigned),
    .OperandWidth    (PortWidth),
    .WeightWidth     (Weight),
    .WeightTerms     (accel_pkg::ArrayWeightTerms),
    .PartialSumWidth (Sum),
    .Saturate        (accel_pkg::ArrayOverflow == accel_pkg::OverflowSaturate)
  ) u_datapath (
    .clk_i       (clk_i),
    .first_i     (step_q == 32'd0),
    .negative_i  (word[FlagLsb]),
    .activation_i(activation),
    .weight_i    (word[WeightLsb +: Lanes*Weight]),
    .augend_i    (word[AugendLsb +: Sum]),
    .sum_o       (sum)
  );

  integer    mismatches;
  reg [31:0] clock;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      index_q    <= 32'd0;
      step_q     <= 32'd0;
      done_o     <= 1'b0;
      failed_o   <= 1'b0;
      vectors_o  <= 32'd0;
      mismatches = 0;
      clock      = 32'd0;
    end else if (!done_o) begin
      clock = clock + 32'd1;
      if (!enable_i) begin
        done_o <= 1'b1;
      end else if (broken || index_q == count) begin
        done_o    <= 1'b1;
        failed_o  <= broken || mismatches != 0 || count == 32'd0;
        vectors_o <= index_q;
        $display("RESULT product vectors=%0d mismatches=%0d", index_q, mismatches);
      end else if (step_q != Steps - 1) begin
        step_q <= step_q + 32'd1;
      end else begin
        if (sum !== word[SumLsb +: Sum]) begin
          if (mismatches == 0) begin
            $display("DIFF kind=value module=product clock=%0d index=%0d activations=%h weights=%h negative=%b augend=%h expected=%h found=%h", clock, index_q, word[0 +: Lanes*LaneWidth],
                     word[WeightLsb +: Lanes*Weight], word[FlagLsb], word[AugendLsb +: Sum], word[SumLsb +: Sum], sum);
          end
          mismatches = mismatches + 1;
        end
        step_q  <= 32'd0;
        index_q <= index_q + 32'd1;
      end
    end
  end

endmodule

// SPDX-License-Identifier: Apache-2.0
// Bench of rounding_shift in every mode: replays vectors/rounding.memh, a word a cycle. A word holds, lowest first: value (64 bits), shift (6), half_away (1), half_up (1),
// random (32), and what floor, half_up, half_away, half_even, toward_zero and stochastic make of it (64 each).
//
// Prints the first difference and a line of results; done_o ends the run, failed_o is the verdict, vectors_o the number of words compared.
module rounding_bench (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic enable_i,
  output logic        done_o,
  output logic        failed_o,
  output logic [31:0] vectors_o
);

  localparam int Modes   = 6;
  localparam int Operand = 64 + 6 + 1 + 1 + 32;

  logic [Operand+64*Modes-1:0] word;
  logic [31:0]                 index_q, count;
  logic                        broken;

  vector_file #(.Name("vectors/rounding.memh"), .Width(Operand + 64*Modes)) u_file (
    .index_i (index_q),
    .word_o  (word),
    .count_o (count),
    .broken_o(broken)
  );

  logic [64*Modes-1:0] rounded;
  genvar m;
  generate
    for (m = 0; m < Modes; m = m + 1) begin : g_mode
      rounding_shift #(.Rounding(m)) u_round (
        .value_i    (word[63:0]),
        .shift_i    (word[69:64]),
        .half_away_i(word[70]),
        .half_up_i  (word[71]),
        .random_i   (word[103:72]),
        .rounded_o  (rounded[64*m +: 64])
      );
    end
  endgenerate

  integer mismatches, mode;
  reg [31:0] clock;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      index_q    <= 32'd0;
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
        $display("RESULT rounding vectors=%0d mismatches=%0d", index_q, mismatches);
      end else begin
        for (mode = 0; mode < Modes; mode = mode + 1) begin
          if (rounded[64*mode +: 64] !== word[Operand + 64*mode +: 64]) begin
            if (mismatches == 0) begin
              $display("DIFF kind=value module=rounding clock=%0d index=%0d mode=%0d value=%h shift=%0d half_away=%b half_up=%b random=%h expected=%h found=%h", clock, index_q, mode,
                       word[63:0], word[69:64], word[70], word[71], word[103:72], word[Operand + 64*mode +: 64], rounded[64*mode +: 64]);
            end
            mismatches = mismatches + 1;
          end
        end
        index_q <= index_q + 32'd1;
      end
    end
  end

endmodule

// SPDX-License-Identifier: Apache-2.0
// Bench of overflow_adder at one width, saturating and wrapping: replays a file, a word a cycle. A word holds, lowest first: augend, addend, the sum that saturates and the one that wraps, Width bits each.
//
// Prints the first difference and a line of results under the name Title; done_o ends the run, failed_o is the verdict, vectors_o the number of words compared.
module adder_bench #(
  parameter int        Width = 16,
  parameter [8*64-1:0] Name  = "",
  parameter [8*32-1:0] Title = ""
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic enable_i,
  output logic        done_o,
  output logic        failed_o,
  output logic [31:0] vectors_o
);

  logic [4*Width-1:0] word;
  logic [31:0]        index_q, count;
  logic               broken;
  logic [Width-1:0]   saturated, wrapped;

  vector_file #(.Name(Name), .Width(4*Width)) u_file (
    .index_i (index_q),
    .word_o  (word),
    .count_o (count),
    .broken_o(broken)
  );

  overflow_adder #(.Width(Width), .AddendWidth(Width), .Saturate(1'b1)) u_saturate (
    .augend_i(word[0 +: Width]),
    .addend_i(word[Width +: Width]),
    .sum_o   (saturated)
  );

  overflow_adder #(.Width(Width), .AddendWidth(Width), .Saturate(1'b0)) u_wrap (
    .augend_i(word[0 +: Width]),
    .addend_i(word[Width +: Width]),
    .sum_o   (wrapped)
  );

  integer        mismatches;
  reg [31:0]     clock;
  reg [8*32-1:0] title;

  initial title = Title;

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
        $display("RESULT %0s vectors=%0d mismatches=%0d", title, index_q, mismatches);
      end else begin
        if ({wrapped, saturated} !== word[2*Width +: 2*Width]) begin
          if (mismatches == 0) begin
            $display("DIFF kind=value module=%0s clock=%0d index=%0d augend=%h addend=%h expected=%h found=%h (wrapped, saturated)", title, clock, index_q,
                     word[0 +: Width], word[Width +: Width], word[2*Width +: 2*Width], {wrapped, saturated});
          end
          mismatches = mismatches + 1;
        end
        index_q <= index_q + 32'd1;
      end
    end
  end

endmodule

// SPDX-License-Identifier: Apache-2.0
// Bench of post_requantizer, in designs that have it: replays vectors/post_requantizer.memh, a word a cycle, and compares the code in the cycle after. A word holds, lowest first: value, post, the record's fields
// (multiplier, shift, zero point, minimum, maximum, half away, and where there are two roundings those of the second), and the code.
//
// Prints the first difference and a line of results; done_o ends the run, failed_o is the verdict, vectors_o the number of words compared.
module post_requantizer_bench (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic enable_i,
  output logic        done_o,
  output logic        failed_o,
  output logic [31:0] vectors_o
);

  localparam int Value     = accel_pkg::CombinedWidth;
  localparam int Code      = accel_pkg::RequantizerElementWidth + 1;
  localparam int Record    = (accel_pkg::PostRecordWidth > 0) ? accel_pkg::PostRecordWidth : 1;
  localparam int RecordLsb = Value + 1;
  localparam int CodeLsb   = RecordLsb + Record;

  logic [CodeLsb+Code-1:0] word, word_q;
  logic [31:0]             index_q, count;
  logic                    broken, valid_q;
  logic [Code-1:0]         code;

  vector_file #(.Name("vectors/post_requantizer.memh"), .Width(CodeLsb + Code)) u_file (
    .index_i (index_q),
    .word_o  (word),
    .count_o (count),
    .broken_o(broken)
  );

  post_requantizer u_post (
    .clk_i   (clk_i),
    .post_i  (word[Value]),
    .record_i(word[RecordLsb +: Record]),
    .value_i (word[0 +: Value]),
    .code_o  (code)
  );

  integer    mismatches, checked;
  reg [31:0] clock;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      index_q    <= 32'd0;
      valid_q    <= 1'b0;
      word_q     <= {(CodeLsb + Code){1'b0}};
      done_o     <= 1'b0;
      failed_o   <= 1'b0;
      vectors_o  <= 32'd0;
      mismatches = 0;
      checked    = 0;
      clock      = 32'd0;
    end else if (!done_o) begin
      clock   = clock + 32'd1;
      valid_q <= enable_i && !broken && index_q != count;
      word_q  <= word;
      if (index_q != count) index_q <= index_q + 32'd1;
      if (valid_q) begin
        if (code !== word_q[CodeLsb +: Code]) begin
          if (mismatches == 0) begin
            $display("DIFF kind=value module=post_requantizer clock=%0d index=%0d value=%h post=%b record=%h expected=%h found=%h", clock, checked, word_q[0 +: Value], word_q[Value],
                     word_q[RecordLsb +: Record], word_q[CodeLsb +: Code], code);
          end
          mismatches = mismatches + 1;
        end
        checked = checked + 1;
      end
      if (!enable_i) begin
        done_o <= 1'b1;
      end else if (broken || checked == count) begin
        done_o    <= 1'b1;
        failed_o  <= broken || mismatches != 0 || checked == 0;
        vectors_o <= checked;
        $display("RESULT post_requantizer vectors=%0d mismatches=%0d", checked, mismatches);
      end
    end
  end

endmodule

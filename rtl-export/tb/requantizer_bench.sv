// SPDX-License-Identifier: Apache-2.0
// Bench of one requantiser lane: replays vectors/requantizer.memh (ties, clamp edges, all shifts, limits, records by turns) back to back with idle cycles in between, and compares every term and its cycle
// (three after its word). A record is there no longer than its word needs it: with RecordPerWord in the word's cycle only, else until the cycle before its term. A word holds, lowest first: source, record, term.
//
// Prints the first difference and a line of results; done_o ends the run, failed_o is the verdict, vectors_o the number of words compared.
module requantizer_bench (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic enable_i,
  output logic        done_o,
  output logic        failed_o,
  output logic [31:0] vectors_o
);

  localparam int SourceWidth = accel_pkg::SourceWidth;
  localparam int RecordWidth = accel_pkg::ParameterRecordWidth;
  localparam int TermWidth   = accel_pkg::TermWidth;
  localparam int WordWidth   = SourceWidth + RecordWidth + TermWidth;

  localparam bit RecordPerWord = accel_pkg::VectorElementwise;

  // Cycles after its last word in which a record stays.
  localparam int Hold = 2;

  logic [31:0]          sent_q, checked_q, count;  // words that went in, and whose terms were compared
  logic [WordWidth-1:0] next, due_word;
  logic                 broken;

  vector_file #(.Name("vectors/requantizer.memh"), .Width(WordWidth), .MaxWords(8192), .Ports(2)) u_file (
    .index_i ({checked_q, sent_q}),
    .word_o  ({due_word, next}),
    .count_o (count),
    .broken_o(broken)
  );

  logic                   valid_q, valid;
  logic [SourceWidth-1:0] source_q;
  logic [RecordWidth-1:0] record_q;
  logic [TermWidth-1:0]   term;

  requantizer #(.RecordPerWord(RecordPerWord), .Seed(accel_pkg::LaneSeeds[31:0])) u_requantizer (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .seed_i  (1'b0),
    .record_i(record_q),
    .valid_i (valid_q),
    .source_i(source_q),
    .valid_o (valid),
    .term_o  (term)
  );

  logic [2:0]  due_q;  // whether a word went in one, two, three cycles ago
  logic [2:0]  hold_q;
  logic [31:0] random_q;
  logic        sends;
  assign sends = sent_q != count && (RecordPerWord || next[SourceWidth +: RecordWidth] == record_q) && random_q[1:0] != 2'd0;

  integer    mismatches;
  reg [31:0] clock;
  initial clock = 32'd0;

  always @(posedge clk_i) begin
    clock = clock + 32'd1;
    if (!rst_ni) begin
      mismatches = 0;
      sent_q    <= 32'd0;
      checked_q <= 32'd0;
      due_q     <= 3'd0;
      hold_q    <= 3'd0;
      random_q  <= 32'h1357_9bdf;
      valid_q   <= 1'b0;
      source_q  <= {SourceWidth{1'b0}};
      record_q  <= {RecordWidth{1'b0}};
      done_o    <= 1'b0;
      failed_o  <= 1'b0;
      vectors_o <= 32'd0;
    end else if (!enable_i) begin
      done_o <= 1'b1;
    end else if (!done_o) begin
      // What the lane shows in this cycle.
      if (valid !== due_q[2]) begin
        if (mismatches == 0) $display("DIFF kind=cycle module=requantizer clock=%0d index=%0d expected=%b found=%b (valid)", clock, checked_q, due_q[2], valid);
        mismatches = mismatches + 1;
      end
      if (due_q[2]) begin
        if (valid === 1'b1 && term !== due_word[SourceWidth+RecordWidth +: TermWidth]) begin
          if (mismatches == 0) begin
            $display("DIFF kind=value module=requantizer clock=%0d index=%0d source=%h record=%h expected=%h found=%h", clock, checked_q,
                     due_word[0 +: SourceWidth], due_word[SourceWidth +: RecordWidth], due_word[SourceWidth+RecordWidth +: TermWidth], term);
          end
          mismatches = mismatches + 1;
        end
        checked_q <= checked_q + 32'd1;
      end
      due_q <= {due_q[1:0], valid_q};

      // The next word. Its record comes with it, or before it; one that must stay waits until the old one's last word has left.
      random_q <= {random_q[30:0], random_q[31] ^ random_q[21] ^ random_q[1] ^ random_q[0]};
      hold_q   <= sends ? 3'(Hold) : (hold_q == 3'd0) ? 3'd0 : hold_q - 3'd1;
      valid_q  <= sends;
      if (sends) begin
        source_q <= next[0 +: SourceWidth];
        sent_q   <= sent_q + 32'd1;
      end
      if (sent_q != count && (RecordPerWord || (!sends && hold_q == 3'd0))) begin
        record_q <= next[SourceWidth +: RecordWidth];
      end

      if (checked_q == count) begin
        done_o    <= 1'b1;
        failed_o  <= broken || mismatches != 0 || count == 32'd0;
        vectors_o <= checked_q;
        $display("RESULT requantizer vectors=%0d mismatches=%0d", checked_q, mismatches);
      end
    end
  end

endmodule

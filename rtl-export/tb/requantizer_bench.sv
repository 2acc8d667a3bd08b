// SPDX-License-Identifier: Apache-2.0
// Bench of one requantiser lane: replays vectors/requantizer.memh (ties, clamp edges, all shifts, limits), words of one lane record back to back
// with idle cycles in between, and compares every term and its cycle (three after its word).
//
// Checks hashes, count and checksum of the file as accelerator_bench does. Prints the first difference and a line of results; done_o ends the run, failed_o is the verdict,
// vectors_o the number of words compared.
`include "accel_params.vh"

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
  localparam int Parts       = (WordWidth + 31) / 32;
  localparam int MaxWords    = 8192;

  reg [32*Parts-1:0] words [0:MaxWords-1];
  reg [32*Parts-1:0] word, first;

  logic                   valid_q, valid;
  logic [SourceWidth-1:0] source_q;
  logic [RecordWidth-1:0] record_q;
  logic [TermWidth-1:0]   term;

  requantizer #(.Seed(accel_pkg::LaneSeeds[31:0])) u_requantizer (
    .clk_i   (clk_i),
    .rst_ni  (rst_ni),
    .seed_i  (1'b0),
    .record_i(record_q),
    .valid_i (valid_q),
    .source_i(source_q),
    .valid_o (valid),
    .term_o  (term)
  );

  reg [255:0]  file_configuration, file_hardware, configuration;
  reg [31:0]   file_words, file_checksum, checksum;
  integer      file, fields, count, j;
  reg          broken;

  initial begin : prepare
    broken = 1'b0;
    count  = 0;
    if (!$value$plusargs("configuration=%h", configuration)) configuration = accel_pkg::ConfigurationSha256;
    if (`ACCEL_CONFIGURATION_SHA256 != accel_pkg::ConfigurationSha256 || `ACCEL_HARDWARE_SHA256 != accel_pkg::HardwareSha256) begin
      $display("ERROR header: accel_params.vh and accel_pkg.sv belong to different configurations");
      broken = 1'b1;
    end
    file = 0;
    if ($test$plusargs("frames") == 0 && $test$plusargs("corner") == 0) begin
      file = $fopen("vectors/requantizer.memh", "r");
      if (file == 0) begin
        $display("ERROR vectors: cannot open vectors/requantizer.memh");
        broken = 1'b1;
      end
    end
    if (file != 0) begin
      fields = $fscanf(file, "// configuration_sha256 %h hardware_sha256 %h words %d checksum %h\n", file_configuration, file_hardware, file_words, file_checksum);
      checksum = 32'd2166136261;
      word     = {(32*Parts){1'b0}};
      if (fields != 4) begin
        $display("ERROR vectors: vectors/requantizer.memh has no head");
        broken = 1'b1;
      end else if (file_hardware != accel_pkg::HardwareSha256
                   || (file_configuration != configuration && $test$plusargs("other_network") == 0)) begin
        $display("ERROR header: vectors/requantizer.memh belongs to another configuration");
        broken = 1'b1;
      end else begin
        fields = $fscanf(file, "%h\n", word);
        while (fields == 1 && count < MaxWords) begin
          words[count] = word;
          for (j = 0; j < Parts; j = j + 1) checksum = (checksum ^ word[32*j +: 32]) * 32'd16777619;
          count  = count + 1;
          fields = $fscanf(file, "%h\n", word);
        end
        if (count != file_words || checksum != file_checksum) begin
          $display("ERROR vectors: vectors/requantizer.memh was edited: %0d words of %0d, checksum %h of %h", count, file_words, checksum, file_checksum);
          broken = 1'b1;
        end
      end
      $fclose(file);
    end
  end

  integer      sent, checked, mismatches, pause;
  reg [31:0]   random, clock;
  reg [2:0]    due;       // whether a term is due one, two, three cycles from now
  reg          due_now;

  initial clock = 32'd0;

  always @(posedge clk_i) begin
    clock = clock + 32'd1;
    if (!rst_ni) begin
      sent          = 0;
      checked       = 0;
      mismatches    = 0;
      pause         = 0;
      random        = 32'h1357_9bdf;
      due           = 3'd0;
      valid_q       <= 1'b0;
      source_q      <= {SourceWidth{1'b0}};
      record_q      <= {RecordWidth{1'b0}};
      done_o        <= 1'b0;
      failed_o      <= 1'b0;
      vectors_o     <= 32'd0;
    end else if (!done_o) begin
      // What the lane shows in this cycle.
      due_now = due[2];
      due     = {due[1:0], valid_q};
      word    = words[checked];
      if (valid !== due_now) begin
        if (mismatches == 0) $display("DIFF kind=cycle module=requantizer clock=%0d index=%0d expected=%b found=%b (valid)", clock, checked, due_now, valid);
        mismatches = mismatches + 1;
      end else if (due_now) begin
        if (term !== word[SourceWidth+RecordWidth +: TermWidth]) begin
          if (mismatches == 0) begin
            $display("DIFF kind=value module=requantizer clock=%0d index=%0d source=%h record=%h expected=%h found=%h", clock, checked,
                     word[0 +: SourceWidth], word[SourceWidth +: RecordWidth], word[SourceWidth+RecordWidth +: TermWidth], term);
          end
          mismatches = mismatches + 1;
        end
        checked = checked + 1;
      end

      // The next word; a new record waits until the old one's last word has left.
      random = {random[30:0], random[31] ^ random[21] ^ random[1] ^ random[0]};
      valid_q <= 1'b0;
      first = words[sent];
      if (sent < count && !broken) begin
        if (pause > 0) begin
          pause = pause - 1;
        end else if (first[SourceWidth +: RecordWidth] != record_q) begin
          record_q <= first[SourceWidth +: RecordWidth];
        end else if (random[1:0] != 2'd0) begin
          valid_q       <= 1'b1;
          source_q      <= first[0 +: SourceWidth];
          sent = sent + 1;
          word = words[sent];
          if (sent < count && word[SourceWidth +: RecordWidth] != record_q) pause = 4;
        end
      end

      if (!enable_i) begin
        done_o <= 1'b1;
      end else if (broken || checked == count || mismatches > 1000) begin
        done_o <= 1'b1;
        failed_o  <= broken || mismatches != 0 || checked == 0;
        vectors_o <= checked;
        $display("RESULT requantizer vectors=%0d mismatches=%0d", checked, mismatches);
      end
    end
  end

endmodule

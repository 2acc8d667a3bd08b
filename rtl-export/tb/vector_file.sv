// SPDX-License-Identifier: Apache-2.0
// The vectors of one module, read when the simulation begins: word_o is word index_i of the file Name (zero past the last), count_o their number. Hashes, count and checksum of the file's head are checked as accelerator_bench does;
// broken_o says that the file is missing, was edited, or belongs to another configuration, and the reason is printed. With +frames or +corner, whose vectors are those of whole networks, nothing is read.
`include "accel_params.vh"

module vector_file #(
  parameter [8*64-1:0] Name     = "",
  parameter int        Width    = 32,
  parameter int        MaxWords = 4096
) (
  input  logic [31:0]      index_i,
  output logic [Width-1:0] word_o,
  output logic [31:0]      count_o,
  output logic             broken_o
);

  localparam int Parts = (Width + 31) / 32;

  reg [32*Parts-1:0] words [0:MaxWords-1];
  reg [32*Parts-1:0] word;
  reg [8*64-1:0]     name;
  reg [255:0]        file_configuration, file_hardware, configuration;
  reg [31:0]         file_words, file_checksum, checksum;
  integer            file, fields, count, j;

  initial begin : prepare
    broken_o = 1'b0;
    count    = 0;
    if (!$value$plusargs("configuration=%h", configuration)) configuration = accel_pkg::ConfigurationSha256;
    name = Name;
    file = 0;
    if ($test$plusargs("frames") == 0 && $test$plusargs("corner") == 0) begin
      file = $fopen(name, "r");
      if (file == 0) begin
        $display("ERROR vectors: cannot open %0s", name);
        broken_o = 1'b1;
      end
    end
    if (file != 0) begin
      fields = $fscanf(file, "// configuration_sha256 %h hardware_sha256 %h words %d checksum %h\n", file_configuration, file_hardware, file_words, file_checksum);
      checksum = 32'd2166136261;
      word     = {(32*Parts){1'b0}};
      if (fields != 4) begin
        $display("ERROR vectors: %0s has no head", name);
        broken_o = 1'b1;
      end else if (file_hardware != accel_pkg::HardwareSha256 || (file_configuration != configuration && $test$plusargs("other_network") == 0)) begin
        $display("ERROR header: %0s belongs to another configuration", name);
        broken_o = 1'b1;
      end else begin
        fields = $fscanf(file, "%h\n", word);
        while (fields == 1 && count < MaxWords) begin
          words[count] = word;
          for (j = 0; j < Parts; j = j + 1) checksum = (checksum ^ word[32*j +: 32]) * 32'd16777619;
          count  = count + 1;
          fields = $fscanf(file, "%h\n", word);
        end
        if (count != file_words || checksum != file_checksum) begin
          $display("ERROR vectors: %0s was edited: %0d words of %0d, checksum %h of %h", name, count, file_words, checksum, file_checksum);
          broken_o = 1'b1;
        end
      end
      $fclose(file);
    end
    count_o = count;
  end

  // Nothing unknown goes into a module when its vectors are at their end.
  assign word_o = (index_i < count_o) ? words[index_i % MaxWords][Width-1:0] : {Width{1'b0}};

endmodule

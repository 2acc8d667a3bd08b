// SPDX-License-Identifier: Apache-2.0
// The vectors of one module, read and checked (vector_reading.svh) when the simulation begins: on each of Ports ports, word_o is word index_i of the file Name, zero past the last. count_o is their number;
// broken_o says that they are not the design's. With +frames or +corner, whose vectors are those of whole networks, nothing is read.
module vector_file #(
  parameter [8*64-1:0] Name     = "",
  parameter int        Width    = 32,
  parameter int        MaxWords = 4096,
  parameter int        Ports    = 1
) (
  input  logic [32*Ports-1:0]    index_i,
  output logic [Width*Ports-1:0] word_o,
  output logic [31:0]            count_o,
  output logic                   broken_o
);

  localparam int Parts    = (Width + 31) / 32;
  localparam int WideBits = 32 * Parts;

  `include "tb/vector_reading.svh"

  reg [WideBits-1:0] words [0:MaxWords-1];
  integer            k;

  initial begin : prepare
    begin_reading;
    count_o = 32'd0;
    if ($test$plusargs("frames") == 0 && $test$plusargs("corner") == 0) begin
      name = Name;
      check_file(Parts);
      if (!broken && file_words > MaxWords) begin
        $display("ERROR vectors: %0s has %0d words, the bench holds %0d", name, file_words, MaxWords);
        broken = 1'b1;
      end
      if (!broken) begin
        open_file;
        for (k = 0; k < file_words; k = k + 1) begin
          fields = $fscanf(file, "%h\n", wide);
          words[k] = wide;
        end
        $fclose(file);
        count_o = file_words;
      end
    end
    broken_o = broken;
  end

  // Nothing unknown goes into a module when its vectors are at their end.
  genvar p;
  generate
    for (p = 0; p < Ports; p = p + 1) begin : g_port
      logic [31:0] index;
      assign index = index_i[32*p +: 32];
      assign word_o[Width*p +: Width] = (index < count_o) ? words[index % MaxWords][Width-1:0] : {Width{1'b0}};
    end
  endgenerate

endmodule

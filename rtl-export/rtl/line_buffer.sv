// SPDX-License-Identifier: Apache-2.0
// Memory of lines that are written word by word and read whole: weights, parameters, instructions.
//
//   line[write_line_i] bits [write_word_i*WordWidth +: WordWidth] = write_data_i   from cycle t + 1 on, when write_i(t)
//   read_data_o(t + 1) = line[read_line_i(t)] bits [LineWidth-1:0]                 when read_i(t), else unchanged
module line_buffer #(
  parameter int Lines           = 16,
  parameter int LineWidth       = 64,
  parameter int WordWidth       = 32,
  parameter int LineWords       = 2,
  parameter int AddressWidth    = 4,
  parameter int WordSelectWidth = 1
) (
  input  logic                       clk_i,
  input  logic                       write_i,
  input  logic [AddressWidth-1:0]    write_line_i,
  input  logic [WordSelectWidth-1:0] write_word_i,
  input  logic [WordWidth-1:0]       write_data_i,
  input  logic                       read_i,
  input  logic [AddressWidth-1:0]    read_line_i,
  output logic [LineWidth-1:0]       read_data_o
);

  logic [LineWords*WordWidth-1:0] line;

  genvar w;
  generate
    for (w = 0; w < LineWords; w = w + 1) begin : g_word
      ram #(.Width(WordWidth), .Depth(Lines), .AddressWidth(AddressWidth)) u_ram (
        .clk_i          (clk_i),
        .write_i        (write_i && write_word_i == WordSelectWidth'(w)),
        .write_address_i(write_line_i),
        .write_data_i   (write_data_i),
        .read_i         (read_i),
        .read_address_i (read_line_i),
        .read_data_o    (line[w*WordWidth +: WordWidth])
      );
    end
  endgenerate

  assign read_data_o = line[LineWidth-1:0];

  logic unused_padding;
  assign unused_padding = &{1'b0, line};

endmodule

// SPDX-License-Identifier: Apache-2.0
// Two tables of 256 codes, written memory word by memory word, read by every lane of the vector unit at an address of its own.
//
//   entry[write_address_i + i] = write_data_i[i],  i = 0 .. WordElements - 1, from cycle t + 1 on, when write_i(t); write_address_i a multiple of WordElements
//   read_data_o[c](t + 1) = entry[base_i(t) + codes_i[c](t)], c = 0 .. Lanes - 1
//
// Every lane has a copy of the tables, because a memory has one read port. Entries have 8 bits.
module lookup_memory #(
  parameter int Lanes        = accel_pkg::ArrayColumns,
  parameter int WordElements = accel_pkg::ElementsPerWord,
  parameter int AddressWidth = accel_pkg::LookupAddressWidth
) (
  input  logic                      clk_i,
  input  logic                      write_i,
  input  logic [AddressWidth-1:0]   write_address_i,
  input  logic [8*WordElements-1:0] write_data_i,
  input  logic                      read_i,
  input  logic [AddressWidth-1:0]   base_i,
  input  logic [8*Lanes-1:0]        codes_i,
  output logic [8*Lanes-1:0]        read_data_o
);

  localparam int WordShift = $clog2(WordElements);
  localparam int Words     = (1 << AddressWidth) / WordElements;
  localparam int WordWidth = AddressWidth - WordShift;

  genvar c;
  generate
    for (c = 0; c < Lanes; c = c + 1) begin : g_lane
      logic [AddressWidth-1:0]   address, address_q;
      logic [8*WordElements-1:0] word, entry;
      assign address = base_i + AddressWidth'(codes_i[8*c +: 8]);
      ram #(.Width(8*WordElements), .Depth(Words), .AddressWidth(WordWidth)) u_ram (
        .clk_i          (clk_i),
        .write_i        (write_i),
        .write_address_i(write_address_i[AddressWidth-1:WordShift]),
        .write_data_i   (write_data_i),
        .read_i         (read_i),
        .read_address_i (address[AddressWidth-1:WordShift]),
        .read_data_o    (word)
      );
      always_ff @(posedge clk_i) begin
        if (read_i) address_q <= address;
      end
      assign entry                 = word >> ((32'(address_q) & 32'(WordElements - 1)) * 8);
      assign read_data_o[8*c +: 8] = entry[7:0];
      logic unused_entry;
      assign unused_entry = &{1'b0, entry, address_q};
    end
  endgenerate

  logic unused_address;
  assign unused_address = &{1'b0, write_address_i};

endmodule

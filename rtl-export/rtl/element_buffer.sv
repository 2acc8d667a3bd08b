// SPDX-License-Identifier: Apache-2.0
// Memory of elements: some consecutive elements in and some consecutive elements out in every cycle, both from any element address.
//
//   read_data_o[i](t + 1) = element[read_address_i(t) + i],                    i = 0 .. ReadElements - 1, when read_i(t)
//   element[write_address_i + i] = write_data_i[write_offset_i + i],           i = 0 .. write_count_i - 1, when write_i;
//                                                                              write_offset_i + write_count_i is at most WordElements (a power of two)
//
// Element e lives in bank e mod Banks, row e / Banks; Banks is the least power of two that is at least ReadElements and WordElements, so a
// read and a write touch each bank at most once. Past the last row addresses go on at row 0.
module element_buffer #(
  parameter int Size         = 16,
  parameter int ElementWidth = accel_pkg::RequantizerElementWidth,
  parameter int ReadElements = 4,
  parameter int WordElements = accel_pkg::ElementsPerWord,
  parameter int AddressWidth = 4,
  parameter int OffsetWidth  = accel_pkg::WordOffsetWidth,
  parameter int CountWidth   = accel_pkg::WordCountWidth
) (
  input  logic                                 clk_i,
  input  logic                                 write_i,
  input  logic [AddressWidth-1:0]              write_address_i,
  input  logic [OffsetWidth-1:0]               write_offset_i,
  input  logic [CountWidth-1:0]                write_count_i,
  input  logic [WordElements*ElementWidth-1:0] write_data_i,
  input  logic                                 read_i,
  input  logic [AddressWidth-1:0]              read_address_i,
  output logic [ReadElements*ElementWidth-1:0] read_data_o
);

  localparam int BankShift = $clog2((ReadElements > WordElements) ? ReadElements : WordElements);
  localparam int Banks     = 1 << BankShift;
  localparam int BankWidth = (BankShift > 0) ? BankShift : 1;
  localparam int BankDepth = (Size + Banks - 1) / Banks;
  localparam int RowWidth  = (BankDepth > 1) ? $clog2(BankDepth) : 1;

  // Wide enough to hold a bank number, a row and an offset whatever the sizes are.
  localparam int WideWidth = AddressWidth + BankWidth + OffsetWidth;

  logic [WideWidth-1:0] read_address, write_address;
  logic [BankWidth-1:0] read_bank, read_bank_q, write_bank;
  logic [RowWidth-1:0]  read_row, next_read_row, write_row, next_write_row;

  assign read_address   = WideWidth'(read_address_i);
  assign write_address  = WideWidth'(write_address_i);
  assign read_bank      = BankWidth'(read_address & WideWidth'(Banks - 1));
  assign write_bank     = BankWidth'(write_address & WideWidth'(Banks - 1));
  assign read_row       = RowWidth'(read_address >> BankShift);
  assign write_row      = RowWidth'(write_address >> BankShift);
  assign next_read_row  = (read_row == RowWidth'(BankDepth - 1)) ? {RowWidth{1'b0}} : read_row + RowWidth'(1);
  assign next_write_row = (write_row == RowWidth'(BankDepth - 1)) ? {RowWidth{1'b0}} : write_row + RowWidth'(1);

  always_ff @(posedge clk_i) begin
    if (read_i) read_bank_q <= read_bank;
  end

  // The word, rotated so that its element write_offset_i comes to the place of bank write_bank; the number of elements is a power of two, as that of banks is.
  logic [WideWidth-1:0]                   rotation;
  logic [2*WordElements*ElementWidth-1:0] rotated_word;
  assign rotation     = (WideWidth'(write_offset_i) - write_address) & WideWidth'(WordElements - 1);
  assign rotated_word = {write_data_i, write_data_i} >> (32'(rotation) * ElementWidth);

  logic [Banks*ElementWidth-1:0] banks_data;

  genvar k;
  generate
    for (k = 0; k < Banks; k = k + 1) begin : g_bank
      // Place of this bank's element among those that are written.
      logic [WideWidth-1:0] place;
      assign place = (WideWidth'(k) - write_address) & WideWidth'(Banks - 1);
      ram #(.Width(ElementWidth), .Depth(BankDepth), .AddressWidth(RowWidth)) u_ram (
        .clk_i          (clk_i),
        .write_i        (write_i && 32'(place) < 32'(write_count_i)),
        .write_address_i((32'(k) < 32'(write_bank)) ? next_write_row : write_row),
        .write_data_i   (rotated_word[(k % WordElements)*ElementWidth +: ElementWidth]),
        .read_i         (read_i),
        .read_address_i ((32'(k) < 32'(read_bank)) ? next_read_row : read_row),
        .read_data_o    (banks_data[k*ElementWidth +: ElementWidth])
      );
    end
  endgenerate

  // Bank read_bank holds the first element.
  logic [2*Banks*ElementWidth-1:0] rotated;
  assign rotated     = {banks_data, banks_data} >> (32'(read_bank_q) * ElementWidth);
  assign read_data_o = rotated[ReadElements*ElementWidth-1:0];

  logic unused_high;
  assign unused_high = &{1'b0, rotated, rotated_word};

endmodule

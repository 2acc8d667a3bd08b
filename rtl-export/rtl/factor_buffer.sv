// SPDX-License-Identifier: Apache-2.0
// Memory of the elements of an activation tensor that serve as weights: some consecutive elements in, from any element address, and a line of elements out, apart by two
// pitches, in every cycle.
//
//   read_data_o[c*Lanes + l](t + 1) = element[read_address_i(t) + c*column_pitch_i(t) + l*lane_pitch_i(t)], sign-extended or cut to FactorWidth,
//                                     c = 0 .. Groups - 1, l = 0 .. Lanes - 1, when read_i(t)
//   element[write_address_i + i]    = write_data_i[write_offset_i + i],   i = 0 .. write_count_i - 1, when write_i; see element_buffer.sv
//
// Element e lives in bank e mod Banks, row e / Banks; Banks is the least power of two that holds a line and a memory word. The pitches must be such that the elements of a line
// lie in different banks (any first element): the scheduler pads pixels so. Addresses count modulo 2^AddressWidth; rows past the last read as row 0.
module factor_buffer #(
  parameter int Size         = 16,
  parameter int ElementWidth = accel_pkg::RequantizerElementWidth,
  parameter int FactorWidth  = accel_pkg::FactorWidth,
  parameter int Groups       = 4,
  parameter int Lanes        = 1,
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
  input  logic [AddressWidth-1:0]              column_pitch_i,
  input  logic [AddressWidth-1:0]              lane_pitch_i,
  output logic [Groups*Lanes*FactorWidth-1:0]  read_data_o
);

  localparam int Elements  = Groups * Lanes;
  localparam int BankShift = $clog2((Elements > WordElements) ? Elements : WordElements);
  localparam int Banks     = 1 << BankShift;
  localparam int BankWidth = (BankShift > 0) ? BankShift : 1;
  localparam int BankDepth = (Size + Banks - 1) / Banks;
  localparam int RowWidth  = (BankDepth > 1) ? $clog2(BankDepth) : 1;
  localparam int WideWidth = AddressWidth + BankWidth + OffsetWidth;

  // Where each element of the line is.
  logic [Elements*BankWidth-1:0] line_banks, line_banks_q;
  logic [Elements*RowWidth-1:0]  line_rows;

  genvar e, k;
  generate
    for (e = 0; e < Elements; e = e + 1) begin : g_element
      logic [AddressWidth-1:0] address, row;
      assign address = read_address_i + AddressWidth'(e / Lanes) * column_pitch_i + AddressWidth'(e % Lanes) * lane_pitch_i;
      assign row     = address >> BankShift;
      assign line_banks[e*BankWidth +: BankWidth] = BankWidth'(address & AddressWidth'(Banks - 1));
      assign line_rows[e*RowWidth +: RowWidth]    = (32'(row) < 32'(BankDepth)) ? RowWidth'(row) : {RowWidth{1'b0}};
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    if (read_i) line_banks_q <= line_banks;
  end

  // The word, rotated so that its element write_offset_i comes to the place of the bank of write_address_i.
  logic [WideWidth-1:0]                   write_address, rotation;
  logic [2*WordElements*ElementWidth-1:0] rotated_word;
  logic [BankWidth-1:0]                   write_bank;
  logic [RowWidth-1:0]                    write_row, next_write_row;
  assign write_address  = WideWidth'(write_address_i);
  assign write_bank     = BankWidth'(write_address & WideWidth'(Banks - 1));
  assign write_row      = RowWidth'(write_address >> BankShift);
  assign next_write_row = (write_row == RowWidth'(BankDepth - 1)) ? {RowWidth{1'b0}} : write_row + RowWidth'(1);
  assign rotation       = (WideWidth'(write_offset_i) - write_address) & WideWidth'(WordElements - 1);
  assign rotated_word   = {write_data_i, write_data_i} >> (32'(rotation) * ElementWidth);

  logic [Banks*ElementWidth-1:0] banks_data;
  generate
    for (k = 0; k < Banks; k = k + 1) begin : g_bank
      // Place of this bank's element among those that are written, and the row that a line reads of it.
      logic [WideWidth-1:0] place;
      logic [RowWidth-1:0]  read_row;
      integer               i;
      assign place = (WideWidth'(k) - write_address) & WideWidth'(Banks - 1);
      always_comb begin
        read_row = {RowWidth{1'b0}};
        for (i = 0; i < Elements; i = i + 1) begin
          if (line_banks[i*BankWidth +: BankWidth] == BankWidth'(k)) read_row = read_row | line_rows[i*RowWidth +: RowWidth];
        end
      end
      ram #(.Width(ElementWidth), .Depth(BankDepth), .AddressWidth(RowWidth)) u_ram (
        .clk_i          (clk_i),
        .write_i        (write_i && 32'(place) < 32'(write_count_i)),
        .write_address_i((32'(k) < 32'(write_bank)) ? next_write_row : write_row),
        .write_data_i   (rotated_word[(k % WordElements)*ElementWidth +: ElementWidth]),
        .read_i         (read_i),
        .read_address_i (read_row),
        .read_data_o    (banks_data[k*ElementWidth +: ElementWidth])
      );
    end

    for (e = 0; e < Elements; e = e + 1) begin : g_weight
      logic [BankWidth-1:0]                bank;
      logic [ElementWidth-1:0]             element;
      logic [ElementWidth+FactorWidth-1:0] extended;
      assign bank     = line_banks_q[e*BankWidth +: BankWidth];
      assign element  = banks_data[32'(bank)*ElementWidth +: ElementWidth];
      assign extended = {{FactorWidth{element[ElementWidth-1]}}, element};
      assign read_data_o[e*FactorWidth +: FactorWidth] = extended[FactorWidth-1:0];
      logic unused_high;
      assign unused_high = &{1'b0, extended};
    end
  endgenerate

  logic unused_word;
  assign unused_word = &{1'b0, rotated_word};

endmodule

// SPDX-License-Identifier: Apache-2.0
// Activation memory: aligned words in, vectors of consecutive elements from any element address out.
//
//   read_data_o[i](t + 1) = element[read_address_i(t) + i],  i = 0 .. VectorElements - 1
//   element[write_address_i + k] = write_data_i[k],          k = 0 .. WordElements - 1, write_address_i a multiple of WordElements
//
// Element e lives in bank e mod Banks, row e / Banks; Banks is the least power of two that is at least VectorElements and WordElements, so a
// read and a write touch each bank at most once. A read past the last row goes on at row 0.
module activation_buffer #(
  parameter int Size           = accel_pkg::BuffersActivationSize,
  parameter int ElementWidth   = accel_pkg::RequantizerElementWidth,
  parameter int VectorElements = accel_pkg::ActivationReadElements,
  parameter int WordElements   = accel_pkg::ElementsPerWord,
  parameter int AddressWidth   = accel_pkg::ActivationAddressWidth
) (
  input  logic                                   clk_i,
  input  logic                                   write_i,
  input  logic [AddressWidth-1:0]                write_address_i,
  input  logic [WordElements*ElementWidth-1:0]   write_data_i,
  input  logic                                   read_i,
  input  logic [AddressWidth-1:0]                read_address_i,
  output logic [VectorElements*ElementWidth-1:0] read_data_o
);

  localparam int BankShift   = $clog2((VectorElements > WordElements) ? VectorElements : WordElements);
  localparam int Banks       = 1 << BankShift;
  localparam int OffsetWidth = (BankShift > 0) ? BankShift : 1;
  localparam int BankDepth   = (Size + Banks - 1) / Banks;
  localparam int RowWidth    = (BankDepth > 1) ? $clog2(BankDepth) : 1;

  // Wide enough to hold a bank number and a row whatever the size is.
  localparam int WideWidth = AddressWidth + OffsetWidth;

  logic [WideWidth-1:0]   read_address, write_address;
  logic [OffsetWidth-1:0] read_offset, read_offset_q, write_offset;
  logic [RowWidth-1:0]    read_row, next_row, write_row;

  assign read_address  = WideWidth'(read_address_i);
  assign write_address = WideWidth'(write_address_i);
  assign read_offset   = OffsetWidth'(read_address & WideWidth'(Banks - 1));
  assign write_offset  = OffsetWidth'(write_address & WideWidth'(Banks - 1));
  assign read_row      = RowWidth'(read_address >> BankShift);
  assign write_row     = RowWidth'(write_address >> BankShift);
  assign next_row      = (read_row == RowWidth'(BankDepth - 1)) ? {RowWidth{1'b0}} : read_row + RowWidth'(1);

  always_ff @(posedge clk_i) begin
    if (read_i) read_offset_q <= read_offset;
  end

  logic [Banks*ElementWidth-1:0] banks_data;

  genvar k;
  generate
    for (k = 0; k < Banks; k = k + 1) begin : g_bank
      ram #(.Width(ElementWidth), .Depth(BankDepth), .AddressWidth(RowWidth)) u_ram (
        .clk_i          (clk_i),
        .write_i        (write_i && write_offset == OffsetWidth'(k - k % WordElements)),
        .write_address_i(write_row),
        .write_data_i   (write_data_i[(k % WordElements)*ElementWidth +: ElementWidth]),
        .read_i         (read_i),
        .read_address_i ((32'(k) < 32'(read_offset)) ? next_row : read_row),
        .read_data_o    (banks_data[k*ElementWidth +: ElementWidth])
      );
    end
  endgenerate

  // Bank read_offset holds the vector's first element.
  logic [2*Banks*ElementWidth-1:0] rotated;
  assign rotated     = {banks_data, banks_data} >> (32'(read_offset_q) * ElementWidth);
  assign read_data_o = rotated[VectorElements*ElementWidth-1:0];

  logic unused_high;
  assign unused_high = &{1'b0, rotated};

endmodule

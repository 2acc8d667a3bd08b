// SPDX-License-Identifier: Apache-2.0
// Executes a store: the first `channels` elements of output word output_address + y*columns + x go to element address
// memory_address + y*row_pitch + x*pixel_pitch, one beat for each memory word that they touch, in rising order, with byte strobes.
//
// start_i sets up; the first output word is read in the next cycle, each further one in the cycle of the last beat of the word before, so that
// a beat can follow in every cycle. last_o marks the last beat. Bytes without a strobe are zero in write_data_o. Bound by the DMA engine only.
module store_unit #(
  parameter int Columns            = accel_pkg::ArrayColumns,
  parameter int ElementWidth       = accel_pkg::RequantizerElementWidth,
  parameter int WordElements       = accel_pkg::ElementsPerWord,
  parameter int InstructionWidth   = accel_pkg::StoreWidth,
  parameter int MemoryAddressWidth = accel_pkg::MemoryAddressWidth,
  parameter int OutputAddressWidth = accel_pkg::OutputAddressWidth
) (
  input  logic                                   clk_i,
  input  logic                                   rst_ni,
  input  logic                                   start_i,
  input  logic [InstructionWidth-1:0]            instruction_i,
  input  logic                                   beat_i,
  output logic                                   last_o,

  output logic                                   output_read_o,
  output logic [OutputAddressWidth-1:0]          output_address_o,
  input  logic [Columns*ElementWidth-1:0]        output_data_i,

  output logic [MemoryAddressWidth-1:0]          memory_address_o,
  output logic [WordElements*ElementWidth-1:0]   write_data_o,
  output logic [WordElements*ElementWidth/8-1:0] write_strobe_o
);

  localparam int CountWidth   = accel_pkg::LoopWidth;
  localparam int WordShift    = $clog2(WordElements);
  localparam int ElementBytes = ElementWidth / 8;

  // Positions inside a pixel, counted in elements from the start of its first memory word: below Columns + 2 * WordElements.
  localparam int PositionWidth = $clog2(Columns + 2*WordElements + 1);

  // Fields.
  logic [CountWidth-1:0]         rows, columns;
  logic [MemoryAddressWidth-1:0] row_pitch, pixel_pitch;
  logic [PositionWidth-1:0]      channels;
  assign rows        = instruction_i[accel_pkg::StoreRowsLsb +: accel_pkg::StoreRowsWidth];
  assign columns     = instruction_i[accel_pkg::StoreColumnsLsb +: accel_pkg::StoreColumnsWidth];
  assign row_pitch   = instruction_i[accel_pkg::StoreRowPitchLsb +: accel_pkg::StoreRowPitchWidth];
  assign pixel_pitch = instruction_i[accel_pkg::StorePixelPitchLsb +: accel_pkg::StorePixelPitchWidth];
  assign channels    = PositionWidth'(instruction_i[accel_pkg::StoreChannelsLsb +: accel_pkg::StoreChannelsWidth]);

  // Pixel loop nest; counters hold what is left, the present pixel included. Addresses are in elements.
  logic                          first_cycle_q;
  logic [CountWidth-1:0]         rows_q, columns_q;
  logic [MemoryAddressWidth-1:0] row_address_q, pixel_address_q;
  logic [OutputAddressWidth-1:0] output_q;
  logic [PositionWidth-1:0]      position_q;  // of the present beat's first element
  logic [PositionWidth-1:0]      offset;      // of the pixel's first element
  logic                          last_beat, last_column;
  assign offset      = PositionWidth'(pixel_address_q & MemoryAddressWidth'(WordElements - 1));
  assign last_beat   = position_q + PositionWidth'(WordElements) >= offset + channels;
  assign last_column = columns_q == CountWidth'(1);
  assign last_o      = beat_i && last_beat && last_column && rows_q == CountWidth'(1);

  assign output_read_o    = first_cycle_q || (beat_i && last_beat);
  assign output_address_o = output_q;
  assign memory_address_o = (pixel_address_q >> WordShift) + (MemoryAddressWidth'(position_q) >> WordShift);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) first_cycle_q <= 1'b0;
    else         first_cycle_q <= start_i;
  end

  always_ff @(posedge clk_i) begin
    if (start_i) begin
      rows_q          <= rows;
      columns_q       <= columns;
      row_address_q   <= instruction_i[accel_pkg::StoreMemoryAddressLsb +: accel_pkg::StoreMemoryAddressWidth];
      pixel_address_q <= instruction_i[accel_pkg::StoreMemoryAddressLsb +: accel_pkg::StoreMemoryAddressWidth];
      output_q        <= instruction_i[accel_pkg::StoreOutputAddressLsb +: accel_pkg::StoreOutputAddressWidth];
      position_q      <= {PositionWidth{1'b0}};
    end else begin
      if (output_read_o) output_q <= output_q + OutputAddressWidth'(1);
      if (beat_i && !last_beat) begin
        position_q <= position_q + PositionWidth'(WordElements);
      end else if (beat_i) begin
        position_q <= {PositionWidth{1'b0}};
        if (last_column) begin
          columns_q       <= columns;
          rows_q          <= rows_q - CountWidth'(1);
          row_address_q   <= row_address_q + row_pitch;
          pixel_address_q <= row_address_q + row_pitch;
        end else begin
          columns_q       <= columns_q - CountWidth'(1);
          pixel_address_q <= pixel_address_q + pixel_pitch;
        end
      end
    end
  end

  // Element k of the beat is element position + k - offset of the output word.
  logic [(Columns+WordElements)*ElementWidth-1:0] padded, aligned;
  assign padded  = {output_data_i, {(WordElements*ElementWidth){1'b0}}};
  assign aligned = padded >> ((32'(position_q) + 32'(WordElements) - 32'(offset)) * ElementWidth);

  genvar k;
  generate
    for (k = 0; k < WordElements; k = k + 1) begin : g_element
      logic stored;
      // Below the offset the difference wraps around to more than any number of channels.
      assign stored = position_q + PositionWidth'(k) - offset < channels;
      assign write_strobe_o[k*ElementBytes +: ElementBytes] = {ElementBytes{stored}};
      assign write_data_o[k*ElementWidth +: ElementWidth]   = aligned[k*ElementWidth +: ElementWidth] & {ElementWidth{stored}};
    end
  endgenerate

  logic unused_ok;
  assign unused_ok = &{1'b0, instruction_i, aligned};

endmodule

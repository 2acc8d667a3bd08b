// SPDX-License-Identifier: Apache-2.0
// Executes a store (docs/architecture.md, section 3). Pixel (y, x) is output word output_address + y*columns + x; its element first_channel + c, c < channels, goes to element address
// memory_address + y*row_pitch + x*pixel_pitch + c*channel_pitch of external memory, or of the activation buffer (forwarding).
//
//   channel_pitch 1:      a beat for each memory word that a pixel touches, in rising order; elements count_o from offset_o on
//   else:                 a beat for each element
//   fill (forwarding, channel_pitch 1): fill_code to all elements, ElementsPerWord a beat from the pixel's address on; no output word is read
//
// With per_frame set, memory_address moves on by frame_stride_i with each frame (frame_address.sv).
// To memory: memory_address_o, write_data_o, write_strobe_o. Forwarding: local_o, and activation_write_o with activation_address_o, offset_o, count_o, write_data_o.
// start_i sets up; the first output word is read in the next cycle, each further one in the cycle of the last beat of the word before, so that
// a beat can follow in every cycle. last_o marks the last beat. Elements that are not stored are zero in write_data_o. Bound by the DMA engine only.
module store_unit #(
  parameter int Columns                = accel_pkg::ArrayColumns,
  parameter int ElementWidth           = accel_pkg::RequantizerElementWidth,
  parameter int WordElements           = accel_pkg::ElementsPerWord,
  parameter int InstructionWidth       = accel_pkg::StoreWidth,
  parameter int MemoryAddressWidth     = accel_pkg::MemoryAddressWidth,
  parameter int OutputAddressWidth     = accel_pkg::OutputAddressWidth,
  parameter int ActivationAddressWidth = accel_pkg::ActivationAddressWidth,
  parameter int OffsetWidth            = accel_pkg::WordOffsetWidth,
  parameter int CountWidth             = accel_pkg::WordCountWidth
) (
  input  logic                                   clk_i,
  input  logic                                   rst_ni,
  input  logic                                   start_i,
  input  logic                                   program_i,
  input  logic                                   next_frame_i,
  input  logic [MemoryAddressWidth-1:0]          frame_stride_i,
  input  logic [InstructionWidth-1:0]            instruction_i,
  input  logic                                   beat_i,
  output logic                                   last_o,
  output logic                                   local_o,

  output logic                                   output_read_o,
  output logic [OutputAddressWidth-1:0]          output_address_o,
  input  logic [Columns*ElementWidth-1:0]        output_data_i,

  output logic [MemoryAddressWidth-1:0]          memory_address_o,
  output logic [WordElements*ElementWidth-1:0]   write_data_o,
  output logic [WordElements*ElementWidth/8-1:0] write_strobe_o,

  output logic                                   activation_write_o,
  output logic [ActivationAddressWidth-1:0]      activation_address_o,
  output logic [OffsetWidth-1:0]                 offset_o,
  output logic [CountWidth-1:0]                  count_o
);

  localparam int LoopWidth    = accel_pkg::LoopWidth;
  localparam int ChannelWidth = accel_pkg::StoreChannelsWidth;
  localparam int WordShift    = $clog2(WordElements);
  localparam int ElementBytes = ElementWidth / 8;

  // Holds a channel, and the elements of a memory word beside it.
  localparam int StepWidth    = ((ChannelWidth > CountWidth) ? ChannelWidth : CountWidth) + 1;

  // Fields.
  logic [LoopWidth-1:0]          rows, columns;
  logic [MemoryAddressWidth-1:0] memory_address, row_pitch, pixel_pitch, channel_pitch;
  logic [StepWidth-1:0]          channels, first_channel;
  logic                          forward, fill, contiguous;
  assign rows           = instruction_i[accel_pkg::StoreRowsLsb +: accel_pkg::StoreRowsWidth];
  assign columns        = instruction_i[accel_pkg::StoreColumnsLsb +: accel_pkg::StoreColumnsWidth];
  assign row_pitch      = instruction_i[accel_pkg::StoreRowPitchLsb +: accel_pkg::StoreRowPitchWidth];
  assign pixel_pitch    = instruction_i[accel_pkg::StorePixelPitchLsb +: accel_pkg::StorePixelPitchWidth];
  assign channel_pitch  = instruction_i[accel_pkg::StoreChannelPitchLsb +: accel_pkg::StoreChannelPitchWidth];
  assign channels       = StepWidth'(instruction_i[accel_pkg::StoreChannelsLsb +: accel_pkg::StoreChannelsWidth]);
  assign first_channel  = StepWidth'(instruction_i[accel_pkg::StoreFirstChannelLsb +: accel_pkg::StoreFirstChannelWidth]);
  assign forward        = 32'(instruction_i[accel_pkg::StoreTargetLsb +: accel_pkg::StoreTargetWidth]) == accel_pkg::StoreTargetActivation;
  assign fill           = instruction_i[accel_pkg::StoreFillLsb];
  assign contiguous     = channel_pitch == MemoryAddressWidth'(1);

  frame_address #(.AddressWidth(MemoryAddressWidth)) u_address (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .program_i   (program_i),
    .next_frame_i(next_frame_i),
    .stride_i    (frame_stride_i),
    .per_frame_i (instruction_i[accel_pkg::StorePerFrameLsb]),
    .address_i   (instruction_i[accel_pkg::StoreMemoryAddressLsb +: accel_pkg::StoreMemoryAddressWidth]),
    .address_o   (memory_address)
  );

  // Pixel loop nest; counters hold what is left, the present pixel included. Addresses, of the row, the pixel and the beat's first element, are in elements.
  logic                          first_cycle_q;
  logic [LoopWidth-1:0]          rows_q, columns_q;
  logic [MemoryAddressWidth-1:0] row_address_q, pixel_address_q, address_q, next_pixel;
  logic [OutputAddressWidth-1:0] output_q;
  logic [StepWidth-1:0]          channel_q;  // of the beat's first element
  logic [StepWidth-1:0]          offset, step, left, count;
  logic                          last_beat, last_column;
  assign offset      = StepWidth'(address_q & MemoryAddressWidth'(WordElements - 1));
  assign step        = !contiguous ? StepWidth'(1) : fill ? StepWidth'(WordElements) : StepWidth'(WordElements) - offset;
  assign left        = first_channel + channels - channel_q;
  assign last_beat   = left <= step;
  assign count       = last_beat ? left : step;
  assign last_column = columns_q == LoopWidth'(1);
  assign next_pixel  = last_column ? row_address_q + row_pitch : pixel_address_q + pixel_pitch;

  assign last_o               = beat_i && last_beat && last_column && rows_q == LoopWidth'(1);
  assign local_o              = forward;
  assign output_read_o        = (first_cycle_q || (beat_i && last_beat)) && !fill;
  assign output_address_o     = output_q;
  assign memory_address_o     = address_q >> WordShift;
  assign activation_write_o   = beat_i && forward;
  assign activation_address_o = address_q[ActivationAddressWidth-1:0];
  assign count_o              = count[CountWidth-1:0];

  // A fill's word holds the same code everywhere.
  assign offset_o             = fill ? {OffsetWidth{1'b0}} : offset[OffsetWidth-1:0];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) first_cycle_q <= 1'b0;
    else         first_cycle_q <= start_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rows_q          <= {LoopWidth{1'b0}};
      columns_q       <= {LoopWidth{1'b0}};
      row_address_q   <= {MemoryAddressWidth{1'b0}};
      pixel_address_q <= {MemoryAddressWidth{1'b0}};
      address_q       <= {MemoryAddressWidth{1'b0}};
      output_q        <= {OutputAddressWidth{1'b0}};
      channel_q       <= {StepWidth{1'b0}};
    end else if (start_i) begin
      rows_q          <= rows;
      columns_q       <= columns;
      row_address_q   <= memory_address;
      pixel_address_q <= memory_address;
      address_q       <= memory_address;
      output_q        <= instruction_i[accel_pkg::StoreOutputAddressLsb +: accel_pkg::StoreOutputAddressWidth];
      channel_q       <= first_channel;
    end else begin
      if (output_read_o) output_q <= output_q + OutputAddressWidth'(1);
      if (beat_i && !last_beat) begin
        channel_q <= channel_q + step;
        address_q <= address_q + (contiguous ? MemoryAddressWidth'(step) : channel_pitch);
      end else if (beat_i) begin
        channel_q       <= first_channel;
        address_q       <= next_pixel;
        pixel_address_q <= next_pixel;
        if (last_column) begin
          columns_q     <= columns;
          rows_q        <= rows_q - LoopWidth'(1);
          row_address_q <= next_pixel;
        end else begin
          columns_q     <= columns_q - LoopWidth'(1);
        end
      end
    end
  end

  // Element k of the memory word is element channel_q + k - offset of the output word.
  logic [(Columns+WordElements)*ElementWidth-1:0] padded, aligned;
  assign padded  = {output_data_i, {(WordElements*ElementWidth){1'b0}}};
  assign aligned = padded >> ((32'(channel_q) + 32'(WordElements) - 32'(offset)) * ElementWidth);

  genvar k;
  generate
    for (k = 0; k < WordElements; k = k + 1) begin : g_element
      logic                    stored;
      logic [ElementWidth-1:0] element;
      // Below the offset the difference wraps around to more than any count.
      assign stored  = StepWidth'(k) - offset < count;
      assign element = aligned[k*ElementWidth +: ElementWidth] & {ElementWidth{stored}};
      assign write_strobe_o[k*ElementBytes +: ElementBytes] = {ElementBytes{stored}};
      assign write_data_o[k*ElementWidth +: ElementWidth]   = fill ? instruction_i[accel_pkg::StoreFillCodeLsb +: accel_pkg::StoreFillCodeWidth] : element;
    end
  endgenerate

  logic unused_ok;
  assign unused_ok = &{1'b0, instruction_i, aligned, offset, count};

endmodule

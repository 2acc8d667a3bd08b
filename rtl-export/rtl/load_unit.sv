// SPDX-License-Identifier: Apache-2.0
// Executes a load (docs/architecture.md, section 3): one beat, that is one memory word or one word of a fill, for each beat_i.
//
//   activation, operand,
//   factor:               a rectangle of runs of elements. Run (y, x) goes from element a = memory_address + y*memory_row_pitch + x*memory_column_pitch of
//                         external memory to element buffer_address + y*buffer_row_pitch + x*buffer_column_pitch: a beat for each memory word
//                         that it touches, of which count_o elements from offset_o on are written
//   the same with fill:   fill_code instead, ElementsPerWord elements a beat; local_o, since no memory takes part (its memory fields are zero)
//   weight, parameter:    beat i is word i mod W of line buffer_address + i / W, W the memory words of a line
//   lookup:               beat i holds entries buffer_address + i * ElementsPerWord ...
//
// With per_frame set, memory_address moves on by frame_stride_i with each frame (frame_address.sv).
// start_i (the instruction is on instruction_i) sets up; each beat_i writes write_data_o in the same cycle; last_o marks the last beat. Bound by the DMA engine only.
module load_unit #(
  parameter int InstructionWidth   = accel_pkg::LoadWidth,
  parameter int ElementWidth       = accel_pkg::RequantizerElementWidth,
  parameter int WordElements       = accel_pkg::ElementsPerWord,
  parameter int MemoryAddressWidth = accel_pkg::MemoryAddressWidth,
  parameter int BufferAddressWidth = accel_pkg::DestinationAddressWidth,
  parameter int WordSelectWidth    = accel_pkg::LineWordSelectWidth,
  parameter int OffsetWidth        = accel_pkg::WordOffsetWidth,
  parameter int CountWidth         = accel_pkg::WordCountWidth
) (
  input  logic                                 clk_i,
  input  logic                                 rst_ni,
  input  logic                                 start_i,
  input  logic                                 program_i,
  input  logic                                 next_frame_i,
  input  logic [MemoryAddressWidth-1:0]        frame_stride_i,
  input  logic [InstructionWidth-1:0]          instruction_i,
  input  logic                                 beat_i,
  output logic                                 last_o,
  output logic                                 local_o,
  output logic [MemoryAddressWidth-1:0]        memory_address_o,
  input  logic [WordElements*ElementWidth-1:0] memory_data_i,

  output logic                                 activation_write_o,
  output logic                                 weight_write_o,
  output logic                                 parameter_write_o,
  output logic                                 operand_write_o,
  output logic                                 lookup_write_o,
  output logic                                 factor_write_o,
  output logic [BufferAddressWidth-1:0]        buffer_address_o,
  output logic [WordSelectWidth-1:0]           word_o,
  output logic [OffsetWidth-1:0]               offset_o,
  output logic [CountWidth-1:0]                count_o,
  output logic [WordElements*ElementWidth-1:0] write_data_o
);

  localparam int LoopWidth   = accel_pkg::LoopWidth;
  localparam int WordShift   = $clog2(WordElements);
  localparam int LengthWidth = (accel_pkg::LoadBeatsWidth > accel_pkg::LoadRunWidth) ? accel_pkg::LoadBeatsWidth : accel_pkg::LoadRunWidth;

  // Fields.
  logic [accel_pkg::LoadTargetWidth-1:0] target;
  logic                                  to_activation, to_weight, to_parameter, to_operand, to_lookup, to_factor, in_runs, fill;
  logic [LoopWidth-1:0]                  rows, columns;
  logic [MemoryAddressWidth-1:0]         memory_address, memory_row_pitch, memory_column_pitch;
  logic [BufferAddressWidth-1:0]         buffer_address, buffer_row_pitch, buffer_column_pitch;
  logic [LengthWidth-1:0]                length;
  assign target              = instruction_i[accel_pkg::LoadTargetLsb +: accel_pkg::LoadTargetWidth];
  assign to_activation       = 32'(target) == accel_pkg::LoadTargetActivation;
  assign to_weight           = 32'(target) == accel_pkg::LoadTargetWeight;
  assign to_parameter        = 32'(target) == accel_pkg::LoadTargetParameter;
  assign to_operand          = 32'(target) == accel_pkg::LoadTargetOperand;
  assign to_lookup           = 32'(target) == accel_pkg::LoadTargetLookup;
  assign to_factor           = 32'(target) == accel_pkg::LoadTargetFactor;
  assign in_runs             = to_activation || to_operand || to_factor;
  assign fill                = instruction_i[accel_pkg::LoadFillLsb];
  assign rows                = instruction_i[accel_pkg::LoadRowsLsb +: accel_pkg::LoadRowsWidth];
  assign columns             = instruction_i[accel_pkg::LoadColumnsLsb +: accel_pkg::LoadColumnsWidth];
  assign memory_row_pitch    = instruction_i[accel_pkg::LoadMemoryRowPitchLsb +: accel_pkg::LoadMemoryRowPitchWidth];
  assign memory_column_pitch = instruction_i[accel_pkg::LoadMemoryColumnPitchLsb +: accel_pkg::LoadMemoryColumnPitchWidth];
  assign buffer_address      = instruction_i[accel_pkg::LoadBufferAddressLsb +: accel_pkg::LoadBufferAddressWidth];
  assign buffer_row_pitch    = instruction_i[accel_pkg::LoadBufferRowPitchLsb +: accel_pkg::LoadBufferRowPitchWidth];
  assign buffer_column_pitch = instruction_i[accel_pkg::LoadBufferColumnPitchLsb +: accel_pkg::LoadBufferColumnPitchWidth];
  assign length              = in_runs ? LengthWidth'(instruction_i[accel_pkg::LoadRunLsb +: accel_pkg::LoadRunWidth])
                                       : LengthWidth'(instruction_i[accel_pkg::LoadBeatsLsb +: accel_pkg::LoadBeatsWidth]);

  frame_address #(.AddressWidth(MemoryAddressWidth)) u_address (
    .clk_i       (clk_i),
    .rst_ni      (rst_ni),
    .program_i   (program_i),
    .next_frame_i(next_frame_i),
    .stride_i    (frame_stride_i),
    .per_frame_i (instruction_i[accel_pkg::LoadPerFrameLsb]),
    .address_i   (instruction_i[accel_pkg::LoadMemoryAddressLsb +: accel_pkg::LoadMemoryAddressWidth]),
    .address_o   (memory_address)
  );

  // Counters hold what is left, the present one included: rows, runs of the row, and of the run elements (of anything else words, which is one run).
  // Addresses are those of the row, of the run, and of the beat's first element (word).
  logic [LoopWidth-1:0]          rows_q, columns_q;
  logic [LengthWidth-1:0]        remaining_q;
  logic [MemoryAddressWidth-1:0] memory_row_q, memory_run_q, memory_q, next_memory;
  logic [BufferAddressWidth-1:0] buffer_row_q, buffer_run_q, buffer_q, next_buffer;
  logic [WordSelectWidth-1:0]    word_q;

  logic [MemoryAddressWidth-1:0] offset;
  logic [LengthWidth-1:0]        step, count;
  logic                          last_beat, last_column, last_word;
  assign offset      = memory_q & MemoryAddressWidth'(WordElements - 1);
  assign step        = in_runs ? LengthWidth'(WordElements) - LengthWidth'(offset) : LengthWidth'(1);
  assign last_beat   = remaining_q <= step;
  assign count       = last_beat ? remaining_q : step;
  assign last_column = columns_q == LoopWidth'(1);
  assign last_word   = word_q == (to_weight ? WordSelectWidth'(accel_pkg::WeightLineWords - 1) : WordSelectWidth'(accel_pkg::ParameterLineWords - 1));
  assign next_memory = last_column ? memory_row_q + memory_row_pitch : memory_run_q + memory_column_pitch;
  assign next_buffer = last_column ? buffer_row_q + buffer_row_pitch : buffer_run_q + buffer_column_pitch;

  assign last_o             = beat_i && last_beat && last_column && rows_q == LoopWidth'(1);
  assign local_o            = fill;
  assign memory_address_o   = in_runs ? memory_q >> WordShift : memory_q;
  assign activation_write_o = beat_i && to_activation;
  assign weight_write_o     = beat_i && to_weight;
  assign parameter_write_o  = beat_i && to_parameter;
  assign operand_write_o    = beat_i && to_operand;
  assign lookup_write_o     = beat_i && to_lookup;
  assign factor_write_o     = beat_i && to_factor;
  assign buffer_address_o   = buffer_q;
  assign word_o             = word_q;
  assign offset_o           = offset[OffsetWidth-1:0];
  assign count_o            = count[CountWidth-1:0];
  assign write_data_o       = fill ? {WordElements{instruction_i[accel_pkg::LoadFillCodeLsb +: accel_pkg::LoadFillCodeWidth]}} : memory_data_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rows_q       <= {LoopWidth{1'b0}};
      columns_q    <= {LoopWidth{1'b0}};
      remaining_q  <= {LengthWidth{1'b0}};
      memory_row_q <= {MemoryAddressWidth{1'b0}};
      memory_run_q <= {MemoryAddressWidth{1'b0}};
      memory_q     <= {MemoryAddressWidth{1'b0}};
      buffer_row_q <= {BufferAddressWidth{1'b0}};
      buffer_run_q <= {BufferAddressWidth{1'b0}};
      buffer_q     <= {BufferAddressWidth{1'b0}};
      word_q       <= {WordSelectWidth{1'b0}};
    end else if (start_i) begin
      rows_q       <= rows;
      columns_q    <= columns;
      remaining_q  <= length;
      memory_row_q <= memory_address;
      memory_run_q <= memory_address;
      memory_q     <= memory_address;
      buffer_row_q <= buffer_address;
      buffer_run_q <= buffer_address;
      buffer_q     <= buffer_address;
      word_q       <= {WordSelectWidth{1'b0}};
    end else if (beat_i && !last_beat) begin
      remaining_q <= remaining_q - step;
      memory_q    <= memory_q + MemoryAddressWidth'(step);
      if (in_runs) begin
        buffer_q <= buffer_q + BufferAddressWidth'(step);
      end else if (to_lookup) begin
        buffer_q <= buffer_q + BufferAddressWidth'(WordElements);
      end else if (last_word) begin
        buffer_q <= buffer_q + BufferAddressWidth'(1);
        word_q   <= {WordSelectWidth{1'b0}};
      end else begin
        word_q   <= word_q + WordSelectWidth'(1);
      end
    end else if (beat_i) begin
      remaining_q  <= length;
      memory_run_q <= next_memory;
      memory_q     <= next_memory;
      buffer_run_q <= next_buffer;
      buffer_q     <= next_buffer;
      if (last_column) begin
        columns_q    <= columns;
        rows_q       <= rows_q - LoopWidth'(1);
        memory_row_q <= next_memory;
        buffer_row_q <= next_buffer;
      end else begin
        columns_q    <= columns_q - LoopWidth'(1);
      end
    end
  end

  logic unused_ok;
  assign unused_ok = &{1'b0, instruction_i, offset, count};

endmodule

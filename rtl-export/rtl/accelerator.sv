// SPDX-License-Identifier: Apache-2.0
// The accelerator: load, array, vector and store unit with their programs, semaphores, buffers and the memory port.
// Cycle by cycle and bit by bit the machine of docs/architecture.md; every size comes from accel_pkg, every network is data.
//
// Host: while busy_o is low, host_write_i writes host_data_i to host_address_i:
//   address[31:28] = 0..3  word address[3:0] of instruction address[27:4] of unit 0..3 (load, array, vector, store)
//   address[31:28] = 4     number of instructions of unit address[1:0]
//   address[31:28] = 5     count of semaphore address[4:0] at cycle 0
//   address[31:28] = 6     word address[4:0] of run_control.sv: frames, frame stride, load prologue
// start_i for one cycle starts a run of one or more frames; the next cycle is cycle 0. busy_o is high until every unit has ended its last instruction of the last frame.
//
// Memory: a beat happens in a cycle with mem_req_o and mem_ack_i; see dma_engine.sv. mem_addr_o counts words of MemoryBytesPerCycle bytes.
//
// Events, one bit per unit in the order load, array, vector, store: fetch, start (last wait cycle), end (last run cycle), completion (last write).
module accelerator (
  input  logic                                      clk_i,
  input  logic                                      rst_ni,

  input  logic                                      host_write_i,
  input  logic [31:0]                               host_address_i,
  input  logic [31:0]                               host_data_i,
  input  logic                                      start_i,
  output logic                                      busy_o,

  output logic                                      mem_req_o,
  output logic                                      mem_write_o,
  output logic                                      mem_first_o,
  output logic [accel_pkg::MemoryAddressWidth-1:0]  mem_addr_o,
  output logic [8*accel_pkg::MemoryBytesPerCycle-1:0] mem_wdata_o,
  output logic [accel_pkg::MemoryBytesPerCycle-1:0] mem_wstrb_o,
  input  logic                                      mem_ack_i,
  input  logic [8*accel_pkg::MemoryBytesPerCycle-1:0] mem_rdata_i,

  output logic [3:0]                                event_fetch_o,
  output logic [3:0]                                event_start_o,
  output logic [3:0]                                event_end_o,
  output logic [3:0]                                event_completion_o
);

  localparam int Load   = 0;
  localparam int Array  = 1;
  localparam int Vector = 2;
  localparam int Store  = 3;

  localparam int Semaphores = accel_pkg::SemaphoreCount;
  localparam int PA         = accel_pkg::ProgramAddressWidth;

  // Semaphores signalled in an instruction's end cycle, and those signalled in its completion cycle.
  localparam logic [Semaphores-1:0] FreeMask = Semaphores'(accel_pkg::SemaphoreFreeMask);

  // ---------------------------------------------------------------- programs and sequencers

  logic [accel_pkg::LoadWidth-1:0]   load_instruction;
  logic [accel_pkg::MatmulWidth-1:0] array_instruction;
  logic [accel_pkg::VectorWidth-1:0] vector_instruction;
  logic [accel_pkg::StoreWidth-1:0]  store_instruction;

  logic [3:0]            unit_fetch, unit_start, unit_run, unit_end, unit_last, unit_next_frame, unit_idle;
  logic [Semaphores-1:0] load_waits, load_signals, array_waits, array_signals, vector_waits, vector_signals, store_waits, store_signals;
  assign load_waits     = load_instruction[accel_pkg::LoadWaitsLsb +: accel_pkg::LoadWaitsWidth];
  assign load_signals   = load_instruction[accel_pkg::LoadSignalsLsb +: accel_pkg::LoadSignalsWidth];
  assign array_waits    = array_instruction[accel_pkg::MatmulWaitsLsb +: accel_pkg::MatmulWaitsWidth];
  assign array_signals  = array_instruction[accel_pkg::MatmulSignalsLsb +: accel_pkg::MatmulSignalsWidth];
  assign vector_waits   = vector_instruction[accel_pkg::VectorWaitsLsb +: accel_pkg::VectorWaitsWidth];
  assign vector_signals = vector_instruction[accel_pkg::VectorSignalsLsb +: accel_pkg::VectorSignalsWidth];
  assign store_waits    = store_instruction[accel_pkg::StoreWaitsLsb +: accel_pkg::StoreWaitsWidth];
  assign store_signals  = store_instruction[accel_pkg::StoreSignalsLsb +: accel_pkg::StoreSignalsWidth];

  logic [Semaphores-1:0] available, signalled, taken;
  logic                  start;
  assign start  = start_i && !busy_o;
  assign busy_o = unit_idle != 4'b1111;

  logic [accel_pkg::FrameCountWidth-1:0]                  frames;
  logic [accel_pkg::MemoryAddressWidth-1:0]               frame_stride;
  logic [PA-1:0]                                          prologue;
  logic [Semaphores*accel_pkg::SemaphoreInitialWidth-1:0] initial_counts;
  run_control u_run_control (
    .clk_i             (clk_i),
    .rst_ni            (rst_ni),
    .host_write_i      (host_write_i),
    .select_word_i     (host_address_i[31:28] == 4'd6),
    .select_semaphore_i(host_address_i[31:28] == 4'd5),
    .index_i           (host_address_i[4:0]),
    .host_data_i       (host_data_i),
    .frames_o          (frames),
    .frame_stride_o    (frame_stride),
    .prologue_o        (prologue),
    .initial_o         (initial_counts)
  );

  genvar u;
  generate
    for (u = 0; u < 4; u = u + 1) begin : g_unit
      logic [PA-1:0]         address;
      logic [PA:0]           length;
      logic [Semaphores-1:0] waits, take;
      logic                  select, select_length;
      assign select        = host_address_i[31:28] == 4'(u);
      assign select_length = host_address_i[31:28] == 4'd4 && host_address_i[1:0] == 2'(u);
      unit_sequencer u_sequencer (
        .clk_i          (clk_i),
        .rst_ni         (rst_ni),
        .start_program_i(start),
        .length_i       (length),
        .first_i        (u == Load ? prologue : {PA{1'b0}}),
        .frames_i       (frames),
        .waits_i        (waits),
        .available_i    (available),
        .take_o         (take),
        .last_i         (unit_last[u]),
        .fetch_o        (unit_fetch[u]),
        .address_o      (address),
        .start_o        (unit_start[u]),
        .run_o          (unit_run[u]),
        .end_o          (unit_end[u]),
        .next_frame_o   (unit_next_frame[u]),
        .idle_o         (unit_idle[u])
      );
    end
  endgenerate
  assign g_unit[Load].waits   = load_waits;
  assign g_unit[Array].waits  = array_waits;
  assign g_unit[Vector].waits = vector_waits;
  assign g_unit[Store].waits  = store_waits;
  assign taken                = g_unit[Load].take | g_unit[Array].take | g_unit[Vector].take | g_unit[Store].take;

  program_memory #(.InstructionWidth(accel_pkg::LoadWidth), .InstructionWords(accel_pkg::LoadWords)) u_load_program (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .host_write_i(host_write_i), .select_i(g_unit[Load].select), .select_length_i(g_unit[Load].select_length),
    .host_line_i(host_address_i[4 +: PA]), .host_word_i(host_address_i[3:0]), .host_data_i(host_data_i),
    .fetch_i(unit_fetch[Load]), .address_i(g_unit[Load].address), .instruction_o(load_instruction), .length_o(g_unit[Load].length)
  );
  program_memory #(.InstructionWidth(accel_pkg::MatmulWidth), .InstructionWords(accel_pkg::MatmulWords)) u_array_program (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .host_write_i(host_write_i), .select_i(g_unit[Array].select), .select_length_i(g_unit[Array].select_length),
    .host_line_i(host_address_i[4 +: PA]), .host_word_i(host_address_i[3:0]), .host_data_i(host_data_i),
    .fetch_i(unit_fetch[Array]), .address_i(g_unit[Array].address), .instruction_o(array_instruction), .length_o(g_unit[Array].length)
  );
  program_memory #(.InstructionWidth(accel_pkg::VectorWidth), .InstructionWords(accel_pkg::VectorWords)) u_vector_program (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .host_write_i(host_write_i), .select_i(g_unit[Vector].select), .select_length_i(g_unit[Vector].select_length),
    .host_line_i(host_address_i[4 +: PA]), .host_word_i(host_address_i[3:0]), .host_data_i(host_data_i),
    .fetch_i(unit_fetch[Vector]), .address_i(g_unit[Vector].address), .instruction_o(vector_instruction), .length_o(g_unit[Vector].length)
  );
  program_memory #(.InstructionWidth(accel_pkg::StoreWidth), .InstructionWords(accel_pkg::StoreWords)) u_store_program (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .host_write_i(host_write_i), .select_i(g_unit[Store].select), .select_length_i(g_unit[Store].select_length),
    .host_line_i(host_address_i[4 +: PA]), .host_word_i(host_address_i[3:0]), .host_data_i(host_data_i),
    .fetch_i(unit_fetch[Store]), .address_i(g_unit[Store].address), .instruction_o(store_instruction), .length_o(g_unit[Store].length)
  );

  semaphore_file u_semaphores (
    .clk_i      (clk_i),
    .rst_ni     (rst_ni),
    .clear_i    (start),
    .initial_i  (initial_counts),
    .signal_i   (signalled),
    .take_i     (taken),
    .available_o(available)
  );

  // ---------------------------------------------------------------- load, store and the memory port

  localparam int MemoryWidth = 8*accel_pkg::MemoryBytesPerCycle;

  logic                                          load_beat, load_local, store_beat, store_local;
  logic [accel_pkg::MemoryAddressWidth-1:0]      load_address, store_address;
  logic                                          load_to_activation, weight_write, parameter_write, operand_write, lookup_write, factor_write;
  logic [accel_pkg::DestinationAddressWidth-1:0] load_buffer_address;
  logic [accel_pkg::LineWordSelectWidth-1:0]     load_word;
  logic [accel_pkg::WordOffsetWidth-1:0]         load_offset, store_offset;
  logic [accel_pkg::WordCountWidth-1:0]          load_count, store_count;
  logic [MemoryWidth-1:0]                        load_data, store_data;
  logic [accel_pkg::MemoryBytesPerCycle-1:0]     store_strobe;
  logic                                          store_to_activation;
  logic [accel_pkg::ActivationAddressWidth-1:0]  forward_address;

  load_unit u_load (
    .clk_i             (clk_i),
    .rst_ni            (rst_ni),
    .start_i           (unit_start[Load]),
    .program_i         (start),
    .next_frame_i      (unit_next_frame[Load]),
    .frame_stride_i    (frame_stride),
    .instruction_i     (load_instruction),
    .beat_i            (load_beat),
    .last_o            (unit_last[Load]),
    .local_o           (load_local),
    .memory_address_o  (load_address),
    .memory_data_i     (mem_rdata_i),
    .activation_write_o(load_to_activation),
    .weight_write_o    (weight_write),
    .parameter_write_o (parameter_write),
    .operand_write_o   (operand_write),
    .lookup_write_o    (lookup_write),
    .factor_write_o    (factor_write),
    .buffer_address_o  (load_buffer_address),
    .word_o            (load_word),
    .offset_o          (load_offset),
    .count_o           (load_count),
    .write_data_o      (load_data)
  );

  dma_engine u_dma (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .load_run_i     (unit_run[Load]),
    .load_address_i (load_address),
    .load_last_i    (unit_last[Load]),
    .load_local_i   (load_local),
    .load_beat_o    (load_beat),
    .store_run_i    (unit_run[Store]),
    .store_address_i(store_address),
    .store_data_i   (store_data),
    .store_strobe_i (store_strobe),
    .store_last_i   (unit_last[Store]),
    .store_local_i  (store_local),
    .store_beat_o   (store_beat),
    .mem_req_o      (mem_req_o),
    .mem_write_o    (mem_write_o),
    .mem_first_o    (mem_first_o),
    .mem_addr_o     (mem_addr_o),
    .mem_wdata_o    (mem_wdata_o),
    .mem_wstrb_o    (mem_wstrb_o),
    .mem_ack_i      (mem_ack_i)
  );

  // ---------------------------------------------------------------- array

  logic                                          line_read, vector_read, word_read, matmul_completion, matmul_ready;
  logic                                          line_factor;
  logic [accel_pkg::LineAddressWidth-1:0]        line_address, column_pitch, lane_pitch;
  logic [accel_pkg::ActivationAddressWidth-1:0]  vector_address;
  logic [accel_pkg::AccumulatorAddressWidth-1:0] word_address;
  logic [accel_pkg::ActivationReadElements*accel_pkg::RequantizerElementWidth-1:0] vector_elements;
  logic [accel_pkg::WeightLineWidth-1:0]                                           line_weights;
  logic [accel_pkg::WeightLineElements*accel_pkg::FactorWidth-1:0]                 line_factors;
  logic [accel_pkg::ArrayColumns*accel_pkg::AccumulatorWidth-1:0]                  word;

  array_unit u_array (
    .clk_i               (clk_i),
    .rst_ni              (rst_ni),
    .start_i             (unit_start[Array]),
    .run_i               (unit_run[Array]),
    .instruction_i       (array_instruction),
    .last_o              (unit_last[Array]),
    .completion_o        (matmul_completion),
    .ready_o             (matmul_ready),
    .activation_read_o   (vector_read),
    .activation_address_o(vector_address),
    .elements_i          (vector_elements),
    .line_read_o         (line_read),
    .line_address_o      (line_address),
    .line_factor_o       (line_factor),
    .column_pitch_o      (column_pitch),
    .lane_pitch_o        (lane_pitch),
    .line_i              (line_weights),
    .factors_i           (line_factors),
    .word_read_i         (word_read),
    .word_address_i      (word_address),
    .word_o              (word)
  );

  // Loads and forwarding stores are commands of one port, so that they never meet here.
  element_buffer #(
    .Size(accel_pkg::BuffersActivationSize), .ReadElements(accel_pkg::ActivationReadElements), .AddressWidth(accel_pkg::ActivationAddressWidth)
  ) u_activation_buffer (
    .clk_i          (clk_i),
    .write_i        (load_to_activation || store_to_activation),
    .write_address_i(store_to_activation ? forward_address : load_buffer_address[accel_pkg::ActivationAddressWidth-1:0]),
    .write_offset_i (store_to_activation ? store_offset : load_offset),
    .write_count_i  (store_to_activation ? store_count : load_count),
    .write_data_i   (store_to_activation ? store_data : load_data),
    .read_i         (vector_read),
    .read_address_i (vector_address),
    .read_data_o    (vector_elements)
  );

  line_buffer #(
    .Lines(accel_pkg::BuffersWeightSize), .LineWidth(accel_pkg::WeightLineWidth), .WordWidth(8*accel_pkg::MemoryBytesPerCycle),
    .LineWords(accel_pkg::WeightLineWords), .AddressWidth(accel_pkg::WeightAddressWidth), .WordSelectWidth(accel_pkg::LineWordSelectWidth)
  ) u_weight_buffer (
    .clk_i       (clk_i),
    .write_i     (weight_write),
    .write_line_i(load_buffer_address[accel_pkg::WeightAddressWidth-1:0]),
    .write_word_i(load_word),
    .write_data_i(load_data),
    .read_i      (line_read && !line_factor),
    .read_line_i (line_address[accel_pkg::WeightAddressWidth-1:0]),
    .read_data_o (line_weights)
  );

  generate
    if (accel_pkg::ArrayActivationWeights) begin : g_factors
      factor_buffer #(
        .Size(accel_pkg::BuffersFactorSize), .Groups(accel_pkg::WeightLineElements / accel_pkg::WeightLineLanes), .Lanes(accel_pkg::WeightLineLanes),
        .AddressWidth(accel_pkg::FactorAddressWidth)
      ) u_factor_buffer (
        .clk_i          (clk_i),
        .write_i        (factor_write),
        .write_address_i(load_buffer_address[accel_pkg::FactorAddressWidth-1:0]),
        .write_offset_i (load_offset),
        .write_count_i  (load_count),
        .write_data_i   (load_data),
        .read_i         (line_read && line_factor),
        .read_address_i (line_address[accel_pkg::FactorAddressWidth-1:0]),
        .column_pitch_i (column_pitch[accel_pkg::FactorAddressWidth-1:0]),
        .lane_pitch_i   (lane_pitch[accel_pkg::FactorAddressWidth-1:0]),
        .read_data_o    (line_factors)
      );
    end else begin : g_no_factors
      assign line_factors = {(accel_pkg::WeightLineElements*accel_pkg::FactorWidth){1'b0}};
    end
  endgenerate
  logic unused_line;
  assign unused_line = &{1'b0, factor_write, line_address, column_pitch, lane_pitch};

  // ---------------------------------------------------------------- vector unit

  logic                                                              parameter_read, output_write, vector_completion;
  logic [accel_pkg::ParameterAddressWidth-1:0]                       parameter_address;
  logic [accel_pkg::ArrayColumns*accel_pkg::ParameterRecordWidth-1:0] parameters;
  logic [accel_pkg::OutputAddressWidth-1:0]                          output_address, stored_address;
  logic [accel_pkg::ArrayColumns*accel_pkg::RequantizerElementWidth-1:0] output_word, stored_word;
  logic                                                              stored_read;
  logic                                                              operand_read, lookup_read;
  logic [accel_pkg::OperandAddressWidth-1:0]                         operand_address;
  logic [accel_pkg::LookupAddressWidth-1:0]                          lookup_base;
  logic [accel_pkg::ArrayColumns*accel_pkg::RequantizerElementWidth-1:0] operands, lookup_codes, lookup_data;

  // The lanes' random words begin anew with each frame: after the last word of the frame before was rounded, three cycles after its read, and before the next frame's first one.
  logic seed;
  control_line #(.Width(1), .Stages(4)) u_seed (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .data_i(start || unit_next_frame[Vector]),
    .data_o(seed)
  );

  vector_unit u_vector (
    .clk_i                (clk_i),
    .rst_ni               (rst_ni),
    .seed_i               (seed),
    .start_i              (unit_start[Vector]),
    .run_i                (unit_run[Vector]),
    .instruction_i        (vector_instruction),
    .last_o               (unit_last[Vector]),
    .completion_o         (vector_completion),
    .parameter_read_o     (parameter_read),
    .parameter_address_o  (parameter_address),
    .parameters_i         (parameters),
    .accumulator_read_o   (word_read),
    .accumulator_address_o(word_address),
    .accumulators_i       (word),
    .operand_read_o       (operand_read),
    .operand_address_o    (operand_address),
    .operands_i           (operands),
    .lookup_read_o        (lookup_read),
    .lookup_base_o        (lookup_base),
    .lookup_codes_o       (lookup_codes),
    .lookup_data_i        (lookup_data),
    .output_write_o       (output_write),
    .output_address_o     (output_address),
    .output_data_o        (output_word)
  );

  // The signals of an instruction are still needed after the next one was fetched.
  logic [Semaphores-1:0] vector_completion_signals;
  control_line #(.Width(Semaphores), .Stages(accel_pkg::VectorLatency)) u_vector_signals (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .data_i(vector_signals & ~FreeMask & {Semaphores{unit_end[Vector]}}),
    .data_o(vector_completion_signals)
  );

  generate
    if (accel_pkg::VectorElementwise) begin : g_operands
      element_buffer #(
        .Size(accel_pkg::BuffersOperandSize), .ReadElements(accel_pkg::ArrayColumns), .AddressWidth(accel_pkg::OperandAddressWidth)
      ) u_operand_buffer (
        .clk_i          (clk_i),
        .write_i        (operand_write),
        .write_address_i(load_buffer_address[accel_pkg::OperandAddressWidth-1:0]),
        .write_offset_i (load_offset),
        .write_count_i  (load_count),
        .write_data_i   (load_data),
        .read_i         (operand_read),
        .read_address_i (operand_address),
        .read_data_o    (operands)
      );
    end else begin : g_no_operands
      assign operands = {(accel_pkg::ArrayColumns*accel_pkg::RequantizerElementWidth){1'b0}};
      logic unused_operands;
      assign unused_operands = &{1'b0, operand_write, operand_read, operand_address};
    end

    if (accel_pkg::VectorLookup) begin : g_lookup
      lookup_memory u_lookup_memory (
        .clk_i          (clk_i),
        .write_i        (lookup_write),
        .write_address_i(load_buffer_address[accel_pkg::LookupAddressWidth-1:0]),
        .write_data_i   (load_data),
        .read_i         (lookup_read),
        .base_i         (lookup_base),
        .codes_i        (lookup_codes),
        .read_data_o    (lookup_data)
      );
    end else begin : g_no_lookup
      assign lookup_data = {(accel_pkg::ArrayColumns*accel_pkg::RequantizerElementWidth){1'b0}};
      logic unused_lookup;
      assign unused_lookup = &{1'b0, lookup_write, lookup_read, lookup_base, lookup_codes};
    end
  endgenerate

  line_buffer #(
    .Lines(accel_pkg::BuffersParameterSize), .LineWidth(accel_pkg::ArrayColumns*accel_pkg::ParameterRecordWidth),
    .WordWidth(8*accel_pkg::MemoryBytesPerCycle), .LineWords(accel_pkg::ParameterLineWords),
    .AddressWidth(accel_pkg::ParameterAddressWidth), .WordSelectWidth(accel_pkg::LineWordSelectWidth)
  ) u_parameter_buffer (
    .clk_i       (clk_i),
    .write_i     (parameter_write),
    .write_line_i(load_buffer_address[accel_pkg::ParameterAddressWidth-1:0]),
    .write_word_i(load_word),
    .write_data_i(load_data),
    .read_i      (parameter_read),
    .read_line_i (parameter_address),
    .read_data_o (parameters)
  );

  ram #(
    .Width(accel_pkg::ArrayColumns*accel_pkg::RequantizerElementWidth), .Depth(accel_pkg::BuffersOutputSize), .AddressWidth(accel_pkg::OutputAddressWidth)
  ) u_output_buffer (
    .clk_i          (clk_i),
    .write_i        (output_write),
    .write_address_i(output_address),
    .write_data_i   (output_word),
    .read_i         (stored_read),
    .read_address_i (stored_address),
    .read_data_o    (stored_word)
  );

  store_unit u_store (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .start_i         (unit_start[Store]),
    .program_i       (start),
    .next_frame_i    (unit_next_frame[Store]),
    .frame_stride_i  (frame_stride),
    .instruction_i   (store_instruction),
    .beat_i          (store_beat),
    .last_o          (unit_last[Store]),
    .local_o         (store_local),
    .output_read_o   (stored_read),
    .output_address_o(stored_address),
    .output_data_i   (stored_word),
    .memory_address_o(store_address),
    .write_data_o    (store_data),
    .write_strobe_o  (store_strobe),
    .activation_write_o  (store_to_activation),
    .activation_address_o(forward_address),
    .offset_o        (store_offset),
    .count_o         (store_count)
  );

  // ---------------------------------------------------------------- signals and events

  // Load and store complete in their end cycle; array and vector signal *_free at the end and *_ready at completion.
  assign signalled = (load_signals & {Semaphores{unit_end[Load]}})
                   | (array_signals & FreeMask & {Semaphores{unit_end[Array]}})
                   | (vector_signals & FreeMask & {Semaphores{unit_end[Vector]}})
                   | (store_signals & {Semaphores{unit_end[Store]}})
                   | (Semaphores'(matmul_ready) << accel_pkg::SemaphoreAccumulatorReady)
                   | vector_completion_signals;

  assign event_fetch_o      = unit_fetch;
  assign event_start_o      = unit_start;
  assign event_end_o        = unit_end;
  assign event_completion_o = {unit_end[Store], vector_completion, matmul_completion, unit_end[Load]};

  logic unused_host;
  assign unused_host = &{1'b0, host_address_i, load_buffer_address, unit_next_frame[Array]};

endmodule

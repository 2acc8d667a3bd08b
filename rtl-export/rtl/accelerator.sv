// SPDX-License-Identifier: Apache-2.0
// The accelerator: load, array, vector and store unit with their programs, semaphores, buffers and the memory port.
// Cycle by cycle and bit by bit the machine of docs/architecture.md; every size comes from accel_pkg, every network is data.
//
// Host: while busy_o is low, host_write_i writes host_data_i to host_address_i:
//   address[31:28] = 0..3  word address[3:0] of instruction address[27:4] of unit 0..3 (load, array, vector, store)
//   address[31:28] = 4     number of instructions of unit address[1:0]
// start_i for one cycle starts an inference; the next cycle is cycle 0. busy_o is high until every unit has ended its last instruction.
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

  logic [3:0]            unit_fetch, unit_start, unit_run, unit_end, unit_last, unit_idle;
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
        .waits_i        (waits),
        .available_i    (available),
        .take_o         (take),
        .last_i         (unit_last[u]),
        .fetch_o        (unit_fetch[u]),
        .address_o      (address),
        .start_o        (unit_start[u]),
        .run_o          (unit_run[u]),
        .end_o          (unit_end[u]),
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
    .signal_i   (signalled),
    .take_i     (taken),
    .available_o(available)
  );

  // ---------------------------------------------------------------- load, store and the memory port

  logic                                             load_beat, store_beat;
  logic [accel_pkg::MemoryAddressWidth-1:0]         load_address, store_address;
  logic                                             activation_write, weight_write, parameter_write;
  logic [accel_pkg::DestinationAddressWidth-1:0]    load_buffer_address;
  logic [accel_pkg::LineWordSelectWidth-1:0]        load_word;
  logic [8*accel_pkg::MemoryBytesPerCycle-1:0]      store_data;
  logic [accel_pkg::MemoryBytesPerCycle-1:0]        store_strobe;

  load_unit u_load (
    .clk_i             (clk_i),
    .rst_ni            (rst_ni),
    .start_i           (unit_start[Load]),
    .instruction_i     (load_instruction),
    .beat_i            (load_beat),
    .last_o            (unit_last[Load]),
    .memory_address_o  (load_address),
    .activation_write_o(activation_write),
    .weight_write_o    (weight_write),
    .parameter_write_o (parameter_write),
    .buffer_address_o  (load_buffer_address),
    .word_o            (load_word)
  );

  dma_engine u_dma (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .load_run_i     (unit_run[Load]),
    .load_address_i (load_address),
    .load_last_i    (unit_last[Load]),
    .load_beat_o    (load_beat),
    .store_run_i    (unit_run[Store]),
    .store_address_i(store_address),
    .store_data_i   (store_data),
    .store_strobe_i (store_strobe),
    .store_last_i   (unit_last[Store]),
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
  logic [accel_pkg::WeightAddressWidth-1:0]      line_address;
  logic [accel_pkg::ActivationAddressWidth-1:0]  vector_address;
  logic [accel_pkg::AccumulatorAddressWidth-1:0] word_address;
  logic [accel_pkg::ActivationReadElements*accel_pkg::RequantizerElementWidth-1:0] vector_elements;
  logic [accel_pkg::WeightLineWidth-1:0]                                           line_weights;
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
    .line_i              (line_weights),
    .word_read_i         (word_read),
    .word_address_i      (word_address),
    .word_o              (word)
  );

  activation_buffer u_activation_buffer (
    .clk_i          (clk_i),
    .write_i        (activation_write),
    .write_address_i(load_buffer_address[accel_pkg::ActivationAddressWidth-1:0]),
    .write_data_i   (mem_rdata_i),
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
    .write_data_i(mem_rdata_i),
    .read_i      (line_read),
    .read_line_i (line_address),
    .read_data_o (line_weights)
  );

  // ---------------------------------------------------------------- vector unit

  logic                                                              parameter_read, output_write, vector_completion;
  logic [accel_pkg::ParameterAddressWidth-1:0]                       parameter_address;
  logic [accel_pkg::ArrayColumns*accel_pkg::ParameterRecordWidth-1:0] parameters;
  logic [accel_pkg::OutputAddressWidth-1:0]                          output_address, stored_address;
  logic [accel_pkg::ArrayColumns*accel_pkg::RequantizerElementWidth-1:0] output_word, stored_word;
  logic                                                              stored_read;

  vector_unit u_vector (
    .clk_i                (clk_i),
    .rst_ni               (rst_ni),
    .seed_i               (start),
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
    .output_write_o       (output_write),
    .output_address_o     (output_address),
    .output_data_o        (output_word)
  );

  // The signal of an instruction is still needed after the next one was fetched.
  logic vector_signal;
  control_line #(.Width(1), .Stages(4)) u_vector_signal (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .data_i(unit_end[Vector] && vector_signals[accel_pkg::SemaphoreOutputReady]),
    .data_o(vector_signal)
  );

  line_buffer #(
    .Lines(accel_pkg::BuffersParameterSize), .LineWidth(accel_pkg::ArrayColumns*accel_pkg::ParameterRecordWidth),
    .WordWidth(8*accel_pkg::MemoryBytesPerCycle), .LineWords(accel_pkg::ParameterLineWords),
    .AddressWidth(accel_pkg::ParameterAddressWidth), .WordSelectWidth(accel_pkg::LineWordSelectWidth)
  ) u_parameter_buffer (
    .clk_i       (clk_i),
    .write_i     (parameter_write),
    .write_line_i(load_buffer_address[accel_pkg::ParameterAddressWidth-1:0]),
    .write_word_i(load_word),
    .write_data_i(mem_rdata_i),
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
    .instruction_i   (store_instruction),
    .beat_i          (store_beat),
    .last_o          (unit_last[Store]),
    .output_read_o   (stored_read),
    .output_address_o(stored_address),
    .output_data_i   (stored_word),
    .memory_address_o(store_address),
    .write_data_o    (store_data),
    .write_strobe_o  (store_strobe)
  );

  // ---------------------------------------------------------------- signals and events

  // Load and store complete in their end cycle; array and vector signal *_free at the end and *_ready at completion.
  assign signalled = (load_signals & {Semaphores{unit_end[Load]}})
                   | (array_signals & FreeMask & {Semaphores{unit_end[Array]}})
                   | (vector_signals & FreeMask & {Semaphores{unit_end[Vector]}})
                   | (store_signals & {Semaphores{unit_end[Store]}})
                   | (Semaphores'(matmul_ready) << accel_pkg::SemaphoreAccumulatorReady)
                   | (Semaphores'(vector_signal) << accel_pkg::SemaphoreOutputReady);

  assign event_fetch_o      = unit_fetch;
  assign event_start_o      = unit_start;
  assign event_end_o        = unit_end;
  assign event_completion_o = {unit_end[Store], vector_completion, matmul_completion, unit_end[Load]};

  logic unused_host;
  assign unused_host = &{1'b0, host_address_i, load_buffer_address};

endmodule

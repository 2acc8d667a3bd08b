// SPDX-License-Identifier: Apache-2.0
// Executes a vector instruction (docs/architecture.md, section 5): words of the accumulator or the operand buffer, requantised, combined over windows,
// requantised again, looked up, become output words.
//
//   u(y, x, p, q) = requantize(source[word(y, x, p, q)], parameter line of q)
//   z(y, x)       = maximum | sum | product over (p, q) of u(y, x, p, q)
//   out(y, x)     = lookup(post(z(y, x)))  -> output word output_address + y*columns + x          order: y, x, p, q
//
// Cycle 0 is the first cycle after start_i: word j and its parameter line are read in cycle j, last_o is the cycle of the last word.
// An output word is written (output_write_o) Latency = 4 cycles after its last word is read: read, bias, multiply, round and clamp, combine and write;
// two more with Elementwise (multiply; round, clamp and write), one more with Lookup (the table's read). completion_o is the last_o of Latency cycles before.
// seed_i sets the LFSRs of stochastic rounding to their first words.
module vector_unit #(
  parameter bit Elementwise             = accel_pkg::VectorElementwise,
  parameter bit Lookup                  = accel_pkg::VectorLookup,
  parameter int Latency                 = accel_pkg::VectorLatency,
  parameter int Columns                 = accel_pkg::ArrayColumns,
  parameter int AccumulatorWidth        = accel_pkg::AccumulatorWidth,
  parameter int SourceWidth             = accel_pkg::SourceWidth,
  parameter int ElementWidth            = accel_pkg::RequantizerElementWidth,
  parameter int RecordWidth             = accel_pkg::ParameterRecordWidth,
  parameter int InstructionWidth        = accel_pkg::VectorWidth,
  parameter int AccumulatorAddressWidth = accel_pkg::AccumulatorAddressWidth,
  parameter int OperandAddressWidth     = accel_pkg::OperandAddressWidth,
  parameter int SourceAddressWidth      = accel_pkg::SourceAddressWidth,
  parameter int ParameterAddressWidth   = accel_pkg::ParameterAddressWidth,
  parameter int LookupAddressWidth      = accel_pkg::LookupAddressWidth,
  parameter int OutputAddressWidth      = accel_pkg::OutputAddressWidth
) (
  input  logic                                clk_i,
  input  logic                                rst_ni,
  input  logic                                seed_i,
  input  logic                                start_i,
  input  logic                                run_i,
  input  logic [InstructionWidth-1:0]         instruction_i,
  output logic                                last_o,
  output logic                                completion_o,

  output logic                                parameter_read_o,
  output logic [ParameterAddressWidth-1:0]    parameter_address_o,
  input  logic [Columns*RecordWidth-1:0]      parameters_i,

  output logic                                accumulator_read_o,
  output logic [AccumulatorAddressWidth-1:0]  accumulator_address_o,
  input  logic [Columns*AccumulatorWidth-1:0] accumulators_i,

  output logic                                operand_read_o,
  output logic [OperandAddressWidth-1:0]      operand_address_o,
  input  logic [Columns*ElementWidth-1:0]     operands_i,

  output logic                                lookup_read_o,
  output logic [LookupAddressWidth-1:0]       lookup_base_o,
  output logic [Columns*ElementWidth-1:0]     lookup_codes_o,
  input  logic [Columns*ElementWidth-1:0]     lookup_data_i,

  output logic                                output_write_o,
  output logic [OutputAddressWidth-1:0]       output_address_o,
  output logic [Columns*ElementWidth-1:0]     output_data_o
);

  // Cycles from the read of a window's last word to its code.
  localparam int CodeDelay = Elementwise ? 6 : 4;

  logic [SourceAddressWidth-1:0] source_address;
  logic [OutputAddressWidth-1:0] output_address;
  logic                          first, last_in_window;
  vector_sequencer u_sequencer (
    .clk_i              (clk_i),
    .rst_ni             (rst_ni),
    .start_i            (start_i),
    .run_i              (run_i),
    .instruction_i      (instruction_i),
    .source_address_o   (source_address),
    .parameter_read_o   (parameter_read_o),
    .parameter_address_o(parameter_address_o),
    .output_address_o   (output_address),
    .first_o            (first),
    .last_in_window_o   (last_in_window),
    .last_o             (last_o)
  );

  // What goes with each word down the pipeline. An instruction holds until after its last word has come from its buffer.
  logic valid_q, first_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= 1'b0;
    else         valid_q <= run_i;
    first_q <= first;
  end
  control_line #(.Width(2), .Stages(Latency)) u_write (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .data_i({run_i && last_in_window, last_o}),
    .data_o({output_write_o, completion_o})
  );
  delay_line #(.Width(OutputAddressWidth), .Stages(Latency)) u_output_address (
    .clk_i (clk_i),
    .data_i(output_address),
    .data_o(output_address_o)
  );

  logic       from_operands, operand_signed, post;
  logic [1:0] combine;
  generate
    if (Elementwise) begin : g_elementwise
      assign from_operands  = 32'(instruction_i[accel_pkg::VectorSourceLsb +: accel_pkg::VectorSourceWidth]) == accel_pkg::VectorSourceOperand;
      assign operand_signed = instruction_i[accel_pkg::VectorOperandSignedLsb];
      assign combine        = instruction_i[accel_pkg::VectorCombineLsb +: accel_pkg::VectorCombineWidth];
      assign post           = instruction_i[accel_pkg::VectorPostLsb];
    end else begin : g_accumulators
      assign from_operands  = 1'b0;
      assign operand_signed = 1'b0;
      assign combine        = 2'd0;
      assign post           = 1'b0;
    end
  endgenerate
  assign accumulator_read_o    = run_i && !from_operands;
  assign accumulator_address_o = source_address[AccumulatorAddressWidth-1:0];
  assign operand_read_o        = run_i && from_operands;
  assign operand_address_o     = OperandAddressWidth'(source_address);

  logic [Columns*ElementWidth-1:0] codes;

  genvar c;
  generate
    for (c = 0; c < Columns; c = c + 1) begin : g_lane
      logic signed [AccumulatorWidth-1:0] accumulator;
      logic signed [ElementWidth:0]       operand, code;
      logic signed [SourceWidth-1:0]      source;
      assign accumulator = accumulators_i[c*AccumulatorWidth +: AccumulatorWidth];
      assign operand     = {operand_signed && operands_i[(c+1)*ElementWidth-1], operands_i[c*ElementWidth +: ElementWidth]};
      assign source      = from_operands ? SourceWidth'(operand) : SourceWidth'(accumulator);
      vector_lane #(
        .Seed(accel_pkg::LaneSeeds[32*c +: 32])
      ) u_lane (
        .clk_i    (clk_i),
        .rst_ni   (rst_ni),
        .seed_i   (seed_i),
        .valid_i  (valid_q),
        .first_i  (first_q),
        .combine_i(combine),
        .post_i   (post),
        .record_i (parameters_i[c*RecordWidth +: RecordWidth]),
        .source_i (source),
        .code_o   (code)
      );
      assign codes[c*ElementWidth +: ElementWidth] = code[ElementWidth-1:0];
      logic unused_bits;
      assign unused_bits = &{1'b0, code, operand};
    end

    if (Lookup) begin : g_lookup
      logic                          lookup_now, lookup_q;
      logic [Columns*ElementWidth-1:0] codes_q;
      delay_line #(.Width(1 + LookupAddressWidth), .Stages(CodeDelay)) u_lookup (
        .clk_i (clk_i),
        .data_i({instruction_i[accel_pkg::VectorLookupLsb], instruction_i[accel_pkg::VectorLookupAddressLsb +: accel_pkg::VectorLookupAddressWidth]}),
        .data_o({lookup_now, lookup_base_o})
      );
      always_ff @(posedge clk_i) begin
        lookup_q <= lookup_now;
        codes_q  <= codes;
      end
      assign lookup_read_o  = lookup_now;
      assign lookup_codes_o = codes;
      assign output_data_o  = lookup_q ? lookup_data_i : codes_q;
    end else begin : g_no_lookup
      assign lookup_read_o  = 1'b0;
      assign lookup_base_o  = {LookupAddressWidth{1'b0}};
      assign lookup_codes_o = {(Columns*ElementWidth){1'b0}};
      assign output_data_o  = codes;
      logic unused_lookup;
      assign unused_lookup = &{1'b0, lookup_data_i};
    end
  endgenerate

  logic unused_fields;
  assign unused_fields = &{1'b0, instruction_i, operands_i, source_address};

endmodule

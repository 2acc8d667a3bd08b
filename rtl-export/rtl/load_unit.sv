// SPDX-License-Identifier: Apache-2.0
// Executes a load: beat i copies memory word memory_address + i into a buffer.
//
//   activation:           elements buffer_address + i * ElementsPerWord ...
//   weight, parameter:    word i mod W of line buffer_address + i / W, W the memory words of a line
//
// start_i (the instruction is on instruction_i) sets up; each beat_i writes data_i in the same cycle; last_o marks the last beat. Bound by the DMA engine only.
module load_unit #(
  parameter int InstructionWidth   = accel_pkg::LoadWidth,
  parameter int MemoryAddressWidth = accel_pkg::MemoryAddressWidth,
  parameter int BufferAddressWidth = accel_pkg::DestinationAddressWidth,
  parameter int WordSelectWidth    = accel_pkg::LineWordSelectWidth
) (
  input  logic                          clk_i,
  input  logic                          rst_ni,
  input  logic                          start_i,
  input  logic [InstructionWidth-1:0]   instruction_i,
  input  logic                          beat_i,
  output logic                          last_o,
  output logic [MemoryAddressWidth-1:0] memory_address_o,
  output logic                          activation_write_o,
  output logic                          weight_write_o,
  output logic                          parameter_write_o,
  output logic [BufferAddressWidth-1:0] buffer_address_o,
  output logic [WordSelectWidth-1:0]    word_o
);

  logic [accel_pkg::LoadTargetWidth-1:0] target;
  logic                                  to_activation, to_weight, to_parameter, line_end;
  assign target        = instruction_i[accel_pkg::LoadTargetLsb +: accel_pkg::LoadTargetWidth];
  assign to_activation = target == accel_pkg::LoadTargetWidth'(accel_pkg::LoadTargetActivation);
  assign to_weight     = target == accel_pkg::LoadTargetWidth'(accel_pkg::LoadTargetWeight);
  assign to_parameter  = target == accel_pkg::LoadTargetWidth'(accel_pkg::LoadTargetParameter);

  logic [accel_pkg::LoadBeatsWidth-1:0] remaining_q;
  logic [MemoryAddressWidth-1:0]        memory_address_q;
  logic [BufferAddressWidth-1:0]        buffer_address_q;
  logic [WordSelectWidth-1:0]           word_q;

  assign last_o             = beat_i && remaining_q == accel_pkg::LoadBeatsWidth'(1);
  assign memory_address_o   = memory_address_q;
  assign activation_write_o = beat_i && to_activation;
  assign weight_write_o     = beat_i && to_weight;
  assign parameter_write_o  = beat_i && to_parameter;
  assign buffer_address_o   = buffer_address_q;
  assign word_o             = word_q;
  assign line_end           = word_q == (to_weight ? WordSelectWidth'(accel_pkg::WeightLineWords - 1) : WordSelectWidth'(accel_pkg::ParameterLineWords - 1));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      remaining_q      <= {accel_pkg::LoadBeatsWidth{1'b0}};
      memory_address_q <= {MemoryAddressWidth{1'b0}};
      buffer_address_q <= {BufferAddressWidth{1'b0}};
      word_q           <= {WordSelectWidth{1'b0}};
    end else if (start_i) begin
      remaining_q      <= instruction_i[accel_pkg::LoadBeatsLsb +: accel_pkg::LoadBeatsWidth];
      memory_address_q <= instruction_i[accel_pkg::LoadMemoryAddressLsb +: accel_pkg::LoadMemoryAddressWidth];
      buffer_address_q <= instruction_i[accel_pkg::LoadBufferAddressLsb +: accel_pkg::LoadBufferAddressWidth];
      word_q           <= {WordSelectWidth{1'b0}};
    end else if (beat_i) begin
      remaining_q      <= remaining_q - accel_pkg::LoadBeatsWidth'(1);
      memory_address_q <= memory_address_q + MemoryAddressWidth'(1);
      if (to_activation) begin
        buffer_address_q <= buffer_address_q + BufferAddressWidth'(accel_pkg::ElementsPerWord);
      end else if (line_end) begin
        buffer_address_q <= buffer_address_q + BufferAddressWidth'(1);
        word_q           <= {WordSelectWidth{1'b0}};
      end else begin
        word_q           <= word_q + WordSelectWidth'(1);
      end
    end
  end

  logic unused_fields;
  assign unused_fields = &{1'b0, instruction_i};

endmodule

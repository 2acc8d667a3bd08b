// SPDX-License-Identifier: Apache-2.0
// The array with all that belongs to it, from the buffers of activations and weights to the accumulators. One matmul at a time, in the cycles of
// docs/architecture.md, section 4; cycle 0 is the cycle after start_i, last_o is in the last run cycle, completion_o in the cycle of the last write.
//
// The buffers are outside and answer a cycle later: elements_i is element activation_address_o on, line_i is line line_address_o, and factors_i, in its place where line_factor_o is
// set, the line of elements from line_address_o on, column_pitch_o and lane_pitch_o apart; all stay until the next read. With ArrayOperandOffsets the instruction's offsets are added to
// elements_i and to factors_i as they come (offset_adder.sv), which takes no cycle; weights are one bit wider in the array than in line_i then.
// ready_o signals accumulator_ready, where the instruction says so, with its completion. Vector unit: word_o(t + 1) = accumulators of word_address_i(t) when word_read_i(t).
// No back-pressure: what a matmul reads must be there when it starts.
module array_unit #(
  parameter int Dataflow = accel_pkg::ArrayDataflow,
  parameter int Kind     = accel_pkg::ArrayProcessingElement
) (
  input  logic                                                                          clk_i,
  input  logic                                                                          rst_ni,
  input  logic                                                                          start_i,
  input  logic                                                                          run_i,
  input  logic [accel_pkg::MatmulWidth-1:0]                                             instruction_i,
  output logic                                                                          last_o,
  output logic                                                                          completion_o,
  output logic                                                                          ready_o,

  output logic                                                                          activation_read_o,
  output logic [accel_pkg::ActivationAddressWidth-1:0]                                  activation_address_o,
  input  logic [accel_pkg::ActivationReadElements*accel_pkg::RequantizerElementWidth-1:0] elements_i,
  output logic                                                                          line_read_o,
  output logic [accel_pkg::LineAddressWidth-1:0]                                        line_address_o,
  output logic                                                                          line_factor_o,
  output logic [accel_pkg::LineAddressWidth-1:0]                                        column_pitch_o,
  output logic [accel_pkg::LineAddressWidth-1:0]                                        lane_pitch_o,
  input  logic [accel_pkg::WeightLineWidth-1:0]                                         line_i,
  input  logic [accel_pkg::WeightLineElements*accel_pkg::FactorWidth-1:0]               factors_i,

  input  logic                                                                          word_read_i,
  input  logic [accel_pkg::AccumulatorAddressWidth-1:0]                                 word_address_i,
  output logic [accel_pkg::ArrayColumns*accel_pkg::AccumulatorWidth-1:0]                word_o
);

  localparam bit OutputStationary = Dataflow == accel_pkg::DataflowOutputStationary;
  localparam bit InputStationary  = Dataflow == accel_pkg::DataflowInputStationary;
  localparam bit BitsEnter        = Kind == accel_pkg::ProcessingElementBitSerial && !InputStationary && !OutputStationary;
  localparam int AddressWidth     = accel_pkg::AccumulatorAddressWidth;
  localparam int ShiftWidth       = accel_pkg::DigitShiftWidth;
  localparam int LaneWidth        = accel_pkg::ColumnIndexWidth;
  localparam int PlaceWidth       = accel_pkg::PlaceWidth;
  localparam int LimitWidth       = accel_pkg::MatmulLastTileElementsWidth;
  localparam int OperandWidth     = accel_pkg::OperandWidth;
  localparam int SelectWidth      = (PlaceWidth > ShiftWidth) ? PlaceWidth : ShiftWidth;

  // ---------------------------------------------------------------- what is read when

  logic                    is_table, vector_signed, vector_none, tile, swap, streamed, streamed_first, filter, load, step, step_first, step_last, place_first;
  logic [ShiftWidth-1:0]   vector_shift;
  logic [LimitWidth-1:0]   vector_limit, taps;
  logic [PlaceWidth-1:0]   place;
  logic                    update, update_clear, update_last, update_signal;
  logic [AddressWidth-1:0] update_address;
  logic [LaneWidth-1:0]    update_lane;
  logic [LaneWidth:0]      update_words;
  logic [ShiftWidth-1:0]   update_shift;

  matmul_sequencer #(.Dataflow(Dataflow)) u_sequencer (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .start_i         (start_i),
    .run_i           (run_i),
    .instruction_i   (instruction_i),
    .last_o          (last_o),
    .line_read_o     (line_read_o),
    .line_address_o  (line_address_o),
    .line_factor_o   (line_factor_o),
    .column_pitch_o  (column_pitch_o),
    .lane_pitch_o    (lane_pitch_o),
    .table_o         (is_table),
    .vector_read_o   (activation_read_o),
    .vector_address_o(activation_address_o),
    .vector_signed_o (vector_signed),
    .vector_shift_o  (vector_shift),
    .vector_limit_o  (vector_limit),
    .vector_none_o   (vector_none),
    .tile_o          (tile),
    .swap_o          (swap),
    .streamed_o      (streamed),
    .streamed_first_o(streamed_first),
    .filter_o        (filter),
    .taps_o          (taps),
    .load_o          (load),
    .step_o          (step),
    .step_first_o    (step_first),
    .step_last_o     (step_last),
    .place_o         (place),
    .place_first_o   (place_first),
    .update_o        (update),
    .update_address_o(update_address),
    .update_lane_o   (update_lane),
    .update_words_o  (update_words),
    .update_shift_o  (update_shift),
    .update_clear_o  (update_clear),
    .update_last_o   (update_last),
    .update_signal_o (update_signal)
  );

  // With the answer of the buffers, one cycle later.
  logic                   is_table_q, vector_signed_q, vector_none_q, tile_q, swap_q, streamed_q, streamed_first_q, filter_q, load_q, step_q, step_first_q, step_last_q;
  logic [SelectWidth-1:0] select_q;
  logic [LimitWidth-1:0]  vector_limit_q, taps_q;
  logic [PlaceWidth+1:0]  serial_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) {is_table_q, tile_q, swap_q, streamed_q, load_q, step_q, step_last_q} <= 7'b0000000;
    else         {is_table_q, tile_q, swap_q, streamed_q, load_q, step_q, step_last_q} <= {is_table, tile, swap, streamed, load, step, step_last};
    vector_signed_q  <= vector_signed;
    vector_none_q    <= vector_none;
    vector_limit_q   <= vector_limit;
    select_q         <= BitsEnter ? SelectWidth'(place) : SelectWidth'(vector_shift);
    serial_q         <= {place, vector_signed, place_first};
    streamed_first_q <= streamed_first;
    step_first_q     <= step_first;
    filter_q         <= filter;
    taps_q           <= taps;
  end

  // ---------------------------------------------------------------- operands

  logic [accel_pkg::ActivationReadElements*OperandWidth-1:0]                 operands;
  logic [accel_pkg::WeightLineElements*accel_pkg::WeightValueWidth-1:0]      weights;
  logic [accel_pkg::ArrayColumns*accel_pkg::ArrayPartialSumWidth-1:0]        partial_sums;

  // Elements, or their sums with an offset.
  logic [accel_pkg::ActivationReadElements*accel_pkg::ActivationCodeWidth-1:0] codes;
  generate
    if (accel_pkg::ArrayOperandOffsets) begin : g_activation_offset
      offset_adder #(
        .Elements(accel_pkg::ActivationReadElements), .ElementWidth(accel_pkg::RequantizerElementWidth), .SumWidth(accel_pkg::ActivationCodeWidth)
      ) u_offset (
        .clk_i     (clk_i),
        .signed_i  (instruction_i[accel_pkg::MatmulActivationCodesSignedLsb]),
        .offset_i  (instruction_i[accel_pkg::MatmulActivationOffsetLsb +: accel_pkg::MatmulActivationOffsetWidth]),
        .elements_i(elements_i),
        .sums_o    (codes)
      );
    end else begin : g_elements
      assign codes = elements_i;
    end
  endgenerate

  operand_select #(.Kind(Kind), .ShiftWidth(SelectWidth)) u_operands (
    .signed_i  (vector_signed_q),
    .shift_i   (select_q),
    .limit_i   (vector_limit_q),
    .none_i    (vector_none_q),
    .elements_i(codes),
    .operands_o(operands)
  );

  generate
    if (Kind == accel_pkg::ProcessingElementCodebook) begin : g_codebook
      codebook_table #(
        .Elements(accel_pkg::WeightLineElements), .IndexWidth(accel_pkg::ArrayWeightWidth), .ValueWidth(accel_pkg::ArrayCodebookValueWidth),
        .Lines(accel_pkg::CodebookLines), .LineWidth(accel_pkg::WeightLineWidth)
      ) u_table (
        .clk_i    (clk_i),
        .write_i  (is_table_q),
        .line_i   (line_i),
        .indices_i(line_i),
        .values_o (weights)
      );
      logic unused_factors;
      assign unused_factors = &{1'b0, factors_i};
    end else if (accel_pkg::ArrayActivationWeights) begin : g_factors
      // Which buffer the last line was read from.
      logic factor_q;
      always_ff @(posedge clk_i) begin
        if (!rst_ni)          factor_q <= 1'b0;
        else if (line_read_o) factor_q <= line_factor_o;
      end
      if (accel_pkg::ArrayOperandOffsets) begin : g_offset
        // The line of constants has no adder in its way.
        logic [accel_pkg::WeightLineElements*accel_pkg::WeightValueWidth-1:0] factors, constants;
        offset_adder #(
          .Elements(accel_pkg::WeightLineElements), .ElementWidth(accel_pkg::FactorWidth), .SumWidth(accel_pkg::WeightValueWidth)
        ) u_offset (
          .clk_i     (clk_i),
          .signed_i  (instruction_i[accel_pkg::MatmulWeightCodesSignedLsb]),
          .offset_i  (instruction_i[accel_pkg::MatmulWeightOffsetLsb +: accel_pkg::MatmulWeightOffsetWidth]),
          .elements_i(factors_i),
          .sums_o    (factors)
        );
        genvar w;
        for (w = 0; w < accel_pkg::WeightLineElements; w = w + 1) begin : g_weight
          assign constants[w*accel_pkg::WeightValueWidth +: accel_pkg::WeightValueWidth] =
            {line_i[(w+1)*accel_pkg::ArrayWeightWidth-1], line_i[w*accel_pkg::ArrayWeightWidth +: accel_pkg::ArrayWeightWidth]};
        end
        assign weights = factor_q ? factors : constants;
      end else begin : g_as_they_are
        assign weights = factor_q ? factors_i : line_i;
      end
      logic unused_table;
      assign unused_table = is_table_q;
    end else begin : g_codes
      assign weights = line_i;
      logic unused_table;
      assign unused_table = &{1'b0, is_table_q, factors_i};
    end
  endgenerate

  // ---------------------------------------------------------------- array

  localparam int VectorBits = accel_pkg::VectorElements * OperandWidth;

  generate
    if (OutputStationary) begin : g_output
      stationary_output_array #(.Kind(Kind)) u_array (
        .clk_i   (clk_i),
        .rst_ni  (rst_ni),
        .load_i  (load_q),
        .vector_i(operands[VectorBits-1:0]),
        .line_i  (weights),
        .serial_i(serial_q),
        .step_i  (step_q),
        .first_i (step_first_q),
        .last_i  (step_last_q),
        .sums_o  (partial_sums)
      );
      logic unused_operand;
      assign unused_operand = &{1'b0, tile_q, swap_q, streamed_q, streamed_first_q, filter_q, taps_q};
    end else if (InputStationary) begin : g_input
      stationary_operand_array #(.Kind(Kind)) u_array (
        .clk_i            (clk_i),
        .shift_i          (tile_q),
        .stationary_i     (operands[VectorBits-1:0]),
        .swap_i           (swap_q),
        .streamed_i       (weights),
        .serial_i         (serial_q),
        .filter_i         (1'b0),
        .streamed_valid_i (1'b0),
        .streamed_first_i (1'b0),
        .taps_i           ({LimitWidth{1'b0}}),
        .filter_operands_i({(accel_pkg::ArrayColumns*OperandWidth){1'b0}}),
        .partial_sums_o   (partial_sums)
      );
      logic unused_output;
      assign unused_output = &{1'b0, streamed_q, streamed_first_q, filter_q, taps_q, load_q, step_q, step_first_q, step_last_q};
    end else begin : g_weight
      logic [accel_pkg::ArrayColumns*OperandWidth-1:0] filter_operands;
      if (accel_pkg::ArrayColumnFilter) begin : g_filter
        assign filter_operands = operands[accel_pkg::ArrayColumns*OperandWidth-1:0];
      end else begin : g_no_filter
        assign filter_operands = {(accel_pkg::ArrayColumns*OperandWidth){1'b0}};
      end
      stationary_operand_array #(.Kind(Kind)) u_array (
        .clk_i            (clk_i),
        .shift_i          (tile_q),
        .stationary_i     (weights),
        .swap_i           (swap_q),
        .streamed_i       (operands[VectorBits-1:0]),
        .serial_i         (serial_q),
        .filter_i         (filter_q),
        .streamed_valid_i (streamed_q),
        .streamed_first_i (streamed_first_q),
        .taps_i           (taps_q),
        .filter_operands_i(filter_operands),
        .partial_sums_o   (partial_sums)
      );
      logic unused_output;
      assign unused_output = &{1'b0, load_q, step_q, step_first_q, step_last_q};
    end
  endgenerate

  // ---------------------------------------------------------------- accumulators

  // Partial sums of a vector are there Rows + Columns cycles after its last bit entered; the accumulators are read in the cycle before. Rows of stationary outputs are announced
  // one cycle later after their last step than vectors.
  localparam int UpdateDelay = accel_pkg::ArrayRows + accel_pkg::ArrayColumns - (OutputStationary ? 2 : 1);
  localparam int UpdateWidth = AddressWidth + LaneWidth + LaneWidth + 1 + ShiftWidth + 1;
  logic                    due, due_last, due_signal, due_clear;
  logic [AddressWidth-1:0] due_address;
  logic [LaneWidth-1:0]    due_lane;
  logic [LaneWidth:0]      due_words;
  logic [ShiftWidth-1:0]   due_shift;
  control_line #(.Width(3), .Stages(UpdateDelay)) u_update_control (
    .clk_i (clk_i),
    .rst_ni(rst_ni),
    .data_i({update, update_last, update_signal}),
    .data_o({due, due_last, due_signal})
  );
  delay_line #(.Width(UpdateWidth), .Stages(UpdateDelay)) u_update_data (
    .clk_i (clk_i),
    .data_i({update_address, update_lane, update_words, update_shift, update_clear}),
    .data_o({due_address, due_lane, due_words, due_shift, due_clear})
  );

  generate
    if (InputStationary) begin : g_transposed
      transposed_accumulator_buffer u_accumulators (
        .clk_i           (clk_i),
        .rst_ni          (rst_ni),
        .update_i        (due),
        .update_address_i(due_address),
        .lane_i          (due_lane),
        .words_i         (due_words),
        .clear_i         (due_clear),
        .shift_i         (due_shift),
        .partial_sums_i  (partial_sums),
        .read_i          (word_read_i),
        .read_address_i  (word_address_i),
        .read_data_o     (word_o)
      );
    end else begin : g_words
      accumulator_buffer u_accumulators (
        .clk_i           (clk_i),
        .rst_ni          (rst_ni),
        .update_i        (due),
        .update_address_i(due_address),
        .clear_i         (due_clear),
        .shift_i         (due_shift),
        .partial_sums_i  (partial_sums),
        .read_i          (word_read_i),
        .read_address_i  (word_address_i),
        .read_data_o     (word_o)
      );
      logic unused_lane;
      assign unused_lane = &{1'b0, due_lane, due_words};
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    if (!rst_ni) {completion_o, ready_o} <= 2'b00;
    else         {completion_o, ready_o} <= {due_last, due_signal};
  end

endmodule

// SPDX-License-Identifier: Apache-2.0
// Runs the instructions of program.memh one after the other, as a unit does, on given activations and weights, and prints what happens when (clock cycles; cycle 0 is the
// first run cycle of the first instruction). Knows nothing of what is right.
//
//   V cycle address   an activation vector is read        E cycle   last run cycle        W cycle address word           accumulators are written
//   L cycle address   a line is read                      C cycle   completion            B cycle bank address value     one accumulator of an input-stationary array
//   S cycle           accumulator_ready is signalled      A address word                  accumulators at the end
module array_unit_tb;

  parameter int Instructions = 1;

  localparam int ElementWidth = accel_pkg::RequantizerElementWidth;
  localparam int Elements     = accel_pkg::ActivationReadElements;
  localparam int WordWidth    = accel_pkg::ArrayColumns * accel_pkg::AccumulatorWidth;

  logic [ElementWidth-1:0]               activations [0:accel_pkg::BuffersActivationSize-1];
  logic [accel_pkg::WeightLineWidth-1:0] lines [0:accel_pkg::BuffersWeightSize-1];
  logic [accel_pkg::MatmulWidth-1:0]     programs [0:Instructions-1];

  logic                                          clk = 1'b0;
  logic                                          rst_n, start, run, last, completion, ready, vector_read, line_read, word_read;
  logic [accel_pkg::MatmulWidth-1:0]             instruction;
  logic [accel_pkg::ActivationAddressWidth-1:0]  vector_address;
  logic [accel_pkg::LineAddressWidth-1:0]        line_address;
  logic [accel_pkg::AccumulatorAddressWidth-1:0] word_address;
  logic [Elements*ElementWidth-1:0]              vector;
  logic [accel_pkg::WeightLineWidth-1:0]         line;
  logic [WordWidth-1:0]                          word;

  array_unit dut (
    .clk_i(clk), .rst_ni(rst_n), .start_i(start), .run_i(run), .instruction_i(instruction), .last_o(last), .completion_o(completion), .ready_o(ready),
    .activation_read_o(vector_read), .activation_address_o(vector_address), .elements_i(vector),
    .line_read_o(line_read), .line_address_o(line_address), .line_i(line), .factors_i({accel_pkg::WeightLineWidth{1'b0}}), .line_factor_o(), .column_pitch_o(), .lane_pitch_o(),
    .word_read_i(word_read), .word_address_i(word_address), .word_o(word)
  );

  integer t, i, e, rest;

  // Accumulator writes.
  genvar b;
  generate
    if (accel_pkg::ArrayDataflow == accel_pkg::DataflowInputStationary) begin : g_banks
      for (b = 0; b < accel_pkg::ArrayColumns; b = b + 1) begin : g_bank
        always @(posedge clk) begin
          if (dut.g_transposed.u_accumulators.g_bank[b].write_q)
            $display("B %0d %0d %0d %h", t, b, dut.g_transposed.u_accumulators.g_bank[b].address_q, dut.g_transposed.u_accumulators.g_bank[b].sum);
        end
      end
    end else begin : g_words
      always @(posedge clk) begin
        if (dut.g_words.u_accumulators.write_q) $display("W %0d %0d %h", t, dut.g_words.u_accumulators.address_q, dut.g_words.u_accumulators.sum);
      end
    end
  endgenerate

  // The buffers answer a cycle later and keep their answer.
  task edge_of_clock;
    begin
      #1;
      if (vector_read) $display("V %0d %0d", t, vector_address);
      if (line_read)   $display("L %0d %0d", t, line_address);
      if (run && last) $display("E %0d", t);
      if (completion)  $display("C %0d", t);
      if (ready)       $display("S %0d", t);
      #1 clk = 1'b1;
      if (vector_read) for (e = 0; e < Elements; e = e + 1) vector[e*ElementWidth +: ElementWidth] <= activations[(32'(vector_address) + e) % accel_pkg::BuffersActivationSize];
      if (line_read) line <= lines[line_address];
      #1 clk = 1'b0;
      t = t + 1;
    end
  endtask

  initial begin
    $readmemh("activations.memh", activations);
    $readmemh("lines.memh", lines);
    $readmemh("program.memh", programs);
    rst_n     = 1'b0;
    start     = 1'b0;
    run       = 1'b0;
    word_read = 1'b0;
    t         = -3;
    edge_of_clock;
    rst_n = 1'b1;
    for (i = 0; i < Instructions; i = i + 1) begin
      // Fetch, a wait cycle that is the start, run.
      edge_of_clock;
      instruction = programs[i];
      start       = 1'b1;
      edge_of_clock;
      start = 1'b0;
      run   = 1'b1;
      #1;
      while (!last) begin
        edge_of_clock;
        #1;
        if (t > 30000) $fatal(1, "FAIL: no end");
      end
      edge_of_clock;
      run = 1'b0;
    end
    for (rest = 0; rest < 4 * (accel_pkg::ArrayRows + accel_pkg::ArrayColumns) + 8; rest = rest + 1) edge_of_clock;
    word_read = 1'b1;
    for (i = 0; i < accel_pkg::BuffersAccumulatorSize; i = i + 1) begin
      word_address = i;
      edge_of_clock;
      $display("A %0d %h", i, word);
    end
    $finish;
  end

endmodule

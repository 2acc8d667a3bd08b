// SPDX-License-Identifier: Apache-2.0
// The host of up5k_shell.sv: over SPI it writes the memory image, the first image, tokens and frames of a bundle's vectors, starts, waits, and reads back every word that the last layer stores.
module up5k_shell_tb;

  parameter int MemoryWords = 1024;
  parameter int LastLayer   = 0;

  localparam int AtMemoryWords  = 2;
  localparam int AtInputAddress = 3;
  localparam int AtInputWords   = 4;
  localparam int AtFrames       = 14;
  localparam int AtLayerBeats   = 17 + accel_pkg::SemaphoreCount;

  logic clk = 1'b0, sck = 1'b0, select_n = 1'b1, mosi = 1'b0;
  logic miso, busy;
  always #5 clk = ~clk;

  up5k_shell #(.MemoryWords(MemoryWords)) u_shell (
    .clk_i        (clk),
    .spi_clk_i    (sck),
    .spi_select_ni(select_n),
    .spi_data_i   (mosi),
    .spi_data_o   (miso),
    .busy_o       (busy)
  );

  reg [31:0]  descriptor [0:255];
  reg [15:0]  received;
  reg [127:0] word;
  reg [8*64-1:0] name;
  integer     file, fields, i, b, compared, wrong, cycles;
  reg [15:0]  mask;
  reg [255:0] hash;

  // An eighth of the clock; data changes on the falling edge.
  task frame(input integer bits, input reg [71:0] data);
    begin
      @(negedge clk) select_n = 1'b0;
      repeat (4) @(negedge clk);
      for (b = bits - 1; b >= 0; b = b - 1) begin
        mosi = data[b];
        repeat (4) @(negedge clk);
        if (bits - 1 - b < 16) received = {received[14:0], miso};
        sck = 1'b1;
        repeat (4) @(negedge clk);
        sck = 1'b0;
      end
      repeat (4) @(negedge clk);
      select_n = 1'b1;
      repeat (6) @(negedge clk);
    end
  endtask

  task open(input reg [8*64-1:0] path);
    begin
      file   = $fopen(path, "r");
      fields = $fscanf(file, "// configuration_sha256 %h hardware_sha256 %h words %d checksum %h\n", hash, hash, i, i);
    end
  endtask

  initial cycles = 0;
  always @(posedge clk) if (busy) cycles = cycles + 1;

  initial begin
    repeat (20) @(negedge clk);
    open("vectors/bench.memh");
    fields = 1;
    for (i = 0; fields == 1; i = i + 1) fields = $fscanf(file, "%h\n", descriptor[i]);
    open("vectors/memory.memh");
    for (i = 0; i < descriptor[AtMemoryWords]; i = i + 1) begin
      fields = $fscanf(file, "%h\n", word);
      frame(40, {16'(i), word[15:0], 8'h02});
    end
    open("vectors/input.memh");
    for (i = 0; i < descriptor[AtInputWords]; i = i + 1) begin
      fields = $fscanf(file, "%h\n", word);
      frame(40, {16'(descriptor[AtInputAddress] + i), word[15:0], 8'h02});
    end
    for (i = 0; i < 3; i = i + 1) frame(72, {4'd6, 28'(i), descriptor[AtFrames+i], 8'h01});
    for (i = 0; i < accel_pkg::SemaphoreCount; i = i + 1) frame(72, {4'd5, 28'(i), descriptor[AtFrames+3+i], 8'h01});
    frame(8, 8'h04);
    frame(8, 8'h05);
    frame(16, 16'h0005);
    if (received !== 16'd1) $display("FAIL state %h, expected busy", received);
    for (i = 0; busy && i < 100000; i = i + 1) @(negedge clk);

    compared = 0;
    wrong    = 0;
    $sformat(name, "vectors/layer_%03d.memh", LastLayer);
    open(name);
    fields = $fscanf(file, "%h\n", word);
    while (fields == 1 && compared < descriptor[AtLayerBeats+LastLayer]) begin
      mask = {{8{word[17]}}, {8{word[16]}}};
      frame(24, {word[33:18], 8'h03});
      frame(16, 16'h0000);
      if ((received & mask) !== (word[15:0] & mask)) begin
        if (wrong == 0) $display("FAIL address %0d expected %h found %h", word[33:18], word[15:0] & mask, received & mask);
        wrong = wrong + 1;
      end
      compared = compared + 1;
      fields = $fscanf(file, "%h\n", word);
    end
    if (busy || wrong != 0 || compared == 0) $display("FAIL");
    else $display("PASS %0d cycles %0d", compared, cycles);
    $finish;
  end

endmodule

// SPDX-License-Identifier: Apache-2.0
// Bench of the accelerator on a system bus: a driver on its registers, a memory on its master, a monitor on each bus. Runs the programs and images of vectors/ and compares every memory word that is
// stored, in its order, with the same files as the bench of the plain port. Cycles belong to the plain port and are not compared; the cycle counter must agree with the bench's own clock.
//
// Where the programs come through the registers and no errors are answered, the driver first reads every register that there is, and places where there is none, and writes what must be refused.
//
// Plusargs, with those of network_vectors.svh and vector_reading.svh, in which the files are described (+corner is for the plain port alone):
//            +stalls=SEED      ready and valid of every channel are withheld at random, on both buses
//            +program_memory   the programs come from memory, else word by word through the registers
//            +bus_error=K      every read (1) or write (2) of a run answers SLVERR: words are as ever, and the registers must tell of it; a region of no words (3): nothing reaches the bus;
//                              a load from where no memory is, with a run behind it (4): nothing runs; a run where no memory is, so that all answers are DECERR (5): it comes to its end
//            +progress         print a line after each image, every 16384 cycles of a run, and in those that are powers of two
//
// The verdict is `PASS n` with the number of words compared, or `FAIL`.
`include "accel_params.vh"

module bench (
  input  logic clk_i,
  input  logic rst_ni,
  output logic done_o,
  output logic failed_o
);

  localparam int WordBytes   = accel_pkg::MemoryBytesPerCycle;
  localparam int WordBits    = 8 * WordBytes;
  localparam int BeatBits    = 32 + WordBytes + WordBits;
  localparam int WideBits    = (BeatBits > 512) ? BeatBits : 512;
  localparam int MemoryWords = accel_pkg::BenchMemoryWords;
  localparam int MaxOrder    = 4096;
  localparam int AA          = accel_pkg::AxiAddressWidth;
  localparam int LA          = accel_pkg::AxiLiteAddressWidth;
  localparam int Burst       = accel_pkg::AxiBurstWords;

  // Words of the program image at most: four programs with their lengths, the tokens, the numbers of the run, each block with two words before it.
  localparam int ImageParts   = accel_pkg::ProgramDepth * (accel_pkg::LoadWords + accel_pkg::MatmulWords + accel_pkg::VectorWords + accel_pkg::StoreWords) + 64;
  localparam int ProgramWords = (4*ImageParts + WordBytes - 1) / WordBytes;

  `include "tb/vector_reading.svh"
  `include "tb/network_vectors.svh"

  localparam logic [255:0] HardwareHash      = accel_pkg::HardwareSha256;
  localparam logic [255:0] ConfigurationHash = accel_pkg::ConfigurationSha256;

  // The regions lie apart, beyond 32 bits.
  localparam logic [AA-1:0] MemoryBase  = AA'(40'h12_3456_7000);
  localparam logic [AA-1:0] ProgramBase = AA'(40'h01_0000_3000);

  // Changes the upper half of a base so that there is no memory.
  localparam logic [31:0]   Nowhere     = 32'h80;

  // ---------------------------------------------------------------- both buses

  logic          s_awvalid, s_awready, s_wvalid, s_wready, s_bvalid, s_bready, s_arvalid, s_arready, s_rvalid, s_rready, interrupt;
  logic [LA-1:0] s_awaddr, s_araddr;
  logic [31:0]   s_wdata, s_rdata;
  logic [3:0]    s_wstrb;
  logic [1:0]    s_bresp, s_rresp;

  logic                 m_awvalid, m_awready, m_wvalid, m_wready, m_wlast, m_bvalid, m_bready, m_arvalid, m_arready, m_rvalid, m_rready, m_rlast;
  logic [AA-1:0]        m_awaddr, m_araddr;
  logic [7:0]           m_awlen, m_arlen;
  logic [2:0]           m_awsize, m_arsize, m_awprot, m_arprot;
  logic [1:0]           m_awburst, m_arburst, m_bresp, m_rresp;
  logic [3:0]           m_awcache, m_arcache;
  logic [WordBits-1:0]  m_wdata, m_rdata;
  logic [WordBytes-1:0] m_wstrb;

  accelerator_axi u_accelerator (
    .clk_i(clk_i), .rst_ni(rst_ni), .interrupt_o(interrupt),
    .s_axi_awvalid(s_awvalid), .s_axi_awready(s_awready), .s_axi_awaddr(s_awaddr), .s_axi_awprot(3'b000),
    .s_axi_wvalid(s_wvalid), .s_axi_wready(s_wready), .s_axi_wdata(s_wdata), .s_axi_wstrb(s_wstrb),
    .s_axi_bvalid(s_bvalid), .s_axi_bready(s_bready), .s_axi_bresp(s_bresp),
    .s_axi_arvalid(s_arvalid), .s_axi_arready(s_arready), .s_axi_araddr(s_araddr), .s_axi_arprot(3'b000),
    .s_axi_rvalid(s_rvalid), .s_axi_rready(s_rready), .s_axi_rdata(s_rdata), .s_axi_rresp(s_rresp),
    .m_axi_awvalid(m_awvalid), .m_axi_awready(m_awready), .m_axi_awaddr(m_awaddr), .m_axi_awlen(m_awlen),
    .m_axi_awsize(m_awsize), .m_axi_awburst(m_awburst), .m_axi_awcache(m_awcache), .m_axi_awprot(m_awprot),
    .m_axi_wvalid(m_wvalid), .m_axi_wready(m_wready), .m_axi_wdata(m_wdata), .m_axi_wstrb(m_wstrb), .m_axi_wlast(m_wlast),
    .m_axi_bvalid(m_bvalid), .m_axi_bready(m_bready), .m_axi_bresp(m_bresp),
    .m_axi_arvalid(m_arvalid), .m_axi_arready(m_arready), .m_axi_araddr(m_araddr), .m_axi_arlen(m_arlen),
    .m_axi_arsize(m_arsize), .m_axi_arburst(m_arburst), .m_axi_arcache(m_arcache), .m_axi_arprot(m_arprot),
    .m_axi_rvalid(m_rvalid), .m_axi_rready(m_rready), .m_axi_rdata(m_rdata), .m_axi_rresp(m_rresp), .m_axi_rlast(m_rlast)
  );

  reg                   stalls, finish, settled;
  reg [31:0]            seed, bus_error;
  logic                 stored;
  logic [31:0]          stored_address, memory_violations, register_violations;
  logic [WordBits-1:0]  stored_data;
  logic [WordBytes-1:0] stored_strobes;

  axi_memory #(.AddressWidth(AA), .WordBytes(WordBytes), .Words(MemoryWords), .ProgramWords(ProgramWords)) u_memory (
    .clk_i(clk_i), .rst_ni(rst_ni), .stalls_i(stalls), .seed_i(seed), .latency_i(accel_pkg::MemoryLatencyCycles),
    .read_fault_i(bus_error == 32'd1), .write_fault_i(bus_error == 32'd2), .base_i(MemoryBase), .program_base_i(ProgramBase),
    .awvalid_i(m_awvalid), .awready_o(m_awready), .awaddr_i(m_awaddr), .awlen_i(m_awlen),
    .wvalid_i(m_wvalid), .wready_o(m_wready), .wdata_i(m_wdata), .wstrb_i(m_wstrb),
    .bvalid_o(m_bvalid), .bready_i(m_bready), .bresp_o(m_bresp),
    .arvalid_i(m_arvalid), .arready_o(m_arready), .araddr_i(m_araddr), .arlen_i(m_arlen),
    .rvalid_o(m_rvalid), .rready_i(m_rready), .rdata_o(m_rdata), .rresp_o(m_rresp), .rlast_o(m_rlast),
    .stored_o(stored), .stored_address_o(stored_address), .stored_data_o(stored_data), .stored_strobes_o(stored_strobes)
  );

  axi_monitor #(.Bus(0), .AddressWidth(AA), .WordBytes(WordBytes), .MaxBeats(Burst)) u_memory_monitor (
    .clk_i(clk_i), .rst_ni(rst_ni), .finish_i(finish),
    .awvalid_i(m_awvalid), .awready_i(m_awready), .awaddr_i(m_awaddr), .awlen_i(m_awlen), .awsize_i(m_awsize), .awburst_i(m_awburst),
    .wvalid_i(m_wvalid), .wready_i(m_wready), .wdata_i(m_wdata), .wstrb_i(m_wstrb), .wlast_i(m_wlast),
    .bvalid_i(m_bvalid), .bready_i(m_bready), .bresp_i(m_bresp),
    .arvalid_i(m_arvalid), .arready_i(m_arready), .araddr_i(m_araddr), .arlen_i(m_arlen), .arsize_i(m_arsize), .arburst_i(m_arburst),
    .rvalid_i(m_rvalid), .rready_i(m_rready), .rdata_i(m_rdata), .rresp_i(m_rresp), .rlast_i(m_rlast),
    .violations_o(memory_violations)
  );

  // AXI4-Lite is AXI4 with bursts of one word, at any address.
  axi_monitor #(.Bus(1), .AddressWidth(LA), .WordBytes(4), .MaxBeats(1), .Aligned(1'b0)) u_register_monitor (
    .clk_i(clk_i), .rst_ni(rst_ni), .finish_i(finish),
    .awvalid_i(s_awvalid), .awready_i(s_awready), .awaddr_i(s_awaddr), .awlen_i(8'd0), .awsize_i(3'd2), .awburst_i(2'b01),
    .wvalid_i(s_wvalid), .wready_i(s_wready), .wdata_i(s_wdata), .wstrb_i(s_wstrb), .wlast_i(1'b1),
    .bvalid_i(s_bvalid), .bready_i(s_bready), .bresp_i(s_bresp),
    .arvalid_i(s_arvalid), .arready_i(s_arready), .araddr_i(s_araddr), .arlen_i(8'd0), .arsize_i(3'd2), .arburst_i(2'b01),
    .rvalid_i(s_rvalid), .rready_i(s_rready), .rdata_i(s_rdata), .rresp_i(s_rresp), .rlast_i(1'b1),
    .violations_o(register_violations)
  );

  // ---------------------------------------------------------------- vector files

  reg [63:0] order [0:MaxOrder-1];
  integer    orders, image_parts, j;
  reg        program_memory, progress;

  // The program image: what the driver writes, block by block. `image_words` is the image as 32-bit words; through the registers the same words are written.
  reg [31:0] image_words [0:ImageParts-1];

  task add_part(input reg [31:0] value);
    begin
      image_words[image_parts] = value;
      for (j = 0; j < 4; j = j + 1) u_memory.programs[(4*image_parts + j) / WordBytes][8*((4*image_parts + j) % WordBytes) +: 8] = value[8*j +: 8];
      image_parts = image_parts + 1;
    end
  endtask

  initial begin : prepare
    integer k, n, w;
    stalls         = 1'b0;
    seed           = 32'd1;
    bus_error      = 32'd0;
    program_memory = $test$plusargs("program_memory") != 0;
    progress       = $test$plusargs("progress") != 0;
    if ($value$plusargs("stalls=%d", seed)) stalls = 1'b1;
    if (!$value$plusargs("bus_error=%d", bus_error)) bus_error = 32'd0;

    begin_reading;
    if (bus_error > 32'd5) begin
      $display("ERROR plusargs: +bus_error=%0d, allowed 1 to 5", bus_error);
      broken = 1'b1;
    end
    if (`ACCEL_CONFIGURATION_SHA256 != accel_pkg::ConfigurationSha256 || `ACCEL_HARDWARE_SHA256 != accel_pkg::HardwareSha256) begin
      $display("ERROR header: accel_params.vh and accel_pkg.sv belong to different configurations");
      broken = 1'b1;
    end
    check_network;
    name = "vectors/store_order.memh";
    check_file(2);
    if (!broken && file_words > MaxOrder) begin
      $display("ERROR vectors: the stores change their layer more than %0d times", MaxOrder);
      broken = 1'b1;
    end

    orders      = 0;
    image_parts = 0;
    if (!broken) begin
      for (n = 0; n < MemoryWords; n = n + 1) u_memory.words[n] = {WordBits{1'b0}};
      for (n = 0; n < ProgramWords; n = n + 1) u_memory.programs[n] = {WordBits{1'b0}};
      memory_name;
      open_file;
      for (n = 0; n < descriptor[AtMemoryWords]; n = n + 1) begin
        fields = $fscanf(file, "%h\n", wide);
        u_memory.words[n] = wide[WordBits-1:0];
      end
      $fclose(file);

      name = "vectors/store_order.memh";
      open_file;
      orders = file_words;
      for (n = 0; n < orders; n = n + 1) begin
        fields = $fscanf(file, "%h\n", wide);
        order[n] = wide[63:0];
      end
      $fclose(file);

      for (k = 0; k < 4; k = k + 1) begin
        program_name(k);
        open_file;
        if (file_words != 0) begin
          add_part({2'd0, k[1:0], 28'd0});
          add_part(file_words * instruction_words(k));
        end
        for (n = 0; n < file_words; n = n + 1) begin
          fields = $fscanf(file, "%h\n", wide);
          for (w = 0; w < instruction_words(k); w = w + 1) add_part(wide[32*w +: 32]);
        end
        $fclose(file);
      end
      add_part({4'd4, 28'd0});
      add_part(32'd4);
      for (k = 0; k < 4; k = k + 1) add_part(descriptor[AtPrograms+k]);
      add_part({4'd5, 28'd0});
      add_part(accel_pkg::SemaphoreCount);
      for (k = 0; k < accel_pkg::SemaphoreCount; k = k + 1) add_part(descriptor[AtInitial+k]);
      add_part({4'd6, 28'd0});
      add_part(RunWords);
      for (k = 0; k < RunWords; k = k + 1) add_part(descriptor[AtFrames+k]);

      open_network;
    end
  end

  // ---------------------------------------------------------------- what is stored

  integer            image, layer, m, frame, order_at;
  reg [31:0]         beats [0:MaxLayers-1];
  reg [31:0]         layer_vectors [0:MaxLayers-1];
  reg [31:0]         layer_mismatches [0:MaxLayers-1];
  reg [31:0]         vectors, bit_mismatches, clock, elapsed, limit, cycles, order_left, words_expected, words_found;
  reg                difference;
  reg [BeatBits-1:0] expected, found;
  reg [WideBits-1:0] expected_wide, image_data;

  task differs(input reg [8*80-1:0] what);
    begin
      if (!difference) $display("DIFF kind=protocol image=%0d clock=%0d cycle=%0d (%0s)", image, clock, elapsed, what);
      difference = 1'b1;
    end
  endtask

  // The next layer in the order of the stores that still has words.
  task next_order;
    while (order_left == 32'd0 && order_at + 1 < orders) begin
      order_at   = order_at + 1;
      order_left = order[order_at][63:32];
    end
  endtask

  task check_stored;
    begin
      words_found = words_found + 32'd1;
      if (order_left == 32'd0 && frame + 1 < descriptor[AtFrames]) begin
        frame      = frame + 1;
        order_at   = 0;
        order_left = order[0][63:32];
      end
      next_order;
      layer    = (orders == 0) ? 0 : order[order_at][31:0];
      found    = {stored_address, stored_strobes, stored_data};
      expected = {BeatBits{1'b0}};
      if (order_left != 32'd0) begin
        file       = layer_file[layer];
        fields     = $fscanf(file, "%h\n", expected_wide);
        expected   = expected_wide[BeatBits-1:0];
        order_left = order_left - 32'd1;
        next_order;
      end
      vectors = vectors + 32'd1;
      layer_vectors[layer] = layer_vectors[layer] + 32'd1;
      if (expected !== found) begin
        layer_mismatches[layer] = layer_mismatches[layer] + 32'd1;
        bit_mismatches = bit_mismatches + differing_bits(expected, found);
        if (!difference) begin
          $display("DIFF kind=value image=%0d layer=%0d clock=%0d cycle=%0d index=%0d address=%0d expected=%h found=%h",
                   image, layer, clock, elapsed, beats[layer], stored_address, expected, found);
        end
        difference = 1'b1;
      end
      beats[layer] = beats[layer] + 32'd1;
    end
  endtask

  // ---------------------------------------------------------------- the driver: one access at a time

  reg          active, writing, address_done, data_done;
  reg [LA-1:0] access_address;
  reg [31:0]   access_data, random;
  reg [3:0]    access_strobes, address_delay, data_delay;
  reg [1:0]    response;

  task draw(output reg [3:0] delay);
    begin
      random = random ^ (random << 13);
      random = random ^ (random >> 17);
      random = random ^ (random << 5);
      delay  = stalls ? {2'b00, random[9:8]} : 4'd0;
    end
  endtask

  task access(input reg write, input integer offset, input reg [31:0] data, input reg [3:0] strobes);
    begin
      active         = 1'b1;
      writing        = write;
      access_address = LA'(offset);
      access_data    = data;
      access_strobes = strobes;
      address_done   = 1'b0;
      data_done      = 1'b0;
      draw(address_delay);
      draw(data_delay);
    end
  endtask

  task write_register(input integer offset, input reg [31:0] data);
    access(1'b1, offset, data, 4'b1111);
  endtask

  task read_register(input integer offset);
    access(1'b0, offset, 32'd0, 4'd0);
  endtask

  // One cycle of an access.
  task work;
    reg [3:0] withheld;
    begin
      draw(withheld);
      if (writing) begin
        if (s_awvalid && s_awready) begin
          s_awvalid   <= 1'b0;
          address_done = 1'b1;
        end else if (!s_awvalid && !address_done) begin
          if (address_delay == 4'd0) begin
            s_awvalid <= 1'b1;
            s_awaddr  <= access_address;
          end else address_delay = address_delay - 4'd1;
        end
        if (s_wvalid && s_wready) begin
          s_wvalid <= 1'b0;
          data_done = 1'b1;
        end else if (!s_wvalid && !data_done) begin
          if (data_delay == 4'd0) begin
            s_wvalid <= 1'b1;
            s_wdata  <= access_data;
            s_wstrb  <= access_strobes;
          end else data_delay = data_delay - 4'd1;
        end
        s_bready <= withheld == 4'd0;
        if (s_bvalid && s_bready) begin
          response  = s_bresp;
          active    = 1'b0;
          s_bready <= 1'b0;
        end
      end else begin
        if (s_arvalid && s_arready) begin
          s_arvalid   <= 1'b0;
          address_done = 1'b1;
        end else if (!s_arvalid && !address_done) begin
          if (address_delay == 4'd0) begin
            s_arvalid <= 1'b1;
            s_araddr  <= access_address;
          end else address_delay = address_delay - 4'd1;
        end
        s_rready <= withheld == 4'd0;
        if (s_rvalid && s_rready) begin
          response    = s_rresp;
          access_data = s_rdata;
          active      = 1'b0;
          s_rready   <= 1'b0;
        end
      end
    end
  endtask

  // ---------------------------------------------------------------- the run

  localparam logic [3:0] Look    = 4'd0;   // identification, version, both hashes
  localparam logic [3:0] Sweep   = 4'd10;  // every offset
  localparam logic [3:0] Corners = 4'd11;  // strobes, offsets that are no multiple of four, bits that are not there
  localparam logic [3:0] Setup   = 4'd1;
  localparam logic [3:0] Program = 4'd2;
  localparam logic [3:0] Loading = 4'd3;
  localparam logic [3:0] Image   = 4'd4;
  localparam logic [3:0] Started = 4'd5;
  localparam logic [3:0] Running = 4'd6;
  localparam logic [3:0] Ended   = 4'd7;
  localparam logic [3:0] Verdict = 4'd8;
  localparam logic [3:0] Done    = 4'd9;

  localparam logic [31:0] DoneBit  = 32'd1 << accel_pkg::RegisterInterruptStatusDoneLsb;
  localparam logic [31:0] ErrorBit = 32'd1 << accel_pkg::RegisterInterruptStatusErrorLsb;
  localparam logic [31:0] ReadBit  = 32'd1 << accel_pkg::RegisterErrorStatusReadLsb;
  localparam logic [31:0] WriteBit = 32'd1 << accel_pkg::RegisterErrorStatusWriteLsb;
  localparam logic [31:0] RangeBit = 32'd1 << accel_pkg::RegisterErrorStatusRangeLsb;
  localparam logic [31:0] StartBit = 32'd1 << accel_pkg::RegisterControlStartLsb;
  localparam logic [31:0] LoadBit  = 32'd1 << accel_pkg::RegisterControlLoadLsb;

  reg [3:0]  state;
  wire       looks_twice = !program_memory && bus_error == 32'd0;
  reg        reloads, first_seen;  // whether the run follows a load; whether a burst of the faulty direction began
  reg [31:0] first_word;           // its first word
  wire       first_reads = bus_error != 32'd2;
  integer    step, part, left, accesses;
  reg [31:0] errors;

  // Words from offset 0 on of which all registers are in the first.
  localparam int SweepWords = 64;

  function readable(input integer offset);
    case (offset)
      accel_pkg::RegisterControl, accel_pkg::RegisterProgramData: readable = 1'b0;
      accel_pkg::RegisterIdentification, accel_pkg::RegisterVersion, accel_pkg::RegisterStatus, accel_pkg::RegisterErrorAddress, accel_pkg::RegisterCyclesLow, accel_pkg::RegisterCyclesHigh: readable = 1'b1;
      default: readable = writable(offset) || (offset >= accel_pkg::RegisterHardwareHash0 && offset < accel_pkg::RegisterHardwareHash0 + 32)
                          || (offset >= accel_pkg::RegisterConfigurationHash0 && offset < accel_pkg::RegisterConfigurationHash0 + 32);
    endcase
  endfunction

  function writable(input integer offset);
    case (offset)
      accel_pkg::RegisterControl, accel_pkg::RegisterInterruptEnable, accel_pkg::RegisterInterruptStatus, accel_pkg::RegisterErrorStatus, accel_pkg::RegisterMemoryBaseLow, accel_pkg::RegisterMemoryBaseHigh,
      accel_pkg::RegisterMemoryWords, accel_pkg::RegisterProgramBaseLow, accel_pkg::RegisterProgramBaseHigh, accel_pkg::RegisterProgramWords, accel_pkg::RegisterProgramAddress,
      accel_pkg::RegisterProgramData: writable = 1'b1;
      default: writable = 1'b0;
    endcase
  endfunction

  // The access before must have answered OKAY with this value.
  task expect_value(input reg [31:0] value, input reg [8*80-1:0] what);
    if (response !== 2'b00 || access_data !== value) begin
      if (!difference) $display("DIFF kind=protocol image=%0d clock=%0d cycle=%0d (%0s reads %h with response %0d, expected %h)", image, clock, elapsed, what, access_data, response, value);
      difference = 1'b1;
    end
  endtask

  task expect_response(input reg [1:0] due, input reg [8*80-1:0] what);
    if (response !== due) differs(what);
  endtask

  task look;
    begin
      if (step == 1) expect_value(accel_pkg::RegisterIdentificationValue, "Identification");
      if (step == 2) expect_value(accel_pkg::RegisterVersionValue, "Version");
      if (step >= 3 && step < 11) expect_value(HardwareHash[32*(10 - step) +: 32], "HardwareHash");
      if (step >= 11 && step < 19) expect_value(ConfigurationHash[32*(18 - step) +: 32], "ConfigurationHash");
      if (step == 0) read_register(accel_pkg::RegisterIdentification);
      else if (step == 1) read_register(accel_pkg::RegisterVersion);
      else if (step < 10) read_register(accel_pkg::RegisterHardwareHash0 + 4*(step - 2));
      else if (step < 18) read_register(accel_pkg::RegisterConfigurationHash0 + 4*(step - 10));
      else begin
        state = looks_twice ? Sweep : Setup;
        part  = 0;
        step  = -1;
      end
      step = step + 1;
    end
  endtask

  // Every word from offset 0 to beyond the last register: what cannot be read answers an error and zero, what cannot be written an error.
  task sweep;
    begin
      case (step)
        0: read_register(4*part);
        1: begin
          expect_response(readable(4*part) ? 2'b00 : 2'b10, readable(4*part) ? "a read of a register was refused" : "a read of no register was not refused");
          if (!readable(4*part) && access_data !== 32'd0) differs("a read of no register is not zero");
          if (!writable(4*part)) write_register(4*part, 32'hFFFF_FFFF);
        end
        default: begin
          if (!writable(4*part)) expect_response(2'b10, "a write to what cannot be written was not refused");
          part = part + 1;
          step = -1;
          if (part == SweepWords) state = Corners;
        end
      endcase
      step = step + 1;
    end
  endtask

  reg [1:0]  due_response;
  reg [31:0] due_value;

  task refused(input integer offset, input reg [3:0] strobes);
    begin
      access(1'b1, offset, 32'hFFFF_FFFF, strobes);
      due_response = 2'b10;
    end
  endtask

  task taken(input integer offset, input reg [31:0] data);
    begin
      write_register(offset, data);
      due_response = 2'b00;
    end
  endtask

  task reads(input integer offset, input reg [31:0] value);
    begin
      read_register(offset);
      due_response = 2'b00;
      due_value    = value;
    end
  endtask

  // Writes that are not whole are refused; the two lowest bits of an offset do not count; bits that a register does not have read zero.
  task corners;
    begin
      if (step > 0 && (response !== due_response || (!writing && access_data !== due_value))) begin
        if (!difference) begin
          $display("DIFF kind=protocol image=%0d clock=%0d cycle=%0d (register corner %0d: response %0d, expected %0d; reads %h, expected %h)", image, clock, elapsed, step - 1, response, due_response,
                   access_data, due_value);
        end
        difference = 1'b1;
      end
      if (step < 15) refused(accel_pkg::RegisterInterruptEnable, step[3:0]);
      else case (step)
        15: reads(accel_pkg::RegisterInterruptEnable, 32'd0);
        16: taken(accel_pkg::RegisterInterruptEnable + 3, 32'hFFFF_FFFF);
        17: reads(accel_pkg::RegisterInterruptEnable + 2, DoneBit | ErrorBit);
        18: taken(accel_pkg::RegisterInterruptEnable, 32'd0);
        19: taken(accel_pkg::RegisterInterruptStatus, 32'hFFFF_FFFF);
        20: reads(accel_pkg::RegisterInterruptStatus, 32'd0);
        21: taken(accel_pkg::RegisterErrorStatus, 32'hFFFF_FFFF);
        22: reads(accel_pkg::RegisterErrorStatus, 32'd0);
        23: taken(accel_pkg::RegisterMemoryBaseLow, 32'hFFFF_FFFF);
        24: reads(accel_pkg::RegisterMemoryBaseLow, 32'hFFFF_F000);
        25: taken(accel_pkg::RegisterMemoryBaseHigh, 32'hFFFF_FFFF);
        26: reads(accel_pkg::RegisterMemoryBaseHigh, 32'((64'd1 << (AA - 32)) - 64'd1));
        27: taken(accel_pkg::RegisterProgramBaseLow, 32'hFFFF_FFFF);
        28: reads(accel_pkg::RegisterProgramBaseLow, 32'hFFFF_F000);
        29: taken(accel_pkg::RegisterProgramBaseHigh, 32'hFFFF_FFFF);
        30: reads(accel_pkg::RegisterProgramBaseHigh, 32'((64'd1 << (AA - 32)) - 64'd1));
        31: taken(accel_pkg::RegisterMemoryWords, 32'hA5A5_5A5A);
        32: reads(accel_pkg::RegisterMemoryWords, 32'hA5A5_5A5A);
        33: taken(accel_pkg::RegisterProgramWords, 32'h5A5A_A5A5);
        34: reads(accel_pkg::RegisterProgramWords, 32'h5A5A_A5A5);
        35: taken(accel_pkg::RegisterProgramAddress, 32'h4000_0000);
        36: taken(accel_pkg::RegisterProgramData, 32'd0);
        37: reads(accel_pkg::RegisterProgramAddress, 32'h4000_0001);
        38: taken(accel_pkg::RegisterControl, ~(StartBit | LoadBit));
        39: reads(accel_pkg::RegisterStatus, 32'd0);
        40: reads(accel_pkg::RegisterHardwareHash0, HardwareHash[255:224]);
        default: begin
          state = Setup;
          step  = -1;
        end
      endcase
      step = step + 1;
    end
  endtask

  task set_up;
    begin
      if (step > 0) expect_response(2'b00, "a write to a register was refused");
      case (step)
        0: write_register(accel_pkg::RegisterMemoryBaseLow, MemoryBase[31:0]);
        1: write_register(accel_pkg::RegisterMemoryBaseHigh, 32'(MemoryBase >> 32) ^ ((bus_error == 32'd5) ? Nowhere : 32'h0));
        2: write_register(accel_pkg::RegisterMemoryWords,
                            (bus_error == 32'd3) ? 32'd0 : descriptor[AtMemoryWords] + (descriptor[AtFrames] - 1) * (descriptor[AtFrameStride] / accel_pkg::ElementsPerWord));
        3: write_register(accel_pkg::RegisterProgramBaseLow, ProgramBase[31:0]);
        4: write_register(accel_pkg::RegisterProgramBaseHigh, 32'(ProgramBase >> 32) ^ ((bus_error == 32'd4) ? Nowhere : 32'h0));
        5: write_register(accel_pkg::RegisterProgramWords, image_parts);
        6: write_register(accel_pkg::RegisterInterruptEnable, DoneBit | ErrorBit);
        default: begin
          if (program_memory) write_register(accel_pkg::RegisterControl, LoadBit);
          state   = program_memory ? Loading : Program;
          elapsed = 32'd0;
          limit   = 32'd20 * image_parts + 32'd5000;
          part    = 0;
          left    = -1;
          step    = -1;
        end
      endcase
      step = step + 1;
    end
  endtask

  // The image's blocks, word by word.
  task write_program;
    begin
      if (part > 0) expect_response(2'b00, "a word of a program was refused");
      if (part == image_parts) begin
        state = Image;
      end else if (left < 0) begin
        write_register(accel_pkg::RegisterProgramAddress, image_words[part]);
        left = image_words[part+1];
        part = part + 2;
      end else begin
        write_register(accel_pkg::RegisterProgramData, image_words[part]);
        part = part + 1;
        left = (left == 1) ? -1 : left - 1;
      end
    end
  endtask

  // The command before has ended: its registers, one after the other.
  task check_end(input reg [3:0] next);
    begin
      case (step)
        0: read_register(accel_pkg::RegisterStatus);
        1: begin
          expect_value((32'd1 << accel_pkg::RegisterStatusDoneLsb) | (32'(errors != 32'd0) << accel_pkg::RegisterStatusErrorLsb), "Status");
          read_register(accel_pkg::RegisterInterruptStatus);
        end
        2: begin
          expect_value(DoneBit | ((errors != 32'd0) ? ErrorBit : 32'd0), "InterruptStatus");
          read_register(accel_pkg::RegisterErrorStatus);
        end
        3: begin
          expect_value(errors, "ErrorStatus");
          read_register(accel_pkg::RegisterErrorAddress);
        end
        4: begin
          if (errors != 32'd0 && (bus_error < 32'd3 || bus_error == 32'd5)) expect_value(first_word, "ErrorAddress");
          write_register(accel_pkg::RegisterErrorStatus, 32'd7);
        end
        5: write_register(accel_pkg::RegisterInterruptStatus, DoneBit | ErrorBit);
        6: read_register(accel_pkg::RegisterCyclesLow);
        7: begin
          if (interrupt !== 1'b0) differs("the interrupt stays after it was cleared");
          cycles = access_data;
          read_register(accel_pkg::RegisterCyclesHigh);
        end
        default: begin
          expect_value(32'd0, "CyclesHigh");
          state = next;
          step  = -1;
        end
      endcase
      step = step + 1;
    end
  endtask

  task start_image;
    begin
      // The simulator Verilator 5.006 takes the handle of $fscanf for something that is written, and loses one that was only set in `prepare`.
      file = input_file;
      for (frame = 0; frame < descriptor[AtFrames]; frame = frame + 1) begin
        for (m = 0; m < descriptor[AtInputWords]; m = m + 1) begin
          fields = $fscanf(file, "%h\n", image_data);
          u_memory.words[descriptor[AtInputAddress] + frame * (descriptor[AtFrameStride] / accel_pkg::ElementsPerWord) + m] = image_data[WordBits-1:0];
        end
      end
      for (m = 0; m < MaxLayers; m = m + 1) beats[m] = 32'd0;
      words_expected = 32'd0;
      words_found    = 32'd0;
      for (m = 0; m < descriptor[AtLayers]; m = m + 1) words_expected = words_expected + descriptor[AtLayerBeats+m];
      frame      = 0;
      order_at   = 0;
      order_left = (orders == 0) ? 32'd0 : order[0][63:32];
      elapsed    = 32'd0;
      limit      = 32'd16 * descriptor[AtCycles] + 32'd5000;
      step       = 0;
      reloads    = (program_memory && image % 2 == 1) || bus_error == 32'd4;
      first_seen = 1'b0;
      state      = (bus_error == 32'd4) ? Running : Started;
      write_register(accel_pkg::RegisterControl, reloads ? (StartBit | LoadBit) : StartBit);
    end
  endtask

  // While the machine works, what it works with cannot be written.
  task check_started;
    begin
      case (step)
        0: begin
          expect_response(2'b00, "the start was refused");
          write_register(accel_pkg::RegisterMemoryWords, 32'd0);
        end
        1: begin
          expect_response(2'b10, "a write to MemoryWords during the run was not refused");
          write_register(accel_pkg::RegisterControl, StartBit | LoadBit);
        end
        2: begin
          expect_response(2'b10, "a command during the run was not refused");
          write_register(accel_pkg::RegisterProgramData, 32'd0);
        end
        3: begin
          expect_response(2'b10, "a word of a program during the run was not refused");
          read_register(accel_pkg::RegisterStatus);
        end
        default: begin
          if (access_data[accel_pkg::RegisterStatusBusyLsb] !== 1'b1 || access_data[accel_pkg::RegisterStatusDoneLsb] !== 1'b0) differs("Status is not busy during the run");
          state = Running;
          step  = -1;
        end
      endcase
      step = step + 1;
    end
  endtask

  task finish_image;
    begin
      if (bus_error == 32'd3 || bus_error == 32'd4) words_expected = 32'd0;
      if (words_found != words_expected) begin
        if (!difference) $display("DIFF kind=words image=%0d clock=%0d cycle=%0d expected=%0d found=%0d (words stored)", image, clock, elapsed, words_expected, words_found);
        bit_mismatches = bit_mismatches + 32'd1;
        difference     = 1'b1;
      end
      // The bench sees the start some cycles before it happens, and the end a cycle after it.
      if (bus_error == 32'd4 ? cycles != 32'd0 : (cycles == 32'd0 || cycles > elapsed || (!reloads && elapsed - cycles > 32'd100))) differs("the cycle counter does not agree with the clock");
      image = image + 1;
      if (progress) begin
        $display("IMAGE %0d of %0d", image, images);
        $fflush;
      end
      state = Image;
    end
  endtask

  initial clock = 32'd0;

  always @(posedge clk_i) begin
    clock = clock + 32'd1;
    if (!rst_ni) begin
      state          = Look;
      step           = 0;
      accesses       = 0;
      active         = 1'b0;
      response       = 2'b00;
      access_data    = 32'd0;
      random         = seed ^ 32'h2545_F491;
      image          = 0;
      elapsed        = 32'd0;
      limit          = 32'd20000;
      cycles         = 32'd0;
      vectors        = 32'd0;
      bit_mismatches = 32'd0;
      difference     = 1'b0;
      errors         = 32'd0;
      reloads        = 1'b0;
      first_seen     = 1'b0;
      first_word     = 32'd0;
      done_o        <= 1'b0;
      failed_o      <= 1'b0;
      finish        <= 1'b0;
      settled       <= 1'b0;
      s_awvalid     <= 1'b0;
      s_awaddr      <= {LA{1'b0}};
      s_wvalid      <= 1'b0;
      s_wdata       <= 32'd0;
      s_wstrb       <= 4'd0;
      s_bready      <= 1'b0;
      s_arvalid     <= 1'b0;
      s_araddr      <= {LA{1'b0}};
      s_rready      <= 1'b0;
      for (m = 0; m < MaxLayers; m = m + 1) begin
        layer_vectors[m]    = 32'd0;
        layer_mismatches[m] = 32'd0;
      end
    end else if (state != Done) begin
      if (stored && bus_error == 32'd5) words_found = words_found + 32'd1;
      else if (stored) check_stored;
      if (!first_seen && (first_reads ? m_arvalid && m_arready : m_awvalid && m_awready)) begin
        first_seen = 1'b1;
        first_word = 32'(((first_reads ? m_araddr : m_awaddr) - MemoryBase) / WordBytes);
      end
      if (!(state == Ended)) elapsed = elapsed + 32'd1;
      if (progress && state == Running && (elapsed[13:0] == 14'h3FFF || (elapsed & (elapsed - 32'd1)) == 32'd0)) begin
        $display("CYCLE image=%0d cycle=%0d", image, elapsed);
        $fflush;
      end
      if (interrupt === 1'bx) differs("the interrupt is unknown");
      if (state != Verdict && state != Program && elapsed >= limit) begin
        if (!difference) $display("DIFF kind=hang image=%0d clock=%0d cycle=%0d (no end of %0s)", image, clock, elapsed, active ? "an access" : "a command");
        difference = 1'b1;
        state      = Verdict;
      end else if (broken || memory_violations + register_violations != 32'd0) begin
        state = Verdict;
      end

      if (active && state != Verdict) work;
      if (!active || state == Verdict) begin
        case (state)
          Look:    look;
          Sweep:   sweep;
          Corners: corners;
          Setup:   set_up;
          Program: write_program;
          Loading: if (interrupt) begin
            if (step == 0) expect_response(2'b00, "the load was refused");
            check_end(Image);
          end else if (step > 0) begin
            check_end(Image);
          end
          Image: begin
            if (image == images || difference) state = Verdict;
            else start_image;
          end
          Started: check_started;
          // The end is waited for by the interrupt; where an error comes before it, by reading.
          Running: if (bus_error == 32'd0 ? interrupt : (step > 0 && access_data[accel_pkg::RegisterStatusDoneLsb])) begin
            if (interrupt !== 1'b1) differs("there is no interrupt at the end");
            errors = (bus_error == 32'd3) ? RangeBit : (bus_error == 32'd4) ? ReadBit : (bus_error == 32'd5) ? ReadBit | WriteBit : bus_error;
            step   = 0;
            state  = Ended;
          end else if (bus_error != 32'd0) begin
            read_register(accel_pkg::RegisterStatus);
            step = 1;
          end
          Ended: begin
            check_end(Verdict);
            if (state == Verdict) finish_image;
          end
          default: begin
            state     = Done;
            finish   <= 1'b1;
          end
        endcase
      end
    end else if (!done_o) begin
      // The monitors take a cycle to look.
      finish  <= 1'b0;
      settled <= finish;
      if (settled) begin
        done_o <= 1'b1;
        if (!broken && !difference && memory_violations + register_violations != 32'd0) differs("a monitor saw the buses' rules broken");
        failed_o <= broken || difference;
        if (!broken) begin
          for (m = 0; m < descriptor[AtLayers]; m = m + 1) $display("LAYER index=%0d vectors=%0d mismatches=%0d", m, layer_vectors[m], layer_mismatches[m]);
        end
        $display("RESULT accelerator images=%0d vectors=%0d bit_mismatches=%0d cycle_mismatches=0 cycles=%0d violations=%0d", image, vectors, bit_mismatches, cycles,
                 memory_violations + register_violations);
        if (broken || difference) $display("FAIL");
        else $display("PASS %0d", vectors);
      end
    end
  end

endmodule

// SPDX-License-Identifier: Apache-2.0
// Bench of the accelerator: runs the programs and images of vectors/ and compares every memory word that is stored, and every event's cycle. One image is one run; with +frames there is
// one run of several frames that overlap.
//
// Plusargs, with those of network_vectors.svh and vector_reading.svh, in which the files are described:
//            +stalls=SEED    memory acknowledges at random: words must still be equal, cycles are not compared
//            +progress       print a line after each image, every 16384 cycles, and in the cycles that are powers of two
//            +record         print the cycle of every event (kind 0 fetch, 1 start, 2 end, 3 completion) of the first run
//
// Before anything runs, every file is checked, and the package against accel_params.vh.
//
// Prints the first difference and a line of results; done_o ends the run, failed_o is the verdict, vectors_o the number of words compared.
`include "accel_params.vh"

module accelerator_bench (
  input  logic clk_i,
  input  logic rst_ni,
  output logic        done_o,
  output logic        failed_o,
  output logic [31:0] vectors_o
);

  localparam int WordBits    = 8 * accel_pkg::MemoryBytesPerCycle;
  localparam int Strobes     = accel_pkg::MemoryBytesPerCycle;
  localparam int BeatBits    = 32 + Strobes + WordBits;
  localparam int WideBits    = (BeatBits > 512) ? BeatBits : 512;
  localparam int EventBits   = 5 * 32;
  localparam int Events      = accel_pkg::BenchEvents;
  localparam int MemoryWords = accel_pkg::BenchMemoryWords;

  `include "tb/vector_reading.svh"
  `include "tb/network_vectors.svh"

  // Words that the host writes beside the programs: frames, frame stride, load prologue, and the semaphores' initial counts.
  localparam int ControlWords = RunWords + accel_pkg::SemaphoreCount;

  // ---------------------------------------------------------------- device under test and memory

  logic                host_write_q;
  logic [31:0]         host_address_q, host_data_q;
  logic                start_q, busy;
  logic                mem_req, mem_write, mem_first, mem_ack;
  logic [31:0]         mem_addr;
  logic [WordBits-1:0] mem_wdata, mem_rdata;
  logic [Strobes-1:0]  mem_wstrb;
  logic [3:0]          event_fetch, event_start, event_end, event_completion;

  accelerator u_accelerator (
    .clk_i             (clk_i),
    .rst_ni            (rst_ni),
    .host_write_i      (host_write_q),
    .host_address_i    (host_address_q),
    .host_data_i       (host_data_q),
    .start_i           (start_q),
    .busy_o            (busy),
    .mem_req_o         (mem_req),
    .mem_write_o       (mem_write),
    .mem_first_o       (mem_first),
    .mem_addr_o        (mem_addr),
    .mem_wdata_o       (mem_wdata),
    .mem_wstrb_o       (mem_wstrb),
    .mem_ack_i         (mem_ack),
    .mem_rdata_i       (mem_rdata),
    .event_fetch_o     (event_fetch),
    .event_start_o     (event_start),
    .event_end_o       (event_end),
    .event_completion_o(event_completion)
  );

  reg [WordBits-1:0] memory [0:MemoryWords-1];
  logic [31:0]       latency_q, random_q;
  reg                stalls;

  // Fixed latency: MemoryLatencyCycles cycles without acknowledge at each first beat. With stalls, each beat may then take longer.
  assign mem_ack   = mem_req && (!mem_first || latency_q >= accel_pkg::MemoryLatencyCycles) && !(stalls && random_q[1:0] == 2'd0);
  assign mem_rdata = memory[mem_addr[$clog2(MemoryWords)-1:0]];

  // ---------------------------------------------------------------- vector files

  reg [EventBits-1:0] timeline [0:4*Events-1];
  integer             program_file;
  reg [31:0]          seed;

  task timeline_name(input integer unit);
    begin
      unit_name(unit);
      if (corner >= 0)    $sformat(name, "vectors/corner_%02d_timeline_%0s.memh", corner, unit_text);
      else if (in_frames) $sformat(name, "vectors/frames_timeline_%0s.memh", unit_text);
      else                $sformat(name, "vectors/timeline_%0s.memh", unit_text);
    end
  endtask

  initial begin : prepare
    integer k, n;
    stalls = 1'b0;
    seed   = 32'd0;
    if ($value$plusargs("stalls=%d", seed)) stalls = 1'b1;

    begin_reading;
    if (`ACCEL_CONFIGURATION_SHA256 != accel_pkg::ConfigurationSha256 || `ACCEL_HARDWARE_SHA256 != accel_pkg::HardwareSha256) begin
      $display("ERROR header: accel_params.vh and accel_pkg.sv belong to different configurations");
      broken = 1'b1;
    end
    check_network;
    for (k = 0; k < 4; k = k + 1) begin
      if (!broken && descriptor[AtEvents+k] > Events) begin
        $display("ERROR vectors: a unit runs %0d instructions, the bench's timeline has %0d", descriptor[AtEvents+k], Events);
        broken = 1'b1;
      end
      timeline_name(k);
      check_file(EventBits / 32);
    end

    if (!broken) begin
      for (k = 0; k < 4; k = k + 1) begin
        timeline_name(k);
        open_file;
        for (n = 0; n < descriptor[AtEvents+k]; n = n + 1) begin
          fields = $fscanf(file, "%h\n", wide);
          timeline[k*Events + n] = wide[EventBits-1:0];
        end
        $fclose(file);
      end
      for (n = 0; n < MemoryWords; n = n + 1) memory[n] = {WordBits{1'b0}};
      memory_name;
      open_file;
      for (n = 0; n < descriptor[AtMemoryWords]; n = n + 1) begin
        fields = $fscanf(file, "%h\n", wide);
        memory[n] = wide[WordBits-1:0];
      end
      $fclose(file);
      open_network;
    end
  end

  // ---------------------------------------------------------------- run

  localparam logic [2:0] Program = 3'd0;
  localparam logic [2:0] Image   = 3'd1;
  localparam logic [2:0] Start   = 3'd2;
  localparam logic [2:0] Running = 3'd3;
  localparam logic [2:0] Done    = 3'd4;

  reg [2:0]          state_q;
  integer            program_unit, program_line, program_word, control_word, frame;
  reg [WideBits-1:0] program_data, image_data;
  integer            image, layer, m, u;
  reg [31:0]         cycle, last_store_end, limit;
  reg [31:0]         fetches [0:3];
  reg [31:0]         starts [0:3];
  reg [31:0]         ends [0:3];
  reg [31:0]         completions [0:3];
  reg [31:0]         beats [0:MaxLayers-1];
  reg [BeatBits-1:0] expected, found;
  reg [WideBits-1:0] expected_wide;
  reg [31:0]         vectors, bit_mismatches, cycle_mismatches;
  reg [31:0]         layer_vectors [0:MaxLayers-1];
  reg [31:0]         layer_mismatches [0:MaxLayers-1];
  reg                difference, progress, record;
  reg                held;
  reg [31:0]         held_address;
  reg [31:0]         clock;  // rising edges since the simulation began, by which a waveform finds a cycle
  reg                held_write;

  // One event of unit u in this cycle, the n-th of its kind: `at` is its place in a line of the timeline.
  task check_event(input integer unit, input reg [31:0] n, input integer at);
    reg [31:0] due;
    begin
      if (record && image == 0) $display("EVENT unit=%0d instruction=%0d kind=%0d cycle=%0d", unit, n, at, cycle);
      due = (n < descriptor[AtEvents+unit]) ? timeline[unit*Events + n][32*at +: 32] : 32'hFFFF_FFFF;
      if (!stalls && due != cycle) begin
        cycle_mismatches = cycle_mismatches + 1;
        if (!difference) begin
          $display("DIFF kind=cycle image=%0d unit=%0d instruction=%0d event=%0d layer=%0d clock=%0d cycle=%0d expected=%0d found=%0d",
                   image, unit, n, at, timeline[unit*Events + n][32*4 +: 32], clock, cycle, due, cycle);
        end
        difference = 1'b1;
      end
    end
  endtask

  task check_beat;
    begin
      layer = timeline[3*Events + starts[3] - 1][32*4 +: 32];
      found = {mem_addr, mem_wstrb, mem_wdata};
      if (beats[layer] >= descriptor[AtLayerBeats+layer]) begin
        expected = {BeatBits{1'b0}};
      end else begin
        file     = layer_file[layer];
        fields   = $fscanf(file, "%h\n", expected_wide);
        expected = expected_wide[BeatBits-1:0];
      end
      vectors = vectors + 1;
      layer_vectors[layer] = layer_vectors[layer] + 1;
      if (expected !== found) begin
        layer_mismatches[layer] = layer_mismatches[layer] + 1;
        bit_mismatches = bit_mismatches + differing_bits(expected, found);
        if (!difference) begin
          $display("DIFF kind=value image=%0d unit=3 instruction=%0d layer=%0d clock=%0d cycle=%0d index=%0d address=%0d expected=%h found=%h",
                   image, starts[3] - 1, layer, clock, cycle, beats[layer], mem_addr, expected, found);
        end
        difference = 1'b1;
      end
      beats[layer] = beats[layer] + 1;
    end
  endtask

  task finish_image;
    begin
      for (m = 0; m < descriptor[AtLayers]; m = m + 1) begin
        if (beats[m] != descriptor[AtLayerBeats+m]) begin
          if (!difference) begin
            $display("DIFF kind=words image=%0d layer=%0d clock=%0d cycle=%0d expected=%0d found=%0d (words stored)",
                     image, m, clock, cycle, descriptor[AtLayerBeats+m], beats[m]);
          end
          bit_mismatches = bit_mismatches + 1;
          difference     = 1'b1;
        end
      end
      if (!stalls && last_store_end + 1 != descriptor[AtCycles]) begin
        cycle_mismatches = cycle_mismatches + 1;
        if (!difference) begin
          $display("DIFF kind=cycles image=%0d clock=%0d cycle=%0d expected=%0d found=%0d (cycles of the run)",
                   image, clock, cycle, descriptor[AtCycles], last_store_end + 1);
        end
        difference = 1'b1;
      end
    end
  endtask

  task verdict;
    begin
      state_q <= Done;
      done_o  <= 1'b1;
      vectors_o <= vectors;
      failed_o  <= broken || difference;
      if (!broken) begin
        for (m = 0; m < descriptor[AtLayers]; m = m + 1) $display("LAYER index=%0d vectors=%0d mismatches=%0d", m, layer_vectors[m], layer_mismatches[m]);
      end
      $display("RESULT accelerator images=%0d vectors=%0d bit_mismatches=%0d cycle_mismatches=%0d cycles=%0d", image, vectors, bit_mismatches, cycle_mismatches, last_store_end + 1);
    end
  endtask

  initial clock = 32'd0;

  always @(posedge clk_i) begin
    clock = clock + 32'd1;
    if (!rst_ni) begin
      state_q          <= Program;
      done_o           <= 1'b0;
      failed_o         <= 1'b0;
      vectors_o        <= 32'd0;
      host_write_q     <= 1'b0;
      host_address_q   <= 32'd0;
      host_data_q      <= 32'd0;
      start_q          <= 1'b0;
      latency_q        <= 32'd0;
      random_q         <= seed ^ 32'h2545_F491;
      program_unit     = 0;
      program_line     = 0;
      program_word     = 0;
      program_file     = 0;
      control_word     = 0;
      image            = 0;
      cycle            = 32'd0;
      last_store_end   = 32'hFFFF_FFFF;
      limit            = 32'd0;
      vectors          = 32'd0;
      bit_mismatches   = 32'd0;
      cycle_mismatches = 32'd0;
      difference       = 1'b0;
      held             = 1'b0;
      progress         = $test$plusargs("progress") != 0;
      record           = $test$plusargs("record") != 0;
      for (m = 0; m < MaxLayers; m = m + 1) begin
        layer_vectors[m]    = 32'd0;
        layer_mismatches[m] = 32'd0;
      end
    end else begin
      start_q      <= 1'b0;
      host_write_q <= 1'b0;
      latency_q    <= (mem_req && mem_first && !mem_ack) ? latency_q + 32'd1 : 32'd0;
      random_q     <= {random_q[30:0], random_q[31] ^ random_q[21] ^ random_q[1] ^ random_q[0]};

      case (state_q)
        Program: begin
          if (broken) begin
            verdict;
          end else if (program_unit == 4 && control_word == ControlWords) begin
            state_q <= Image;
          end else if (program_unit == 4) begin
            // What reset has set already is not written, so that a wrong reset shows: one frame, all else zero.
            host_write_q   <= descriptor[AtFrames+control_word] != ((control_word == 0) ? 32'd1 : 32'd0);
            host_address_q <= (control_word < RunWords) ? {4'd6, 28'(control_word)} : {4'd5, 28'(control_word - RunWords)};
            host_data_q    <= descriptor[AtFrames+control_word];
            control_word = control_word + 1;
          end else if (program_line == descriptor[AtPrograms+program_unit]) begin
            host_write_q   <= 1'b1;
            host_address_q <= {4'd4, 26'd0, program_unit[1:0]};
            host_data_q    <= program_line;
            if (program_file != 0) $fclose(program_file);
            program_file = 0;
            program_line = 0;
            program_unit = program_unit + 1;
          end else begin
            if (program_file == 0) begin
              program_name(program_unit);
              open_file;
              program_file = file;
            end
            if (program_word == 0) fields = $fscanf(program_file, "%h\n", program_data);
            host_write_q   <= 1'b1;
            host_address_q <= {2'd0, program_unit[1:0], program_line[23:0], program_word[3:0]};
            host_data_q    <= program_data[32*program_word +: 32];
            program_word = program_word + 1;
            if (program_word == instruction_words(program_unit)) begin
              program_word = 0;
              program_line = program_line + 1;
            end
          end
        end

        Image: begin
          if (image == images || difference) begin
            verdict;
          end else begin
            // The simulator Verilator 5.006 takes the handle of $fscanf for something that is written, and loses one that was only set in `prepare`.
            file = input_file;
            for (frame = 0; frame < descriptor[AtFrames]; frame = frame + 1) begin
              for (m = 0; m < descriptor[AtInputWords]; m = m + 1) begin
                fields = $fscanf(file, "%h\n", image_data);
                memory[descriptor[AtInputAddress] + frame * (descriptor[AtFrameStride] / accel_pkg::ElementsPerWord) + m] = image_data[WordBits-1:0];
              end
            end
            for (m = 0; m < MaxLayers; m = m + 1) beats[m] = 32'd0;
            for (u = 0; u < 4; u = u + 1) begin
              fetches[u]     = 32'd0;
              starts[u]      = 32'd0;
              ends[u]        = 32'd0;
              completions[u] = 32'd0;
            end
            limit   = (stalls ? 32'd16 : 32'd2) * descriptor[AtCycles] + 32'd10000;
            state_q <= Start;
            start_q <= 1'b1;
          end
        end

        Start: begin
          cycle   = 32'd0;
          state_q <= Running;
        end

        Running: begin
          if ((event_fetch | event_start | event_end | event_completion) != 4'd0) begin
            for (u = 0; u < 4; u = u + 1) begin
              if (event_fetch[u]) begin
                check_event(u, fetches[u], 0);
                fetches[u] = fetches[u] + 1;
              end
              if (event_start[u]) begin
                check_event(u, starts[u], 1);
                starts[u] = starts[u] + 1;
              end
              if (event_end[u]) begin
                check_event(u, ends[u], 2);
                ends[u] = ends[u] + 1;
                if (u == 3) last_store_end = cycle;
              end
              if (event_completion[u]) begin
                check_event(u, completions[u], 3);
                completions[u] = completions[u] + 1;
              end
            end
          end

          // A request that was not acknowledged stays as it is.
          if (held && !(mem_req && mem_addr == held_address && mem_write == held_write)) begin
            if (!difference) $display("DIFF kind=protocol image=%0d clock=%0d cycle=%0d (a request changed before its acknowledge)", image, clock, cycle);
            cycle_mismatches = cycle_mismatches + 1;
            difference       = 1'b1;
          end
          held         = mem_req && !mem_ack;
          held_address = mem_addr;
          held_write   = mem_write;
          if (mem_req && mem_addr >= MemoryWords) begin
            if (!difference) $display("DIFF kind=protocol image=%0d clock=%0d cycle=%0d (address %0d is outside the memory)", image, clock, cycle, mem_addr);
            bit_mismatches = bit_mismatches + 1;
            difference     = 1'b1;
          end

          // Nothing reads the memory in a cycle of a write, so that it may change at once.
          if (mem_ack && mem_write) begin
            check_beat;
            for (m = 0; m < Strobes; m = m + 1) begin
              if (mem_wstrb[m]) memory[mem_addr[$clog2(MemoryWords)-1:0]][8*m +: 8] = mem_wdata[8*m +: 8];
            end
          end

          if (!busy) begin
            finish_image;
            image   = image + 1;
            state_q <= Image;
            if (progress) begin
              $display("IMAGE %0d of %0d", image, images);
              $fflush;
            end
          end else if (cycle >= limit) begin
            if (!difference) begin
              $display("DIFF kind=hang image=%0d clock=%0d cycle=%0d (instructions ended: load %0d, array %0d, vector %0d, store %0d)",
                       image, clock, cycle, ends[0], ends[1], ends[2], ends[3]);
            end
            cycle_mismatches = cycle_mismatches + 1;
            difference       = 1'b1;
            verdict;
          end
          if (progress && (cycle[13:0] == 14'h3FFF || (cycle & (cycle - 32'd1)) == 32'd0)) begin
            $display("CYCLE image=%0d cycle=%0d", image, cycle);
            $fflush;
          end
          cycle = cycle + 32'd1;
        end

        default: ;
      endcase
    end
  end

endmodule

// SPDX-License-Identifier: Apache-2.0
// The vectors of a network as every bench of the accelerator reads them; to be included after vector_reading.svh in a module that has WordBits and BeatBits, the bits of a memory word and of a stored
// word with its address and strobes, and MemoryWords, the words of its memory.
//
// Plusargs:  +images=N  the first N images only, 1 or more
//            +frames    the run of several frames that overlap, with the files vectors/frames_*
//            +corner=N  directed network N of the bundle, with the files vectors/corner_NN_*, in place of the bundle's own

  localparam int MaxLayers = 256;

  // Positions in vectors/bench.memh; the numbers of the run and the tokens stand one after the other from AtFrames on.
  localparam int AtImages       = 0;
  localparam int AtLayers       = 1;
  localparam int AtMemoryWords  = 2;
  localparam int AtInputAddress = 3;
  localparam int AtInputWords   = 4;
  localparam int AtCycles       = 5;
  localparam int AtPrograms     = 6;
  localparam int AtEvents       = 10;
  localparam int AtFrames       = 14;
  localparam int AtFrameStride  = 15;
  localparam int AtInitial      = 17;
  localparam int AtLayerBeats   = AtInitial + accel_pkg::SemaphoreCount;
  localparam int RunWords       = AtInitial - AtFrames;

  reg [31:0]    descriptor [0:AtLayerBeats+MaxLayers-1];
  integer       layer_file [0:MaxLayers-1];
  integer       input_file, images, corner;
  reg           in_frames;
  reg [8*8-1:0] unit_text;

  task unit_name(input integer unit);
    case (unit)
      0: unit_text = "load";
      1: unit_text = "array";
      2: unit_text = "vector";
      default: unit_text = "store";
    endcase
  endtask

  // Bits of a stored word that are not as expected; unknown ones are not. ($countones of Icarus 11 counts what lies in memory behind a vector.)
  function [31:0] differing_bits(input reg [BeatBits-1:0] expected_word, input reg [BeatBits-1:0] found_word);
    integer k;
    begin
      differing_bits = 32'd0;
      for (k = 0; k < BeatBits; k = k + 1) begin
        if (expected_word[k] !== found_word[k]) differing_bits = differing_bits + 32'd1;
      end
    end
  endfunction

  function [31:0] instruction_words(input integer unit);
    case (unit)
      0: instruction_words = accel_pkg::LoadWords;
      1: instruction_words = accel_pkg::MatmulWords;
      2: instruction_words = accel_pkg::VectorWords;
      default: instruction_words = accel_pkg::StoreWords;
    endcase
  endfunction

  // A run of frames has the programs and the memory of the runs of single images.
  task program_name(input integer unit);
    begin
      unit_name(unit);
      if (corner >= 0) $sformat(name, "vectors/corner_%02d_program_%0s.memh", corner, unit_text);
      else             $sformat(name, "vectors/program_%0s.memh", unit_text);
    end
  endtask

  task layer_name(input integer index);
    if (corner >= 0)    $sformat(name, "vectors/corner_%02d_layer_%03d.memh", corner, index);
    else if (in_frames) $sformat(name, "vectors/frames_layer_%03d.memh", index);
    else                $sformat(name, "vectors/layer_%03d.memh", index);
  endtask

  task input_name;
    if (corner >= 0)    $sformat(name, "vectors/corner_%02d_input.memh", corner);
    else if (in_frames) name = "vectors/frames_input.memh";
    else                name = "vectors/input.memh";
  endtask

  task memory_name;
    if (corner >= 0) $sformat(name, "vectors/corner_%02d_memory.memh", corner);
    else             name = "vectors/memory.memh";
  endtask

  task bench_name;
    if (corner >= 0)    $sformat(name, "vectors/corner_%02d_bench.memh", corner);
    else if (in_frames) name = "vectors/frames_bench.memh";
    else                name = "vectors/bench.memh";
  endtask

  // Reads the descriptor and checks all files of the network.
  task check_network;
    integer k;
    begin
      in_frames = $test$plusargs("frames") != 0;
      images    = 0;
      if (!$value$plusargs("corner=%d", corner)) corner = -1;

      bench_name;
      check_file(1);
      if (!broken && file_words > AtLayerBeats + MaxLayers) begin
        $display("ERROR vectors: more than %0d layers", MaxLayers);
        broken = 1'b1;
      end
      if (!broken) begin
        open_file;
        for (k = 0; k < file_words; k = k + 1) begin
          fields = $fscanf(file, "%h\n", wide);
          descriptor[k] = wide[31:0];
        end
        $fclose(file);
        if (descriptor[AtMemoryWords] + (descriptor[AtFrames] - 1) * (descriptor[AtFrameStride] / accel_pkg::ElementsPerWord) > MemoryWords) begin
          $display("ERROR vectors: the memory image has %0d words, the bench's memory %0d", descriptor[AtMemoryWords], MemoryWords);
          broken = 1'b1;
        end
      end
      for (k = 0; k < 4; k = k + 1) begin
        if (!broken && descriptor[AtPrograms+k] > accel_pkg::ProgramDepth) begin
          $display("ERROR vectors: a program has %0d instructions, the program memory %0d", descriptor[AtPrograms+k], accel_pkg::ProgramDepth);
          broken = 1'b1;
        end
        program_name(k);
        check_file(instruction_words(k));
      end
      memory_name;
      check_file((WordBits + 31) / 32);
      input_name;
      check_file((WordBits + 31) / 32);
      if (!broken) begin
        for (k = 0; k < descriptor[AtLayers]; k = k + 1) begin
          layer_name(k);
          check_file((BeatBits + 31) / 32);
        end
      end
    end
  endtask

  // Opens the input and the words of the layers, which are read as the run goes on.
  task open_network;
    integer k;
    begin
      input_name;
      open_file;
      input_file = file;
      for (k = 0; k < descriptor[AtLayers]; k = k + 1) begin
        layer_name(k);
        open_file;
        layer_file[k] = file;
      end
      images = descriptor[AtImages];
      if ($value$plusargs("images=%d", k)) begin
        if (k < 1) begin
          $display("ERROR plusargs: +images=%0d, allowed 1 or more", k);
          broken = 1'b1;
        end
        if (k < images) images = k;
      end
    end
  endtask

// SPDX-License-Identifier: Apache-2.0
// Constants of the accelerator 'reference_4x4'. Written by the exporter; the modules beside it are written by hand.
// configuration_sha256 0000000000000000000000000000000000000000000000000000000000000000
package accel_pkg;

  // A design need not use every constant: some are for the bench, some for other designs.
  /* verilator lint_off UNUSEDPARAM */

  localparam logic [255:0] ConfigurationSha256 = 256'h0000000000000000000000000000000000000000000000000000000000000000;
  localparam logic [255:0] HardwareSha256      = 256'h823e1fa101f577a67d84950b774cdd843cf6abe8bface0bb3dafb4d7c311e24e;

  localparam int ArrayRows = 4;  // rows of processing elements
  localparam int ArrayColumns = 4;  // columns of processing elements
  localparam int ArrayLanes = 1;  // products of a processing element in a cycle
  localparam bit ArrayWeightDoubleBuffering = 1'b1;  // shadow weight registers
  localparam int ArrayActivationWidth = 5;  // bits
  localparam bit ArrayActivationSigned = 1'b1;  // two's complement
  localparam int ArrayWeightWidth = 4;  // bits
  localparam int ArrayPartialSumWidth = 9;  // bits
  localparam int ArrayOverflow = 0;  // one of Overflow*
  localparam int AccumulatorWidth = 14;  // bits
  localparam int AccumulatorOverflow = 0;  // one of Overflow*
  localparam int RequantizerRounding = 1;  // one of Rounding*
  localparam int RequantizerMultiplierWidth = 16;  // bits
  localparam int RequantizerShiftWidth = 6;  // bits
  localparam int RequantizerElementWidth = 8;  // bits of a stored activation
  localparam int BuffersActivationSize = 512;  // elements
  localparam int BuffersWeightSize = 96;  // lines
  localparam int BuffersParameterSize = 4;  // lines
  localparam int BuffersAccumulatorSize = 24;  // words
  localparam int BuffersOutputSize = 16;  // words
  localparam int MemoryBytesPerCycle = 4;  // bytes of a memory word
  localparam int MemoryLatencyCycles = 6;  // cycles without data at the head of a burst (the bench's memory)
  localparam int MemoryBurstBeats = 8;  // most memory words of a burst
  localparam int VectorElements = 4;  // ArrayRows * ArrayLanes
  localparam int ElementsPerWord = 4;  // elements of a memory word
  localparam int DigitWidth = 4;  // bits of an unsigned activation that one pass consumes
  localparam int DigitShiftMax = 4;  // shift of the last digit of an element
  localparam int DigitShiftWidth = 3;  // bits of a digit's shift
  localparam int WeightLineWidth = 16;  // bits
  localparam int WeightLineWords = 1;  // memory words
  localparam int ParameterRecordWidth = 64;  // bits
  localparam int ParameterLineWords = 8;  // memory words
  localparam int LineWordSelectWidth = 3;  // bits
  localparam int ActivationAddressWidth = 9;  // bits
  localparam int WeightAddressWidth = 7;  // bits
  localparam int ParameterAddressWidth = 2;  // bits
  localparam int AccumulatorAddressWidth = 5;  // bits
  localparam int OutputAddressWidth = 4;  // bits
  localparam int DestinationAddressWidth = 9;  // bits
  localparam int MemoryAddressWidth = 32;  // bits
  localparam int LoopWidth = 16;  // bits of a loop count
  localparam int ProgramDepth = 256;  // instructions of a program memory
  localparam int ProgramAddressWidth = 8;  // bits
  localparam int SemaphoreCount = 11;
  localparam int SemaphoreCounterWidth = 16;  // bits
  localparam int SemaphoreFreeMask = 1984;  // semaphores signalled at an instruction's end
  localparam int SemaphoreAccumulatorReady = 3;
  localparam int SemaphoreOutputReady = 4;
  localparam int OverflowSaturate = 0;
  localparam int OverflowWrap = 1;
  localparam int RoundingFloor = 0;
  localparam int RoundingHalfUp = 1;
  localparam int RoundingHalfAway = 2;
  localparam int RoundingHalfEven = 3;
  localparam int RoundingTowardZero = 4;
  localparam int RoundingStochastic = 5;
  localparam int LoadTargetActivation = 0;
  localparam int LoadTargetWeight = 1;
  localparam int LoadTargetParameter = 2;

  // Instruction fields: bits [Lsb +: Width] of an instruction word.
  localparam int LoadWidth = 89;  // bits of an instruction
  localparam int LoadWords = 3;  // 32-bit words of an instruction
  localparam int LoadWaitsLsb = 0;
  localparam int LoadWaitsWidth = 11;
  localparam int LoadSignalsLsb = 11;
  localparam int LoadSignalsWidth = 11;
  localparam int LoadTargetLsb = 22;
  localparam int LoadTargetWidth = 2;
  localparam int LoadMemoryAddressLsb = 24;
  localparam int LoadMemoryAddressWidth = 32;
  localparam int LoadBeatsLsb = 56;
  localparam int LoadBeatsWidth = 24;
  localparam int LoadBufferAddressLsb = 80;
  localparam int LoadBufferAddressWidth = 9;
  localparam int MatmulWidth = 177;  // bits of an instruction
  localparam int MatmulWords = 6;  // 32-bit words of an instruction
  localparam int MatmulWaitsLsb = 0;
  localparam int MatmulWaitsWidth = 11;
  localparam int MatmulSignalsLsb = 11;
  localparam int MatmulSignalsWidth = 11;
  localparam int MatmulActivationAddressLsb = 22;
  localparam int MatmulActivationAddressWidth = 9;
  localparam int MatmulActivationSignedLsb = 31;
  localparam int MatmulActivationSignedWidth = 1;
  localparam int MatmulRowsLsb = 32;
  localparam int MatmulRowsWidth = 16;
  localparam int MatmulColumnsLsb = 48;
  localparam int MatmulColumnsWidth = 16;
  localparam int MatmulRowStrideLsb = 64;
  localparam int MatmulRowStrideWidth = 9;
  localparam int MatmulColumnStrideLsb = 73;
  localparam int MatmulColumnStrideWidth = 9;
  localparam int MatmulDigitsLsb = 82;
  localparam int MatmulDigitsWidth = 16;
  localparam int MatmulKernelRowsLsb = 98;
  localparam int MatmulKernelRowsWidth = 16;
  localparam int MatmulKernelColumnsLsb = 114;
  localparam int MatmulKernelColumnsWidth = 16;
  localparam int MatmulTilesLsb = 130;
  localparam int MatmulTilesWidth = 16;
  localparam int MatmulKernelRowStrideLsb = 146;
  localparam int MatmulKernelRowStrideWidth = 9;
  localparam int MatmulKernelColumnStrideLsb = 155;
  localparam int MatmulKernelColumnStrideWidth = 9;
  localparam int MatmulWeightAddressLsb = 164;
  localparam int MatmulWeightAddressWidth = 7;
  localparam int MatmulAccumulatorAddressLsb = 171;
  localparam int MatmulAccumulatorAddressWidth = 5;
  localparam int MatmulAccumulateLsb = 176;
  localparam int MatmulAccumulateWidth = 1;
  localparam int VectorWidth = 117;  // bits of an instruction
  localparam int VectorWords = 4;  // 32-bit words of an instruction
  localparam int VectorWaitsLsb = 0;
  localparam int VectorWaitsWidth = 11;
  localparam int VectorSignalsLsb = 11;
  localparam int VectorSignalsWidth = 11;
  localparam int VectorAccumulatorAddressLsb = 22;
  localparam int VectorAccumulatorAddressWidth = 5;
  localparam int VectorRowsLsb = 27;
  localparam int VectorRowsWidth = 16;
  localparam int VectorColumnsLsb = 43;
  localparam int VectorColumnsWidth = 16;
  localparam int VectorRowStrideLsb = 59;
  localparam int VectorRowStrideWidth = 5;
  localparam int VectorColumnStrideLsb = 64;
  localparam int VectorColumnStrideWidth = 5;
  localparam int VectorPoolRowsLsb = 69;
  localparam int VectorPoolRowsWidth = 16;
  localparam int VectorPoolColumnsLsb = 85;
  localparam int VectorPoolColumnsWidth = 16;
  localparam int VectorPoolRowStrideLsb = 101;
  localparam int VectorPoolRowStrideWidth = 5;
  localparam int VectorPoolColumnStrideLsb = 106;
  localparam int VectorPoolColumnStrideWidth = 5;
  localparam int VectorParameterAddressLsb = 111;
  localparam int VectorParameterAddressWidth = 2;
  localparam int VectorOutputAddressLsb = 113;
  localparam int VectorOutputAddressWidth = 4;
  localparam int StoreWidth = 157;  // bits of an instruction
  localparam int StoreWords = 5;  // 32-bit words of an instruction
  localparam int StoreWaitsLsb = 0;
  localparam int StoreWaitsWidth = 11;
  localparam int StoreSignalsLsb = 11;
  localparam int StoreSignalsWidth = 11;
  localparam int StoreOutputAddressLsb = 22;
  localparam int StoreOutputAddressWidth = 4;
  localparam int StoreRowsLsb = 26;
  localparam int StoreRowsWidth = 16;
  localparam int StoreColumnsLsb = 42;
  localparam int StoreColumnsWidth = 16;
  localparam int StoreChannelsLsb = 58;
  localparam int StoreChannelsWidth = 3;
  localparam int StoreMemoryAddressLsb = 61;
  localparam int StoreMemoryAddressWidth = 32;
  localparam int StoreRowPitchLsb = 93;
  localparam int StoreRowPitchWidth = 32;
  localparam int StorePixelPitchLsb = 125;
  localparam int StorePixelPitchWidth = 32;

  // First random word of lane c at bit 32 * c.
  localparam logic [127:0] LaneSeeds = {32'hecdac3a3, 32'h4ea349ea, 32'hb06bd031, 32'h12345678};

  // Words of the bench's memory.
  localparam int BenchMemoryWords = 1024;

  /* verilator lint_on UNUSEDPARAM */

endpackage

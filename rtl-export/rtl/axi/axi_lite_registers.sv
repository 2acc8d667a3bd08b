// SPDX-License-Identifier: Apache-2.0
// The accelerator's registers as an AXI4-Lite slave: 32-bit words, at the offsets and with the fields that accel_registers.md lists.
//
// A write is whole: other strobes, an offset without a register that can be written, and start, load or program words while busy_i answer SLVERR and change nothing. A read of an offset without
// a register answers SLVERR and zero. Address and data of a write may come in either order; one write and one read are served at a time, in two cycles each at least.
//
// start_o, load_o: the bits of `control` that were written, for one cycle.
// program_address_write_o, program_data_write_o: write_data_o was written there, for one cycle.
// done_i: the command has ended. errors_i: read, write and range error of axi_dma.sv. running_i: cycles that are counted, from zero after each start_o.
// interrupt_o: an interrupt's status and its enable are both set. Status is set whatever the enable is, and cleared by writing one to it; an event in the cycle of the clearing stays.
module axi_lite_registers #(
  parameter int AddressWidth     = accel_pkg::AxiAddressWidth,
  parameter int WordAddressWidth = accel_pkg::MemoryAddressWidth,
  parameter int LiteAddressWidth = accel_pkg::AxiLiteAddressWidth
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,

  input  logic                        s_axi_awvalid,
  output logic                        s_axi_awready,
  input  logic [LiteAddressWidth-1:0] s_axi_awaddr,
  input  logic                        s_axi_wvalid,
  output logic                        s_axi_wready,
  input  logic [31:0]                 s_axi_wdata,
  input  logic [3:0]                  s_axi_wstrb,
  output logic                        s_axi_bvalid,
  input  logic                        s_axi_bready,
  output logic [1:0]                  s_axi_bresp,
  input  logic                        s_axi_arvalid,
  output logic                        s_axi_arready,
  input  logic [LiteAddressWidth-1:0] s_axi_araddr,
  output logic                        s_axi_rvalid,
  input  logic                        s_axi_rready,
  output logic [31:0]                 s_axi_rdata,
  output logic [1:0]                  s_axi_rresp,

  output logic                        start_o,
  output logic                        load_o,
  output logic                        program_address_write_o,
  output logic                        program_data_write_o,
  output logic [31:0]                 write_data_o,
  output logic [AddressWidth-1:0]     memory_base_o,
  output logic [WordAddressWidth-1:0] memory_words_o,
  output logic [AddressWidth-1:0]     program_base_o,
  output logic [31:0]                 program_words_o,
  output logic                        interrupt_o,

  input  logic                        busy_i,
  input  logic                        running_i,
  input  logic                        done_i,
  input  logic [2:0]                  errors_i,
  input  logic [WordAddressWidth-1:0] error_address_i,
  input  logic [31:0]                 program_address_i
);

  localparam int LA = LiteAddressWidth;

  localparam logic [1:0] Okay       = 2'b00;
  localparam logic [1:0] SlaveError = 2'b10;

  // ---------------------------------------------------------------- a write: both halves, then the answer

  logic          address_there_q, data_there_q, bvalid_q, write, legal, writes, takes;
  logic [LA-1:0] address_q;
  logic [31:0]   data_q;
  logic [3:0]    strobes_q;
  logic [1:0]    bresp_q;

  assign s_axi_awready = !address_there_q;
  assign s_axi_wready  = !data_there_q;
  assign s_axi_bvalid  = bvalid_q;
  assign s_axi_bresp   = bresp_q;
  assign write_data_o  = data_q;

  assign write  = address_there_q && data_there_q && !bvalid_q;
  assign writes = write && legal;

  logic to_control, to_enable, to_interrupt, to_error, to_memory_low, to_memory_high, to_memory_words, to_program_low, to_program_high, to_program_words, to_address, to_data;
  assign to_control       = address_q == LA'(accel_pkg::RegisterControl);
  assign to_enable        = address_q == LA'(accel_pkg::RegisterInterruptEnable);
  assign to_interrupt     = address_q == LA'(accel_pkg::RegisterInterruptStatus);
  assign to_error         = address_q == LA'(accel_pkg::RegisterErrorStatus);
  assign to_memory_low    = address_q == LA'(accel_pkg::RegisterMemoryBaseLow);
  assign to_memory_high   = address_q == LA'(accel_pkg::RegisterMemoryBaseHigh);
  assign to_memory_words  = address_q == LA'(accel_pkg::RegisterMemoryWords);
  assign to_program_low   = address_q == LA'(accel_pkg::RegisterProgramBaseLow);
  assign to_program_high  = address_q == LA'(accel_pkg::RegisterProgramBaseHigh);
  assign to_program_words = address_q == LA'(accel_pkg::RegisterProgramWords);
  assign to_address       = address_q == LA'(accel_pkg::RegisterProgramAddress);
  assign to_data          = address_q == LA'(accel_pkg::RegisterProgramData);

  // Where the machine works, its commands, its regions and its programs stay as they are.
  assign takes = to_control || to_memory_low || to_memory_high || to_memory_words || to_program_low || to_program_high || to_program_words || to_address || to_data;
  assign legal = strobes_q == 4'b1111 && ((takes && !busy_i) || to_enable || to_interrupt || to_error);

  assign start_o                 = writes && to_control && data_q[accel_pkg::RegisterControlStartLsb];
  assign load_o                  = writes && to_control && data_q[accel_pkg::RegisterControlLoadLsb];
  assign program_address_write_o = writes && to_address;
  assign program_data_write_o    = writes && to_data;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      address_there_q <= 1'b0;
      data_there_q    <= 1'b0;
      bvalid_q        <= 1'b0;
      address_q       <= {LA{1'b0}};
      data_q          <= 32'd0;
      strobes_q       <= 4'd0;
      bresp_q         <= Okay;
    end else begin
      if (s_axi_awvalid && s_axi_awready) begin
        address_there_q <= 1'b1;
        address_q       <= {s_axi_awaddr[LA-1:2], 2'b00};
      end else if (write) begin
        address_there_q <= 1'b0;
      end
      if (s_axi_wvalid && s_axi_wready) begin
        data_there_q <= 1'b1;
        data_q       <= s_axi_wdata;
        strobes_q    <= s_axi_wstrb;
      end else if (write) begin
        data_there_q <= 1'b0;
      end
      if (write) begin
        bvalid_q <= 1'b1;
        bresp_q  <= legal ? Okay : SlaveError;
      end else if (s_axi_bready) begin
        bvalid_q <= 1'b0;
      end
    end
  end

  // ---------------------------------------------------------------- the registers

  logic [1:0]                  enable_q, interrupt_q, interrupts, cleared;
  logic [2:0]                  error_q, error_cleared;
  logic                        done_q;
  logic [63:0]                 memory_base_q, program_base_q, cycles_q;
  logic [31:0]                 cycles_high_q;
  logic [WordAddressWidth-1:0] memory_words_q, error_address_q;
  logic [31:0]                 program_words_q;

  assign memory_base_o   = memory_base_q[AddressWidth-1:0];
  assign memory_words_o  = memory_words_q;
  assign program_base_o  = program_base_q[AddressWidth-1:0];
  assign program_words_o = program_words_q;
  assign interrupt_o     = (enable_q & interrupt_q) != 2'b00;

  assign interrupts    = (2'(done_i) << accel_pkg::RegisterInterruptStatusDoneLsb) | (2'(errors_i != 3'd0) << accel_pkg::RegisterInterruptStatusErrorLsb);
  assign cleared       = data_q[1:0] & {2{writes && to_interrupt}};
  assign error_cleared = data_q[2:0] & {3{writes && to_error}};

  logic read, read_cycles_low;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      enable_q        <= 2'b00;
      interrupt_q     <= 2'b00;
      error_q         <= 3'd0;
      error_address_q <= {WordAddressWidth{1'b0}};
      done_q          <= 1'b0;
      memory_base_q   <= 64'd0;
      memory_words_q  <= {WordAddressWidth{1'b0}};
      program_base_q  <= 64'd0;
      program_words_q <= 32'd0;
      cycles_q        <= 64'd0;
      cycles_high_q   <= 32'd0;
    end else begin
      if (writes && to_enable) enable_q <= data_q[1:0];
      interrupt_q <= (interrupt_q & ~cleared) | interrupts;
      error_q     <= (error_q & ~error_cleared) | errors_i;
      if (error_q == 3'd0 && errors_i != 3'd0) error_address_q <= error_address_i;

      if (start_o || load_o) done_q <= 1'b0;
      else if (done_i)       done_q <= 1'b1;

      // Bases are multiples of 4096 and as wide as the bus.
      if (writes && to_memory_low)    memory_base_q[31:0]  <= {data_q[31:12], 12'd0};
      if (writes && to_memory_high)   memory_base_q[63:32] <= data_q & 32'((64'd1 << (AddressWidth - 32)) - 64'd1);
      if (writes && to_memory_words)  memory_words_q       <= data_q[WordAddressWidth-1:0];
      if (writes && to_program_low)   program_base_q[31:0]  <= {data_q[31:12], 12'd0};
      if (writes && to_program_high)  program_base_q[63:32] <= data_q & 32'((64'd1 << (AddressWidth - 32)) - 64'd1);
      if (writes && to_program_words) program_words_q       <= data_q;

      if (start_o)        cycles_q <= 64'd0;
      else if (running_i) cycles_q <= cycles_q + 64'd1;
      // The two halves are of one moment: that of reading the low one.
      if (read_cycles_low) cycles_high_q <= cycles_q[63:32];
    end
  end

  // ---------------------------------------------------------------- a read

  logic          rvalid_q, found;
  logic [31:0]   value, rdata_q, status;
  logic [1:0]    rresp_q;
  logic [LA-1:0] read_address;

  assign s_axi_arready   = !rvalid_q;
  assign s_axi_rvalid    = rvalid_q;
  assign s_axi_rdata     = rdata_q;
  assign s_axi_rresp     = rresp_q;
  assign read            = s_axi_arvalid && s_axi_arready;
  assign read_address    = {s_axi_araddr[LA-1:2], 2'b00};
  assign read_cycles_low = read && read_address == LA'(accel_pkg::RegisterCyclesLow);
  assign status          = (32'(busy_i) << accel_pkg::RegisterStatusBusyLsb) | (32'(done_q) << accel_pkg::RegisterStatusDoneLsb)
                         | (32'(error_q != 3'd0) << accel_pkg::RegisterStatusErrorLsb);

  // Words of both hashes, the one with the first digits first.
  logic         hardware_word, configuration_word;
  logic [31:0]  hardware_offset, configuration_offset;
  logic [255:0] hardware_shifted, configuration_shifted;
  logic [31:0]  hardware_value, configuration_value, memory_low, memory_high, program_low, program_high, cycles_low;
  assign hardware_offset       = 32'(read_address) - accel_pkg::RegisterHardwareHash0;
  assign configuration_offset  = 32'(read_address) - accel_pkg::RegisterConfigurationHash0;
  assign hardware_word         = hardware_offset < 32'd32;
  assign configuration_word    = configuration_offset < 32'd32;
  assign hardware_shifted      = accel_pkg::HardwareSha256 << {hardware_offset[4:2], 5'd0};
  assign configuration_shifted = accel_pkg::ConfigurationSha256 << {configuration_offset[4:2], 5'd0};

  assign hardware_value        = hardware_shifted[255:224];
  assign configuration_value   = configuration_shifted[255:224];
  assign {memory_high, memory_low}   = memory_base_q;
  assign {program_high, program_low} = program_base_q;
  assign cycles_low                  = cycles_q[31:0];

  always_comb begin
    found = 1'b1;
    value = 32'd0;
    case (32'(read_address))
      accel_pkg::RegisterIdentification:  value = 32'(accel_pkg::RegisterIdentificationValue);
      accel_pkg::RegisterVersion:         value = 32'(accel_pkg::RegisterVersionValue);
      accel_pkg::RegisterStatus:          value = status;
      accel_pkg::RegisterInterruptEnable: value = 32'(enable_q);
      accel_pkg::RegisterInterruptStatus: value = 32'(interrupt_q);
      accel_pkg::RegisterErrorStatus:     value = 32'(error_q);
      accel_pkg::RegisterErrorAddress:    value = 32'(error_address_q);
      accel_pkg::RegisterMemoryBaseLow:   value = memory_low;
      accel_pkg::RegisterMemoryBaseHigh:  value = memory_high;
      accel_pkg::RegisterMemoryWords:     value = 32'(memory_words_q);
      accel_pkg::RegisterProgramBaseLow:  value = program_low;
      accel_pkg::RegisterProgramBaseHigh: value = program_high;
      accel_pkg::RegisterProgramWords:    value = program_words_q;
      accel_pkg::RegisterProgramAddress:  value = program_address_i;
      accel_pkg::RegisterCyclesLow:       value = cycles_low;
      accel_pkg::RegisterCyclesHigh:      value = cycles_high_q;
      default: begin
        found = hardware_word || configuration_word;
        if (hardware_word)           value = hardware_value;
        else if (configuration_word) value = configuration_value;
      end
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rvalid_q <= 1'b0;
      rdata_q  <= 32'd0;
      rresp_q  <= Okay;
    end else if (read) begin
      rvalid_q <= 1'b1;
      rdata_q  <= value;
      rresp_q  <= found ? Okay : SlaveError;
    end else if (s_axi_rready) begin
      rvalid_q <= 1'b0;
    end
  end

  logic unused_ok;
  assign unused_ok = &{1'b0, s_axi_awaddr[1:0], s_axi_araddr[1:0], hardware_offset, configuration_offset, hardware_shifted, configuration_shifted};

endmodule

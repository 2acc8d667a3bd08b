// SPDX-License-Identifier: Apache-2.0
// The accelerator on a system bus: registers as an AXI4-Lite slave, memory and programs as an AXI4 master, an interrupt. Registers, fields and their order of use: accel_registers.md.
//
// A command is a write to `control`: load reads the programs from memory (program_loader.sv), start runs them; with both, the run follows the load, unless a response of the load was an error.
// The command ends, with `done`, when every write has its response. The ports of each bus are named as in the AMBA specification, so that tools recognise them; the master needs no identifiers.
module accelerator_axi (
  input  logic                                        clk_i,
  input  logic                                        rst_ni,
  output logic                                        interrupt_o,

  input  logic                                        s_axi_awvalid,
  output logic                                        s_axi_awready,
  input  logic [accel_pkg::AxiLiteAddressWidth-1:0]   s_axi_awaddr,
  input  logic [2:0]                                  s_axi_awprot,
  input  logic                                        s_axi_wvalid,
  output logic                                        s_axi_wready,
  input  logic [31:0]                                 s_axi_wdata,
  input  logic [3:0]                                  s_axi_wstrb,
  output logic                                        s_axi_bvalid,
  input  logic                                        s_axi_bready,
  output logic [1:0]                                  s_axi_bresp,
  input  logic                                        s_axi_arvalid,
  output logic                                        s_axi_arready,
  input  logic [accel_pkg::AxiLiteAddressWidth-1:0]   s_axi_araddr,
  input  logic [2:0]                                  s_axi_arprot,
  output logic                                        s_axi_rvalid,
  input  logic                                        s_axi_rready,
  output logic [31:0]                                 s_axi_rdata,
  output logic [1:0]                                  s_axi_rresp,

  output logic                                        m_axi_awvalid,
  input  logic                                        m_axi_awready,
  output logic [accel_pkg::AxiAddressWidth-1:0]       m_axi_awaddr,
  output logic [7:0]                                  m_axi_awlen,
  output logic [2:0]                                  m_axi_awsize,
  output logic [1:0]                                  m_axi_awburst,
  output logic [3:0]                                  m_axi_awcache,
  output logic [2:0]                                  m_axi_awprot,
  output logic                                        m_axi_wvalid,
  input  logic                                        m_axi_wready,
  output logic [8*accel_pkg::MemoryBytesPerCycle-1:0] m_axi_wdata,
  output logic [accel_pkg::MemoryBytesPerCycle-1:0]   m_axi_wstrb,
  output logic                                        m_axi_wlast,
  input  logic                                        m_axi_bvalid,
  output logic                                        m_axi_bready,
  input  logic [1:0]                                  m_axi_bresp,
  output logic                                        m_axi_arvalid,
  input  logic                                        m_axi_arready,
  output logic [accel_pkg::AxiAddressWidth-1:0]       m_axi_araddr,
  output logic [7:0]                                  m_axi_arlen,
  output logic [2:0]                                  m_axi_arsize,
  output logic [1:0]                                  m_axi_arburst,
  output logic [3:0]                                  m_axi_arcache,
  output logic [2:0]                                  m_axi_arprot,
  input  logic                                        m_axi_rvalid,
  output logic                                        m_axi_rready,
  input  logic [8*accel_pkg::MemoryBytesPerCycle-1:0] m_axi_rdata,
  input  logic [1:0]                                  m_axi_rresp,
  input  logic                                        m_axi_rlast
);

  localparam int MemoryWidth = 8*accel_pkg::MemoryBytesPerCycle;
  localparam int WA          = accel_pkg::MemoryAddressWidth;
  localparam int AA          = accel_pkg::AxiAddressWidth;

  // What is the same in every burst: incrementing, whole words; normal memory that may be buffered, not cached; unprivileged, secure data.
  assign m_axi_awsize  = 3'($clog2(accel_pkg::MemoryBytesPerCycle));
  assign m_axi_awburst = 2'b01;
  assign m_axi_awcache = 4'b0011;
  assign m_axi_awprot  = 3'b000;
  assign m_axi_arsize  = 3'($clog2(accel_pkg::MemoryBytesPerCycle));
  assign m_axi_arburst = 2'b01;
  assign m_axi_arcache = 4'b0011;
  assign m_axi_arprot  = 3'b000;

  // ---------------------------------------------------------------- commands

  localparam logic [2:0] Idle   = 3'd0;
  localparam logic [2:0] Load   = 3'd1;
  localparam logic [2:0] Loaded = 3'd2;
  localparam logic [2:0] Start  = 3'd3;
  localparam logic [2:0] Run    = 3'd4;
  localparam logic [2:0] Finish = 3'd5;

  logic [2:0] state_d, state_q;
  logic       run_q, failed_q, start, load, loader_busy, accelerator_busy, dma_idle, flush, ends, error;

  assign flush = state_q == Idle || state_q == Loaded || state_q == Finish;
  assign ends  = dma_idle && (state_q == Finish || (state_q == Loaded && (!run_q || failed_q)));

  always_comb begin
    state_d = state_q;
    case (state_q)
      Idle:    if (load) state_d = Load; else if (start) state_d = Start;
      Load:    if (!loader_busy) state_d = Loaded;
      Loaded:  if (dma_idle) state_d = (run_q && !failed_q) ? Start : Idle;
      Start:   state_d = Run;
      Run:     if (!accelerator_busy) state_d = Finish;
      default: if (dma_idle) state_d = Idle;
    endcase
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q  <= Idle;
      run_q    <= 1'b0;
      failed_q <= 1'b0;
    end else begin
      state_q  <= state_d;
      run_q    <= (state_q == Idle) ? start : run_q;
      failed_q <= state_q != Idle && (failed_q || error);
    end
  end

  // ---------------------------------------------------------------- registers

  logic [AA-1:0] memory_base, program_base;
  logic [WA-1:0] memory_words, program_memory_words, error_address;
  logic [31:0]   program_words, register_data, program_address;
  logic          register_address_write, register_data_write, read_error, write_error, range_error;

  assign error = read_error || write_error || range_error;

  axi_lite_registers u_registers (
    .clk_i                  (clk_i),
    .rst_ni                 (rst_ni),
    .s_axi_awvalid          (s_axi_awvalid),
    .s_axi_awready          (s_axi_awready),
    .s_axi_awaddr           (s_axi_awaddr),
    .s_axi_wvalid           (s_axi_wvalid),
    .s_axi_wready           (s_axi_wready),
    .s_axi_wdata            (s_axi_wdata),
    .s_axi_wstrb            (s_axi_wstrb),
    .s_axi_bvalid           (s_axi_bvalid),
    .s_axi_bready           (s_axi_bready),
    .s_axi_bresp            (s_axi_bresp),
    .s_axi_arvalid          (s_axi_arvalid),
    .s_axi_arready          (s_axi_arready),
    .s_axi_araddr           (s_axi_araddr),
    .s_axi_rvalid           (s_axi_rvalid),
    .s_axi_rready           (s_axi_rready),
    .s_axi_rdata            (s_axi_rdata),
    .s_axi_rresp            (s_axi_rresp),
    .start_o                (start),
    .load_o                 (load),
    .program_address_write_o(register_address_write),
    .program_data_write_o   (register_data_write),
    .write_data_o           (register_data),
    .memory_base_o          (memory_base),
    .memory_words_o         (memory_words),
    .program_base_o         (program_base),
    .program_words_o        (program_words),
    .interrupt_o            (interrupt_o),
    .busy_i                 (state_q != Idle),
    .running_i              (state_q == Run || state_q == Finish),
    .done_i                 (ends),
    .errors_i               ({range_error, write_error, read_error}),
    .error_address_i        (error_address),
    .program_address_i      (program_address)
  );

  // ---------------------------------------------------------------- programs

  logic          loader_req, loader_address_write, loader_data_write, host_write;
  logic [WA-1:0] loader_address;
  logic [31:0]   loader_data, host_address, host_data;

  program_port u_program_port (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .address_write_i(register_address_write || loader_address_write),
    .data_write_i   (register_data_write || loader_data_write),
    .data_i         (loader_busy ? loader_data : register_data),
    .address_o      (program_address),
    .host_write_o   (host_write),
    .host_address_o (host_address),
    .host_data_o    (host_data)
  );

  program_loader u_loader (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .start_i        (load),
    .stop_i         (error),
    .words_i        (program_words),
    .busy_o         (loader_busy),
    .memory_words_o (program_memory_words),
    .req_o          (loader_req),
    .address_o      (loader_address),
    .ack_i          (ack && loader_busy),
    .rdata_i        (rdata),
    .address_write_o(loader_address_write),
    .data_write_o   (loader_data_write),
    .data_o         (loader_data)
  );

  // ---------------------------------------------------------------- accelerator and memory

  logic                                      mem_req, mem_write, mem_first, ack;
  logic [WA-1:0]                             mem_addr;
  logic [MemoryWidth-1:0]                    mem_wdata, rdata;
  logic [accel_pkg::MemoryBytesPerCycle-1:0] mem_wstrb;
  logic [3:0]                                event_fetch, event_start, event_end, event_completion;

  accelerator u_accelerator (
    .clk_i             (clk_i),
    .rst_ni            (rst_ni),
    .host_write_i      (host_write),
    .host_address_i    (host_address),
    .host_data_i       (host_data),
    .start_i           (state_q == Start),
    .busy_o            (accelerator_busy),
    .mem_req_o         (mem_req),
    .mem_write_o       (mem_write),
    .mem_first_o       (mem_first),
    .mem_addr_o        (mem_addr),
    .mem_wdata_o       (mem_wdata),
    .mem_wstrb_o       (mem_wstrb),
    .mem_ack_i         (ack && !loader_busy),
    .mem_rdata_i       (rdata),
    .event_fetch_o     (event_fetch),
    .event_start_o     (event_start),
    .event_end_o       (event_end),
    .event_completion_o(event_completion)
  );

  // The loader works while the accelerator has nothing to do.
  axi_dma u_dma (
    .clk_i          (clk_i),
    .rst_ni         (rst_ni),
    .base_i         (state_q == Load || state_q == Loaded ? program_base : memory_base),
    .words_i        (loader_busy ? program_memory_words : memory_words),
    .flush_i        (flush),
    .idle_o         (dma_idle),
    .read_error_o   (read_error),
    .write_error_o  (write_error),
    .range_error_o  (range_error),
    .error_address_o(error_address),
    .req_i          (loader_busy ? loader_req : mem_req),
    .write_i        (!loader_busy && mem_write),
    .address_i      (loader_busy ? loader_address : mem_addr),
    .wdata_i        (mem_wdata),
    .wstrb_i        (mem_wstrb),
    .ack_o          (ack),
    .rdata_o        (rdata),
    .m_axi_awvalid  (m_axi_awvalid),
    .m_axi_awready  (m_axi_awready),
    .m_axi_awaddr   (m_axi_awaddr),
    .m_axi_awlen    (m_axi_awlen),
    .m_axi_wvalid   (m_axi_wvalid),
    .m_axi_wready   (m_axi_wready),
    .m_axi_wdata    (m_axi_wdata),
    .m_axi_wstrb    (m_axi_wstrb),
    .m_axi_wlast    (m_axi_wlast),
    .m_axi_bvalid   (m_axi_bvalid),
    .m_axi_bready   (m_axi_bready),
    .m_axi_bresp    (m_axi_bresp),
    .m_axi_arvalid  (m_axi_arvalid),
    .m_axi_arready  (m_axi_arready),
    .m_axi_araddr   (m_axi_araddr),
    .m_axi_arlen    (m_axi_arlen),
    .m_axi_rvalid   (m_axi_rvalid),
    .m_axi_rready   (m_axi_rready),
    .m_axi_rdata    (m_axi_rdata),
    .m_axi_rresp    (m_axi_rresp),
    .m_axi_rlast    (m_axi_rlast)
  );

  logic unused_ok;
  assign unused_ok = &{1'b0, s_axi_awprot, s_axi_arprot, mem_first, event_fetch, event_start, event_end, event_completion};

endmodule

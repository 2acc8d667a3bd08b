// SPDX-License-Identifier: Apache-2.0
// Memory of the bench as an AXI4 slave: words from base_i on, and a program image from program_base_i on; other addresses answer DECERR.
//
// Without stalls_i it is ready always, and answers after latency_i cycles. With stalls_i, every ready and valid is withheld at random, a response or data may take long, and the address of some writes is
// not accepted before their data are valid. Up to Depth writes and one read are under way.
//
// read_fault_i, write_fault_i: the bursts answer SLVERR; data are as ever.
// stored_o: a beat of a write was accepted in the cycle before, at word stored_address_o of the memory; the bench compares it.
module axi_memory #(
  parameter int AddressWidth = 40,
  parameter int WordBytes    = 4,
  parameter int Words        = 1024,
  parameter int ProgramWords = 1024,
  parameter int Depth        = 8
) (
  input  logic                    clk_i,
  input  logic                    rst_ni,
  input  logic                    stalls_i,
  input  logic [31:0]             seed_i,
  input  logic [31:0]             latency_i,
  input  logic                    read_fault_i,
  input  logic                    write_fault_i,
  input  logic [AddressWidth-1:0] base_i,
  input  logic [AddressWidth-1:0] program_base_i,

  input  logic                    awvalid_i,
  output logic                    awready_o,
  input  logic [AddressWidth-1:0] awaddr_i,
  input  logic [7:0]              awlen_i,
  input  logic                    wvalid_i,
  output logic                    wready_o,
  input  logic [8*WordBytes-1:0]  wdata_i,
  input  logic [WordBytes-1:0]    wstrb_i,
  output logic                    bvalid_o,
  input  logic                    bready_i,
  output logic [1:0]              bresp_o,
  input  logic                    arvalid_i,
  output logic                    arready_o,
  input  logic [AddressWidth-1:0] araddr_i,
  input  logic [7:0]              arlen_i,
  output logic                    rvalid_o,
  input  logic                    rready_i,
  output logic [8*WordBytes-1:0]  rdata_o,
  output logic [1:0]              rresp_o,
  output logic                    rlast_o,

  output logic                    stored_o,
  output logic [31:0]             stored_address_o,
  output logic [8*WordBytes-1:0]  stored_data_o,
  output logic [WordBytes-1:0]    stored_strobes_o
);

  reg [8*WordBytes-1:0] words [0:Words-1];
  reg [8*WordBytes-1:0] programs [0:ProgramWords-1];

  reg                    awready_q, wready_q, bvalid_q, arready_q, rvalid_q, writing_q, reading_q, data_first_q;
  reg [AddressWidth-1:0] write_at, read_at;
  reg [8:0]              write_left, read_left;
  reg [1:0]              bresp_q, rresp_q;
  reg [8*WordBytes-1:0]  rdata_q;
  reg                    rlast_q, fault, write_bad;
  reg [31:0]             random, wait_read, wait_response;
  reg [31:0]             answered, written;
  reg [1:0]              answers [0:Depth-1];
  integer                k;

  assign awready_o = awready_q && (!data_first_q || wvalid_i);
  assign wready_o  = wready_q;
  assign bvalid_o  = bvalid_q;
  assign bresp_o   = bresp_q;
  assign arready_o = arready_q;
  assign rvalid_o  = rvalid_q;
  assign rdata_o   = rdata_q;
  assign rresp_o   = rresp_q;
  assign rlast_o   = rlast_q;

  function in_words(input reg [AddressWidth-1:0] address);
    in_words = address >= base_i && (address - base_i) / WordBytes < Words;
  endfunction

  function in_programs(input reg [AddressWidth-1:0] address);
    in_programs = address >= program_base_i && (address - program_base_i) / WordBytes < ProgramWords;
  endfunction

  // A draw with one chance in four (`rare`), or three in four, of one; always one without stalls.
  task draw(input reg rare, output reg value);
    begin
      random = random ^ (random << 13);
      random = random ^ (random >> 17);
      random = random ^ (random << 5);
      value  = !stalls_i || (rare ? random[9:8] == 2'd0 : random[9:8] != 2'd0);
    end
  endtask

  reg go;

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      random        = seed_i ^ 32'h9E37_79B9;
      awready_q     <= 1'b0;
      wready_q      <= 1'b0;
      bvalid_q      <= 1'b0;
      bresp_q       <= 2'b00;
      arready_q     <= 1'b0;
      rvalid_q      <= 1'b0;
      rlast_q       <= 1'b0;
      rresp_q       <= 2'b00;
      rdata_q       <= {(8*WordBytes){1'b0}};
      writing_q     <= 1'b0;
      reading_q     <= 1'b0;
      data_first_q  <= 1'b0;
      answered      = 32'd0;
      written       = 32'd0;
      wait_read     = 32'd0;
      wait_response = 32'd0;
      write_bad     = 1'b0;
      stored_o      <= 1'b0;
    end else begin
      stored_o <= wvalid_i && wready_q && writing_q;
      if (wvalid_i && wready_q && writing_q) begin
        stored_address_o <= 32'((write_at - base_i) / WordBytes);
        stored_data_o    <= wdata_i;
        stored_strobes_o <= wstrb_i;
      end

      // ---------------------------------------------------------------- writes: an address, its beats, and some time later its response
      if (awvalid_i && awready_o) begin
        write_at     = awaddr_i;
        write_left   = {1'b0, awlen_i} + 9'd1;
        write_bad    = 1'b0;
        writing_q    <= 1'b1;
        awready_q    <= 1'b0;
        draw(1'b0, go);
        wready_q     <= go;
      end else if (writing_q) begin
        draw(1'b0, go);
        wready_q <= go;
        if (wvalid_i && wready_q) begin
          if (in_words(write_at)) begin
            for (k = 0; k < WordBytes; k = k + 1) begin
              if (wstrb_i[k]) words[(write_at - base_i) / WordBytes][8*k +: 8] = wdata_i[8*k +: 8];
            end
          end else begin
            write_bad = 1'b1;
          end
          write_at   = write_at + WordBytes;
          write_left = write_left - 9'd1;
          if (write_left == 9'd0) begin
            answers[written % Depth] = write_bad ? 2'b11 : write_fault_i ? 2'b10 : 2'b00;
            if (written == answered) wait_response = stalls_i ? {26'd0, random[17:12]} : latency_i;
            written   = written + 32'd1;
            writing_q <= 1'b0;
            wready_q  <= 1'b0;
          end
        end
      end else begin
        draw(1'b1, go);
        awready_q    <= go && written - answered < Depth - 1;
        draw(1'b1, go);
        data_first_q <= stalls_i && (awready_q ? data_first_q : go);
      end

      if (bvalid_q && bready_i) begin
        bvalid_q <= 1'b0;
        answered = answered + 32'd1;
        wait_response = stalls_i ? {28'd0, random[15:12]} : 32'd0;
      end else if (!bvalid_q && answered != written) begin
        if (wait_response == 32'd0) begin
          bvalid_q <= 1'b1;
          bresp_q  <= answers[answered % Depth];
        end else begin
          wait_response = wait_response - 32'd1;
        end
      end

      // ---------------------------------------------------------------- reads: an address, and its beats
      if (arvalid_i && arready_q) begin
        read_at   = araddr_i;
        read_left = {1'b0, arlen_i} + 9'd1;
        fault     = read_fault_i;
        wait_read = stalls_i ? {28'd0, random[15:12]} : latency_i;
        reading_q <= 1'b1;
        arready_q <= 1'b0;
      end else if (!reading_q) begin
        draw(1'b1, go);
        arready_q <= go;
      end

      if (reading_q) begin
        if (rvalid_q && rready_i) begin
          rvalid_q <= 1'b0;
          if (rlast_q) reading_q <= 1'b0;
        end
        draw(1'b0, go);
        if (wait_read != 32'd0) wait_read = wait_read - 32'd1;
        else if (go && read_left != 9'd0 && (!rvalid_q || rready_i)) begin
          rvalid_q  <= 1'b1;
          rlast_q   <= read_left == 9'd1;
          rresp_q   <= (in_words(read_at) || in_programs(read_at)) ? {fault, 1'b0} : 2'b11;
          rdata_q   <= in_words(read_at) ? words[(read_at - base_i) / WordBytes] : in_programs(read_at) ? programs[(read_at - program_base_i) / WordBytes] : {(8*WordBytes){1'b0}};
          read_at   = read_at + WordBytes;
          read_left = read_left - 9'd1;
        end
      end
    end
  end

endmodule

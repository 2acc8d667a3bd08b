// SPDX-License-Identifier: Apache-2.0
// Two unit_sequencers with a semaphore_file between them: a producer that waits for a free slot and signals a full one, and a consumer that does the opposite,
// Length instructions each, after Slots free slots were signalled. Whatever the instructions last (one to MostRun cycles): both programs end within a bound (no deadlock),
// the consumer never runs ahead, the producer never runs further ahead than the slots allow, and at the end every slot is free again (no lost token).
module handshake_property #(
  parameter int Length  = 3,
  parameter int Slots   = 2,
  parameter int MostRun = 3,
  parameter int Bound   = 36
) (
  input logic clk_i,
  input logic producer_last_i,
  input logic consumer_last_i
);

  localparam int Full = 0;
  localparam int Free = 1;

  logic [6:0] cycle_q = 7'd0;
  logic       rst_n, start;
  assign rst_n = cycle_q != 7'd0;
  assign start = cycle_q == 7'd1;

  logic [1:0] available, producer_take, consumer_take, signals;
  logic       producer_start, producer_run, producer_end, producer_idle, producer_fetch;
  logic       consumer_start, consumer_run, consumer_end, consumer_idle, consumer_fetch;
  logic [1:0] producer_address, consumer_address;
  logic       producer_last, consumer_last, producer_next, consumer_next;

  unit_sequencer #(.AddressWidth(2), .Semaphores(2)) u_producer (
    .clk_i(clk_i), .rst_ni(rst_n), .start_program_i(start), .length_i(3'(Length)), .first_i(2'd0), .frames_i(16'd1), .waits_i(2'b10), .available_i(available), .take_o(producer_take),
    .last_i(producer_last), .fetch_o(producer_fetch), .address_o(producer_address), .start_o(producer_start), .run_o(producer_run), .end_o(producer_end), .next_frame_o(producer_next), .idle_o(producer_idle)
  );
  unit_sequencer #(.AddressWidth(2), .Semaphores(2)) u_consumer (
    .clk_i(clk_i), .rst_ni(rst_n), .start_program_i(start), .length_i(3'(Length)), .first_i(2'd0), .frames_i(16'd1), .waits_i(2'b01), .available_i(available), .take_o(consumer_take),
    .last_i(consumer_last), .fetch_o(consumer_fetch), .address_o(consumer_address), .start_o(consumer_start), .run_o(consumer_run), .end_o(consumer_end), .next_frame_o(consumer_next), .idle_o(consumer_idle)
  );

  // The slots are signalled in the first cycles, one each.
  logic slot;
  assign slot          = cycle_q > 7'd1 && cycle_q <= 7'(1 + Slots);
  assign signals[Full] = producer_end;
  assign signals[Free] = consumer_end || slot;
  semaphore_file #(.Count(2), .CounterWidth(4), .InitialWidth(2)) u_semaphores (
    .clk_i(clk_i), .rst_ni(rst_n), .clear_i(start), .initial_i(4'd0), .signal_i(signals), .take_i(producer_take | consumer_take), .available_o(available)
  );

  // An instruction ends when the environment says so, after MostRun cycles at the latest.
  logic [2:0] producer_ran_q, consumer_ran_q;
  assign producer_last = producer_last_i || producer_ran_q >= 3'(MostRun - 1);
  assign consumer_last = consumer_last_i || consumer_ran_q >= 3'(MostRun - 1);

  logic [3:0] produced_q, consumed_q, begun_q, taken_q, slots_q;
  always @(posedge clk_i) begin
    if (cycle_q != 7'd127) cycle_q <= cycle_q + 7'd1;
    producer_ran_q <= producer_run ? producer_ran_q + 3'd1 : 3'd0;
    consumer_ran_q <= consumer_run ? consumer_ran_q + 3'd1 : 3'd0;
    if (!rst_n) begin
      produced_q <= 4'd0;
      consumed_q <= 4'd0;
      begun_q    <= 4'd0;
      taken_q    <= 4'd0;
      slots_q    <= 4'd0;
    end else begin
      produced_q <= produced_q + 4'(producer_end);
      consumed_q <= consumed_q + 4'(consumer_end);
      begun_q    <= begun_q + 4'(producer_start);
      taken_q    <= taken_q + 4'(consumer_start);
      slots_q    <= slots_q + 4'(slot);
      // A signal and a slot in one cycle would be one token too few.
      assume (!(consumer_end && slot));
      assert (consumed_q <= produced_q);
      assert (begun_q <= consumed_q + slots_q);
      // The semaphores are what was signalled less what was taken: no token is lost or made.
      if (cycle_q > 7'd1) assert (available[Full] == (produced_q > taken_q));
      if (cycle_q > 7'd1) assert (available[Free] == (consumed_q + slots_q > begun_q));
      if (cycle_q >= 7'(Bound)) begin
        assert (producer_idle && consumer_idle);
        assert (produced_q == 4'(Length) && consumed_q == 4'(Length));
      end
    end
  end

endmodule

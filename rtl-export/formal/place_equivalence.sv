// SPDX-License-Identifier: Apache-2.0
// place_counter beside place_counter_faulty: after begin_i, for as long as numbers follow (run_i in the cycle after begin_i or after run_i), both have the same outputs. Proved by induction over the cycles, so for runs
// of any length; what the outputs are between runs is left open.
module place_equivalence (
  input logic                                clk_i,
  input logic                                rst_ni,
  input logic                                begin_i,
  input logic                                run_i,
  input logic [accel_pkg::IntervalWidth-1:0] interval_i
);

  logic [accel_pkg::PlaceWidth-1:0] place, faulty_place;
  logic                             first, last, faulty_first, faulty_last;
  place_counter u_original (
    .clk_i(clk_i), .rst_ni(rst_ni), .begin_i(begin_i), .run_i(run_i), .interval_i(interval_i), .place_o(place), .first_o(first), .last_o(last)
  );
  place_counter_faulty u_faulty (
    .clk_i(clk_i), .rst_ni(rst_ni), .begin_i(begin_i), .run_i(run_i), .interval_i(interval_i), .place_o(faulty_place), .first_o(faulty_first), .last_o(faulty_last)
  );

  // Whether a number may follow.
  logic begun_q = 1'b0;
  always @(posedge clk_i) begun_q <= rst_ni && (begin_i || run_i);

  always @* begin
    assume (begun_q || !run_i);
    if (begun_q) assert (place == faulty_place && first == faulty_first && last == faulty_last);
  end

endmodule

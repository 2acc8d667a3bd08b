// SPDX-License-Identifier: Apache-2.0
// The counting semaphores between the units.
//
//   count[s](t + 1) = count[s](t) + signal_i[s](t) - take_i[s](t)
//   available_o[s]  = count[s] > 0
//
// A signal and a take in one cycle cancel. A take needs available_o. clear_i sets all counts to their initial values.
module semaphore_file #(
  parameter int Count        = accel_pkg::SemaphoreCount,
  parameter int CounterWidth = accel_pkg::SemaphoreCounterWidth,
  parameter int InitialWidth = accel_pkg::SemaphoreInitialWidth
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             clear_i,
  input  logic [Count*InitialWidth-1:0] initial_i,
  input  logic [Count-1:0] signal_i,
  input  logic [Count-1:0] take_i,
  output logic [Count-1:0] available_o
);

  genvar s;
  generate
    for (s = 0; s < Count; s = s + 1) begin : g_semaphore
      logic [CounterWidth-1:0] count_q;
      assign available_o[s] = count_q != {CounterWidth{1'b0}};
      always_ff @(posedge clk_i) begin
        if (!rst_ni)                              count_q <= {CounterWidth{1'b0}};
        else if (clear_i)                         count_q <= CounterWidth'(initial_i[s*InitialWidth +: InitialWidth]);
        else if (signal_i[s] && !take_i[s])       count_q <= count_q + CounterWidth'(1);
        else if (!signal_i[s] && take_i[s])       count_q <= count_q - CounterWidth'(1);
      end
    end
  endgenerate

endmodule

// SPDX-License-Identifier: Apache-2.0
// semaphore_file: no token is lost or made, no counter goes below zero or over its most, for any signals and takes that keep the contract:
// a take needs available_o, and no more tokens are under way than a counter holds. Every state of a counter of 2 bits is reached within the bound.
module semaphore_property #(
  parameter int Count        = 2,
  parameter int CounterWidth = 2
) (
  input logic             clk_i,
  input logic             rst_ni,
  input logic             clear_i,
  input logic [CounterWidth*Count-1:0] initial_i,
  input logic [Count-1:0] signal_i,
  input logic [Count-1:0] take_i
);

  localparam logic signed [15:0] Most = (16'sd1 <<< CounterWidth) - 16'sd1;

  logic [Count-1:0] available;
  logic             started_q = 1'b0;
  semaphore_file #(.Count(Count), .CounterWidth(CounterWidth), .InitialWidth(CounterWidth)) u_semaphores (
    .clk_i(clk_i), .rst_ni(rst_ni), .clear_i(clear_i), .initial_i(initial_i), .signal_i(signal_i), .take_i(take_i), .available_o(available)
  );

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    if (!started_q) assume (!rst_ni);
  end

  genvar s;
  generate
    for (s = 0; s < Count; s = s + 1) begin : g_semaphore
      // Tokens signalled less tokens taken, counted wide.
      logic signed [15:0] tokens_q;
      always @(posedge clk_i) begin
        tokens_q <= !rst_ni ? 16'sd0 : clear_i ? $signed({14'd0, initial_i[s*CounterWidth +: CounterWidth]}) : tokens_q + $signed({15'd0, signal_i[s]}) - $signed({15'd0, take_i[s]});
        if (take_i[s]) assume (available[s]);
        if (tokens_q == Most) assume (!signal_i[s] || take_i[s]);
        if (started_q) begin
          assert (tokens_q >= 16'sd0 && tokens_q <= Most);
          assert (available[s] == (tokens_q > 16'sd0));
        end
      end
    end
  endgenerate

endmodule

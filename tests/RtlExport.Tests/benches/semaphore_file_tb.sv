// SPDX-License-Identifier: Apache-2.0
// Signals and takes at random, often both at once, against a counter per semaphore.
module semaphore_file_tb;

  localparam int Count = 11;

  logic             clk = 1'b0;
  logic             rst_n = 1'b0;
  logic             clear;
  logic [Count-1:0] signals, takes, available;
  integer           counts [0:Count-1];
  integer           t, s, both, errors;

  logic [2*Count-1:0] initial_counts;

  semaphore_file #(.Count(Count), .CounterWidth(4), .InitialWidth(2)) dut (
    .clk_i(clk), .rst_ni(rst_n), .clear_i(clear), .initial_i(initial_counts), .signal_i(signals), .take_i(takes), .available_o(available)
  );

  initial begin
    clear   = 1'b0;
    signals = {Count{1'b0}};
    takes   = {Count{1'b0}};
    both    = 0;
    errors  = 0;
    for (s = 0; s < Count; s = s + 1) begin
      counts[s] = 0;
      initial_counts[2*s +: 2] = 2'(s % 4);
    end
    #1 clk = 1'b1;
    #1 clk = 1'b0;
    rst_n = 1'b1;
    for (t = 0; t < 2000; t = t + 1) begin
      clear = t == 1000;
      for (s = 0; s < Count; s = s + 1) begin
        if (available[s] !== (counts[s] > 0)) begin
          errors = errors + 1;
          $display("DIFF cycle=%0d semaphore=%0d expected=%0d found=%b", t, s, counts[s], available[s]);
        end
        signals[s] = counts[s] < 15 && ($random & 1) != 0;
        takes[s]   = counts[s] > 0 && ($random & 1) != 0;
        if (signals[s] && takes[s]) both = both + 1;
        counts[s] = clear ? s % 4 : counts[s] + signals[s] - takes[s];
      end
      #1 clk = 1'b1;
      #1 clk = 1'b0;
      #1;
    end
    if (errors != 0 || both < 1000) $fatal(1, "FAIL");
    $display("PASS");
    $finish;
  end

endmodule

// SPDX-License-Identifier: Apache-2.0
// Products of every kind against integers that are decoded here as docs/architecture.md, section 4.4, says. Every pair of operands where they have few bits together;
// else many pairs, with least and greatest codes among them. Bit-serial numbers of every length, one after the other without a gap.
module pe_datapath_tb;

  parameter int Kind             = 0;
  parameter int Lanes            = 2;
  parameter int ActivationWidth  = 3;
  parameter bit ActivationSigned = 1'b1;
  parameter int WeightWidth      = 3;
  parameter int WeightTerms      = 1;

  localparam bit BitSerial  = Kind == accel_pkg::ProcessingElementBitSerial;
  localparam bit Bipolar    = Kind == accel_pkg::ProcessingElementXnorPopcount;
  localparam int LaneWidth  = Bipolar ? 2 : ActivationWidth;
  localparam int InputWidth = BitSerial ? 1 : LaneWidth;
  localparam int CodeBits   = Lanes * (LaneWidth + WeightWidth);
  localparam bit Every      = CodeBits <= (BitSerial ? 12 : 14);
  localparam int Cases      = Every ? (1 << CodeBits) : BitSerial ? 400 : 5000;

  logic                              clk = 1'b0;
  logic                              first, negative;
  logic        [Lanes*LaneWidth-1:0] activations;
  logic        [Lanes*InputWidth-1:0] operands;
  logic        [Lanes*WeightWidth-1:0] weights;
  logic signed [47:0]                sum;
  logic signed [47:0]                augend;

  pe_datapath #(
    .Kind(Kind), .Lanes(Lanes), .ActivationWidth(ActivationWidth), .ActivationSigned(ActivationSigned), .OperandWidth(InputWidth), .WeightWidth(WeightWidth),
    .WeightTerms(WeightTerms), .PartialSumWidth(48), .Saturate(1'b1)
  ) dut (.clk_i(clk), .first_i(first), .negative_i(negative), .activation_i(operands), .weight_i(weights), .augend_i(augend), .sum_o(sum));

  // The low `bits` bits of a code as a number.
  function automatic integer number(input integer code, input integer bits, input integer is_signed);
    integer low;
    low    = code & ((1 << bits) - 1);
    number = (is_signed != 0 && low >= (1 << (bits - 1))) ? low - (1 << bits) : low;
  endfunction

  function automatic integer weight_value(input integer code);
    integer t, field, bits, magnitude;
    weight_value = 0;
    if (Kind == accel_pkg::ProcessingElementXnorPopcount) weight_value = (code & 1) != 0 ? 1 : -1;
    else if (Kind == accel_pkg::ProcessingElementTernaryAdd) weight_value = (code & 3) == 1 ? 1 : (code & 3) == 3 ? -1 : 0;
    else if (Kind == accel_pkg::ProcessingElementShiftAdd) begin
      bits = WeightWidth / WeightTerms;
      for (t = 0; t < WeightTerms; t = t + 1) begin
        field     = (code >> (t * bits)) & ((1 << bits) - 1);
        magnitude = field % (1 << (bits - 1));
        magnitude = magnitude == 0 ? 0 : 2 ** (magnitude - 1);
        weight_value = weight_value + (field >= (1 << (bits - 1)) ? -magnitude : magnitude);
      end
    end else weight_value = number(code, WeightWidth, 1);
  endfunction

  // `length` bits of a bit-serial number, a bipolar number with its flag, or a whole one.
  function automatic integer activation_value(input integer code, input integer length);
    if (Bipolar)        activation_value = (code & 2) == 0 ? 0 : (code & 1) != 0 ? -1 : 1;
    else if (BitSerial) activation_value = number(code, length, {31'd0, negative});
    else                activation_value = number(code, ActivationWidth, {31'd0, ActivationSigned});
  endfunction

  function automatic integer pick(input integer bits);
    integer choice;
    choice = $urandom % 6;
    pick = choice == 0 ? 0 : choice == 1 ? (1 << bits) - 1 : choice == 2 ? 1 << (bits - 1) : choice == 3 ? (1 << (bits - 1)) - 1 : $urandom;
  endfunction

  integer i, l, length, bit_number, checks, errors;
  logic signed [63:0] expected;

  task draw;
    begin
      if (Every) begin
        {activations, weights} = i;
      end else begin
        for (l = 0; l < Lanes; l = l + 1) begin
          activations[l*LaneWidth +: LaneWidth] = pick(LaneWidth);
          weights[l*WeightWidth +: WeightWidth] = pick(WeightWidth);
        end
      end
      // A code that no weight has stands for nothing.
      if (Kind == accel_pkg::ProcessingElementTernaryAdd) begin
        for (l = 0; l < Lanes; l = l + 1) if (weights[l*WeightWidth +: 2] == 2'b10) weights[l*WeightWidth +: 2] = 2'b11;
      end
      augend   = $random;
      expected = augend;
      for (l = 0; l < Lanes; l = l + 1)
        expected = expected + activation_value(activations[l*LaneWidth +: LaneWidth], length) * weight_value(weights[l*WeightWidth +: WeightWidth]);
    end
  endtask

  task check;
    begin
      checks = checks + 1;
      if (sum !== expected[47:0]) begin
        errors = errors + 1;
        $display("DIFF activations=%h weights=%h length=%0d expected=%0d found=%0d", activations, weights, length, expected, sum);
        if (errors == 4) $fatal(1, "FAIL errors=%0d of %0d", errors, checks);
      end
    end
  endtask

  initial begin
    checks   = 0;
    errors   = 0;
    first    = 1'b1;
    negative = ActivationSigned;
    length   = 0;
    if (!BitSerial) begin
      for (i = 0; i < Cases; i = i + 1) begin
        draw;
        operands = activations;
        #1 check;
      end
    end else begin
      for (length = 1; length <= ActivationWidth; length = length + 1) begin
        for (i = 0; i < Cases; i = i + 1) begin
          draw;
          for (bit_number = length - 1; bit_number >= 0; bit_number = bit_number - 1) begin
            first = bit_number == length - 1;
            for (l = 0; l < Lanes; l = l + 1) operands[l] = activations[l*LaneWidth+bit_number];
            #1;
            if (bit_number == 0) check;
            clk = 1'b1;
            #1 clk = 1'b0;
          end
        end
      end
    end
    if (errors != 0) $fatal(1, "FAIL errors=%0d of %0d", errors, checks);
    $display("PASS %0d", checks);
    $finish;
  end

endmodule

// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RtlExport.Synthesis;

/// <summary>
/// A top module with four pins around a design with many ports, so that any design can be placed and its clock be measured: a chain of registers shifts bits to all inputs, another one
/// captures all outputs and shifts them out. Every path between them is one of the design's own.
/// </summary>
public static partial class PinHarness
{
    /// <summary>Name of the top module.</summary>
    public const string Top = "pin_harness";

    /// <summary>The harness of <paramref name="design"/> in SystemVerilog; its clock is the input <c>clk_i</c>.</summary>
    /// <param name="design">The design's top module, elaborated.</param>
    /// <exception cref="InvalidOperationException">It has no port <c>clk_i</c>, or no other input or output.</exception>
    public static string Around(RtlilModule design)
    {
        (string Name, int Width, bool Input)[] ports =
        [
            .. design.Text.Split('\n').Select(line => PortLine().Match(line)).Where(match => match.Success).Select(match =>
                (match.Groups[3].Value, match.Groups[1].Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 1, match.Groups[2].Value == "input")),
        ];
        if (!ports.Any(port => port is { Name: "clk_i", Width: 1, Input: true }))
        {
            throw new InvalidOperationException($"{design.SourceName} has no clock clk_i");
        }

        int inputs = 0, outputs = 0;
        var connections = new StringBuilder("    .clk_i(clk_i)");
        foreach ((string name, int width, bool input) in ports.Where(port => port.Name != "clk_i"))
        {
            ref int place = ref (input ? ref inputs : ref outputs);
            connections.Append(CultureInfo.InvariantCulture, $",\n    .{name}({(input ? "inputs_q" : "outputs")}[{place} +: {width}])");
            place += width;
        }

        if (inputs == 0 || outputs == 0)
        {
            throw new InvalidOperationException($"{design.SourceName} has no inputs or no outputs");
        }

        // One bit more than the ports have, so that both chains have a head and a tail.
        return string.Create(CultureInfo.InvariantCulture, $$"""
            module {{Top}} (input logic clk_i, input logic scan_i, input logic capture_i, output logic scan_o);
              logic [{{inputs}}:0]  inputs_q;
              logic [{{outputs}}:0] outputs, outputs_q;
              assign outputs[{{outputs}}] = 1'b0;
              assign scan_o = outputs_q[{{outputs}}];
              always_ff @(posedge clk_i) begin
                inputs_q  <= {inputs_q[{{inputs - 1}}:0], scan_i};
                outputs_q <= capture_i ? outputs : {outputs_q[{{outputs - 1}}:0], 1'b0};
              end
              {{design.SourceName}} u_design (
            {{connections}}
              );
            endmodule

            """);
    }

    [GeneratedRegex(@"^  wire (?:width (\d+) )?(?:signed )?(input|output) \d+(?: signed)? \\(\S+)$")]
    private static partial Regex PortLine();
}

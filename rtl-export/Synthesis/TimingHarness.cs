// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RtlExport.Synthesis;

/// <summary>
/// Modules between registers on four pins, so that a part with fewer pins than they have ports can hold them, and every path that is timed lies between registers: all inputs come from one shift register, all
/// outputs are taken into another one.
/// </summary>
internal static partial class TimingHarness
{
    public const string Top = "timing_harness";
    public const string File = "timing_harness.il";

    private const string Clock = @"\clk_i";

    /// <summary>The harness in RTLIL, with one instance of each of <paramref name="modules"/>.</summary>
    public static string Of(IEnumerable<RtlilModule> modules)
    {
        var cells = new StringBuilder();
        int inputs = 0, outputs = 0, number = 0;
        foreach (RtlilModule module in modules)
        {
            cells.Append(CultureInfo.InvariantCulture, $"  cell {module.Name} \\u_{number++}\n");
            foreach ((string name, bool input, int width) in Ports(module.Text))
            {
                string wire = name == Clock ? Clock
                    : input ? string.Create(CultureInfo.InvariantCulture, $"\\inputs [{inputs + width - 1}:{inputs}]")
                    : string.Create(CultureInfo.InvariantCulture, $"\\outputs [{outputs + width - 1}:{outputs}]");
                cells.Append(CultureInfo.InvariantCulture, $"    connect {name} {wire}\n");
                inputs += input && name != Clock ? width : 0;
                outputs += input ? 0 : width;
            }

            cells.Append("  end\n");
        }

        return string.Create(CultureInfo.InvariantCulture, $$"""
            autoidx 1000000000
            attribute \top 1
            module \{{Top}}
              wire input 1 \clk_i
              wire input 2 \data_i
              wire input 3 \take_i
              wire output 4 \data_o
              wire width {{inputs}} \inputs
              wire width {{outputs}} \outputs
              wire width {{outputs}} \taken
              wire width {{outputs}} \next
            {{Register("inputs", $@"{{ \inputs [{inputs - 2}:0] \data_i }}", inputs)}}
              cell $mux \take
                parameter \WIDTH {{outputs}}
                connect \A { \taken [{{outputs - 2}}:0] 1'0 }
                connect \B \outputs
                connect \S \take_i
                connect \Y \next
              end
            {{Register("taken", @"\next", outputs)}}
              connect \data_o \taken [{{outputs - 1}}]
            {{cells}}end

            """);
    }

    private static string Register(string name, string data, int width) => string.Create(CultureInfo.InvariantCulture, $"""
          cell $dff \{name}_register
            parameter \CLK_POLARITY 1'1
            parameter \WIDTH {width}
            connect \CLK {Clock}
            connect \D {data}
            connect \Q \{name}
          end
        """);

    private static IEnumerable<(string Name, bool Input, int Width)> Ports(string rtlil)
    {
        string body = rtlil[Math.Max(0, rtlil.LastIndexOf("\nmodule ", StringComparison.Ordinal))..];
        return PortLine().Matches(body).Select(match => (
            match.Groups[3].Value, match.Groups[2].Value == "input", match.Groups[1].Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 1));
    }

    [GeneratedRegex(@"^  wire (?:width (\d+) )?(?:offset \d+ )?(input|output) \d+ (?:signed )?(\\\S+)$", RegexOptions.Multiline)]
    private static partial Regex PortLine();
}

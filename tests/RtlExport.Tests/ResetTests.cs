// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using AccelModel.Numerics;
using RtlExport.Tests.Support;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Tests;

/// <summary>After reset nothing that is reset, and no output, is ever unknown: in a simulator with four states.</summary>
public sealed partial class ResetTests
{
    /// <summary>Outputs of the accelerator's ports.</summary>
    private static readonly string[] Outputs = ["busy_o", "mem_req_o", "mem_write_o", "mem_first_o", "mem_addr_o", "mem_wstrb_o", "event_fetch_o", "event_start_o", "event_end_o", "event_completion_o"];

    [Fact]
    public void No_output_and_no_register_with_a_reset_is_unknown_from_reset_on()
    {
        using var folder = new TemporaryFolder();
        string bundle = Sample.Of(Designs.Reference, Sample.ConvNetwork(RoundingMode.HalfUp), images: 1).Write(folder);
        Assert.Equal(0, Bundles.RunScript(bundle, "run_icarus.sh", "+trace", "+images=1", "+trace_to=3000").ExitCode);
        HashSet<string> reset = [.. RtlSources.Modules.SelectMany(ResetRegisters)];
        Assert.InRange(reset.Count, 30, 1000);

        (int checkedSignals, List<string> unknown) = Unknown(Path.Combine(bundle, "trace.vcd"), name => reset.Contains(name) || Outputs.Contains(name));

        Assert.InRange(checkedSignals, 60, int.MaxValue);
        Assert.Empty(unknown);
    }

    /// <summary>The check finds a register whose reset is gone.</summary>
    [Fact]
    public void A_register_without_its_reset_is_unknown()
    {
        using var folder = new TemporaryFolder();
        string bundle = Sample.Of(Designs.Reference, Sample.DenseNetwork(RoundingMode.HalfUp), images: 1).Write(folder);
        Bundles.Edit(bundle, "dma_engine.sv", "      burst_q      <= {BurstWidth{1'b0}};\n    end else begin", "    end else begin");
        Bundles.RunScript(bundle, "run_icarus.sh", "+trace", "+images=1", "+trace_to=200");

        Assert.Contains(Unknown(Path.Combine(bundle, "trace.vcd"), name => name == "burst_q").Unknown, path => path.EndsWith("u_dma.burst_q", StringComparison.Ordinal));
    }

    /// <summary>Names that are assigned in the first branch of <c>if (!rst_ni ...)</c>.</summary>
    private static IEnumerable<string> ResetRegisters(string module) =>
        ResetBranch().Matches(RtlSources.Read("rtl/" + module)).SelectMany(branch => Assigned().Matches(branch.Value)).Select(assigned => assigned.Groups[1].Value);

    /// <summary>Signals of the accelerator that have an unknown bit after the reset has ended.</summary>
    private static (int Checked, List<string> Unknown) Unknown(string vcd, Func<string, bool> isChecked)
    {
        // The fourth edge is at 35 ns; the first one with the reset gone at 45 ns, in picoseconds.
        const long FirstFree = 45_000;
        var scopes = new List<string>();
        var names = new Dictionary<string, string>();
        var unknown = new HashSet<string>();
        var current = new Dictionary<string, bool>();
        long time = 0;
        bool free = false;
        foreach (string line in File.ReadLines(vcd))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["$scope", _, string scope, ..])
            {
                scopes.Add(scope);
            }
            else if (words is ["$upscope", ..])
            {
                scopes.RemoveAt(scopes.Count - 1);
            }
            else if (words is ["$var", _, _, string id, string name, ..] && scopes.Contains("u_accelerator") && isChecked(name))
            {
                names.TryAdd(id, string.Join('.', scopes) + "." + name);
            }
            else if (line.StartsWith('#'))
            {
                time = long.Parse(line.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
                if (time >= FirstFree && !free)
                {
                    free = true;
                    unknown.UnionWith(current.Where(signal => signal.Value).Select(signal => signal.Key));
                }
            }
            else if (line is "$dumpoff")
            {
                // From here on everything is shown as unknown.
                break;
            }
            else if (line.Length > 1 && line[0] is '0' or '1' or 'x' or 'z' or 'b')
            {
                (string value, string changed) = line[0] == 'b' && words.Length == 2 ? (words[0], words[1]) : (line[..1], line[1..]);
                current[changed] = value.Contains('x', StringComparison.Ordinal);
                if (free && current[changed])
                {
                    unknown.Add(changed);
                }
            }
        }

        return (names.Count, [.. unknown.Where(names.ContainsKey).Select(id => names[id])]);
    }

    [GeneratedRegex(@"if \(!rst_ni[^)]*\)\s*(begin.*?\bend\b|[^;]*;)", RegexOptions.Singleline)]
    private static partial Regex ResetBranch();

    [GeneratedRegex(@"(\w+)\s*<=")]
    private static partial Regex Assigned();
}

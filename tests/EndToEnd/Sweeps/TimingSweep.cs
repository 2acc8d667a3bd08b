// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification.Yaml;
using Cli.Sweeps;
using EndToEnd.House;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>A temporary folder with sweeps over a design and a named network, whose points need no values.</summary>
internal sealed class TimingSweep : IDisposable
{
    /// <summary>Axes with a conditional one, values out of range, rules that are broken between axes, and keys that change no time.</summary>
    public const string Axes = """
        axes:
          - {keys: [accelerator.array.dataflow], values: [weight_stationary, output_stationary, input_stationary]}
          - {keys: [accelerator.array.rows, accelerator.array.columns], values: [[4, 8], [16, 16], [1, 8], 400]}
          - {keys: [accelerator.array.weight_double_buffering], values: [true, false], when: 'accelerator.array.dataflow in [weight_stationary, input_stationary]'}
          - {keys: [accelerator.array.partial_sum_width], range: {from: 16, to: 48, step: 16}}
          - {keys: [accelerator.accumulator.width, accelerator.requantizer.multiplier_width], values: [[32, 16], [24, 20], [48, 16], [46, 30]]}
          - {keys: [accelerator.memory.bytes_per_cycle], range: {from: 4, to: 16, scale: power_of_two}}
          - {keys: [accelerator.clock_mhz], values: [50, 200]}
          - {keys: [accelerator.array.weight_width, accelerator.array.activation_width], values: [[8, 8], [4, 4]]}

        """;

    public string Root { get; } = Directory.CreateTempSubdirectory("codesign-timing-").FullName;

    public string PathOf(string file) => Path.Combine(Root, file);

    /// <summary>Text of a sweep over lenet5 on the named design.</summary>
    public static string Text(string axes, string more = "", string design = "full-16x16-int8") =>
        $"name: small\naccelerator: {Repository.PathOf($"configs/accelerators/{design}.yaml")}\nnetwork: lenet5\n{more}{axes}";

    public string Write(string file, string text)
    {
        File.WriteAllText(PathOf(file), text.ReplaceLineEndings("\n"));
        return PathOf(file);
    }

    /// <summary>The sweep of a text without findings.</summary>
    public SweepSpec Load(string text)
    {
        SpecIssues issues = [];
        SweepSpec? sweep = SweepFile.Load(Write("sweep.yaml", text), issues);
        Assert.Empty(issues);
        return sweep!;
    }

    /// <summary>The findings of a text.</summary>
    public string[] Findings(string text)
    {
        SpecIssues issues = [];
        Assert.Null(SweepFile.Load(Write("sweep.yaml", text), issues));
        return [.. issues.Select(issue => $"{issue.Line}:{issue.Column}: {issue.KeyPath}: {issue.Message}")];
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

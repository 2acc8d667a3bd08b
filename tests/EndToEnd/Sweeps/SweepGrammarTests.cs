// SPDX-License-Identifier: Apache-2.0
using Cli.Sweeps;
using Cli.Sweeps.Metrics;
using Cli.Sweeps.Space;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>Ranges, conditions, constraints, objectives and strategies of a sweep file, and where their findings are placed.</summary>
public sealed class SweepGrammarTests : IDisposable
{
    private readonly TimingSweep _here = new();

    public void Dispose() => _here.Dispose();

    [Theory]
    [InlineData("{from: 4, to: 17, step: 4}", "4 8 12 16")]
    [InlineData("{from: 4, to: 6}", "4 5 6")]
    [InlineData("{from: 4, to: 64, scale: power_of_two}", "4 8 16 32 64")]
    [InlineData("{from: 3, to: 20, scale: power_of_two}", "3 6 12")]
    [InlineData("{from: 7, to: 7}", "7")]
    public void A_range_holds_both_ends(string range, string expected) =>
        Assert.Equal(expected, string.Join(' ', _here.Load(Axis($"{{keys: [accelerator.array.rows], range: {range}}}")).Axes[0].Values.Select(value => value.Label)));

    [Fact]
    public void A_range_of_fractions_is_exact() => Assert.Equal(
        ["0.1", "0.2", "0.3"], _here.Load(Axis("{keys: [accelerator.clock_mhz], range: {from: 0.1, to: 0.3, step: 0.1}}")).Axes[0].Values.Select(value => value.Label));

    [Fact]
    public void A_conditional_axis_takes_part_only_where_its_condition_holds()
    {
        SweepSpec sweep = _here.Load(TimingSweep.Text("""
            axes:
              - {keys: [accelerator.array.dataflow], values: [weight_stationary, output_stationary, input_stationary]}
              - {keys: [accelerator.array.rows], values: [4, 8], when: accelerator.array.dataflow != output_stationary}
              - {keys: [accelerator.array.lanes], values: [1, 2], when: 'accelerator.array.dataflow == weight_stationary and accelerator.array.rows in [8]'}

            """));

        string[] points = [.. sweep.Space.All().Select(point => string.Join(' ', point))];

        Assert.Equal(["0 0 -1", "0 1 0", "0 1 1", "1 -1 -1", "2 0 -1", "2 1 -1"], points);
        Assert.Equal((6, 4), (sweep.Space.Count(100), sweep.Space.Count(3)));
        int[] full = [1, 1, 1];
        sweep.Space.Reduce(full);
        Assert.Equal([1, -1, -1], full);
    }

    [Theory]
    [InlineData("{keys: [accelerator.array.rowz], values: [4]}", "5:13: axes[0].keys[0]: names no key: unknown key, found 'rowz' (did you mean 'rows'?)")]
    [InlineData("{keys: [accelerator.aray.rows], values: [4]}", "5:13: axes[0].keys[0]: names no key: unknown key, found 'aray' (did you mean 'array'?)")]
    [InlineData("{keys: [training.seed], values: [4]}", "5:13: axes[0].keys[0]: not a key of experiments that can vary, found 'training.seed'")]
    [InlineData("{keys: [accelerator.array.rows], range: {from: 4, to: 8, step: 0}}", "5:68: axes[0].range.step: the range does not end, found 0, allowed above 0")]
    [InlineData("{keys: [accelerator.array.rows], range: {from: 4, to: 8, step: -2}}", "5:68: axes[0].range.step: the range does not end, found -2, allowed above 0")]
    [InlineData("{keys: [accelerator.array.rows], range: {from: 9, to: 8}}", "5:59: axes[0].range.to: an empty range, found 8, allowed at least 9, where it begins")]
    [InlineData("{keys: [accelerator.array.rows], range: {from: 0, to: 8, scale: power_of_two}}", "5:52: axes[0].range.from: doubling leads nowhere, found 0, allowed above 0")]
    [InlineData("{keys: [accelerator.array.rows], range: {from: 1, to: 2}, values: [4]}", "5:71: axes[0].values: an axis has values or a range, found both")]
    [InlineData("{keys: [accelerator.array.rows], values: [4], when: accelerator.array.lanes == 1}", "5:57: axes[0].when: not a key of an axis before this one, found 'accelerator.array.lanes', allowed none")]
    [InlineData("{keys: [accelerator.array.rows], values: []}", "5:46: axes[0].values: wrong number of items, found 0")]
    public void A_finding_of_an_axis_names_its_place(string axis, string finding) =>
        Assert.Contains(_here.Findings(Axis(axis)), found => found.StartsWith(finding, StringComparison.Ordinal));

    /// <summary>Neither hides the other; an axis without keys has no name that another could have too.</summary>
    [Fact]
    public void Keys_that_are_not_there_are_told_beside_other_findings()
    {
        string[] both = _here.Findings(TimingSweep.Text("axes: [{keys: [accelerator.array.rowz], values: [4]}]\n", "constraints: [latency_us < 5, latency_us > 10]\n"));
        Assert.Contains(both, found => found.Contains("axes[0].keys[0]: names no key", StringComparison.Ordinal));
        Assert.Contains(both, found => found.Contains("constraints: no point can keep to", StringComparison.Ordinal));

        string[] without = _here.Findings(TimingSweep.Text("axes: [{key: accelerator.array.rows, values: [4]}, {key: accelerator.array.columns, values: [4]}]\n"));
        Assert.Equal(2, without.Count(found => found.Contains("keys: required key is missing", StringComparison.Ordinal)));
        Assert.DoesNotContain(without, found => found.Contains("not unique", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("when: 'accelerator.array.rows == 5'", "a value that the axis does not take, found '5', allowed 4, 8")]
    [InlineData("when: accelerator.array.row == 4", "not a key of an axis before this one, found 'accelerator.array.row' (did you mean 'accelerator.array.rows'?)")]
    [InlineData("when: rows = 4", "not a condition, found 'rows = 4'")]
    public void A_condition_that_never_holds_is_a_finding(string when, string finding) => Assert.Contains(
        _here.Findings(TimingSweep.Text($"axes:\n  - {{keys: [accelerator.array.rows], values: [4, 8]}}\n  - {{keys: [accelerator.array.lanes], values: [1, 2], {when}}}\n")),
        found => found.Contains("axes[1].when: " + finding, StringComparison.Ordinal));

    [Theory]
    [InlineData("[fits(zynq-7021)]", "4:15: constraints[0]: unknown device, found 'zynq-7021' (did you mean 'zynq-7020'?), allowed artix-100t, ")]
    [InlineData("[{fits: zynq7020}]", "4:22: constraints[0].fits: unknown device, found 'zynq7020' (did you mean 'zynq-7020'?), allowed artix-100t, ")]
    [InlineData("[{fit: zynq-7020}]", "4:16: constraints[0].fit: unknown key")]
    [InlineData("[fits(up5k), latency < 5 LUT]", "4:27: constraints[1]: not a unit of latency_us, found 'LUT', allowed us, ns, ms, s")]
    [InlineData("[device_share.up5k < 0.5, device_share.up5k > 60 %]", "4:14: constraints: no point can keep to 'device_share.up5k < 0.5' and to 'device_share.up5k > 60 %'")]
    [InlineData("[frame_per_second > 1]", "4:15: constraints[0]: unknown metric, found 'frame_per_second' (did you mean 'frames_per_second'?)")]
    [InlineData("[stall_cycles.weight_redy > 1]", "4:15: constraints[0]: unknown metric, found 'stall_cycles.weight_redy' (did you mean 'stall_cycles.weight_ready'?)")]
    [InlineData("[layer.conv1.cycle > 1]", "4:15: constraints[0]: not a figure of a layer, found 'cycle' (did you mean 'cycles'?), allowed layer.LAYER.FIGURE with one of cycles, ")]
    [InlineData("[layer.conv1.dram_read < 1 us]", "4:15: constraints[0]: not a unit of layer.conv1.dram_read_bytes, found 'us', allowed bytes, KiB, MiB, kB, MB")]
    [InlineData("[layer.conv3.cycles > 1]", "4:15: constraints: layer.conv3.cycles: no network has such a layer, found 'conv3' (did you mean 'conv1'?), allowed conv1, pool1, conv2, pool2, dense1, dense2, dense3")]
    public void A_finding_of_a_constraint_names_its_place(string constraints, string finding) => Assert.Contains(
        _here.Findings(TimingSweep.Text("axes: [{keys: [accelerator.array.rows], values: [4]}]\n", $"constraints: {constraints}\n")), found => found.StartsWith(finding, StringComparison.Ordinal));

    [Theory]
    [InlineData("latency < 200 us", 200)]
    [InlineData("latency < 0.2 ms", 200)]
    [InlineData("latency_us < 200", 200)]
    [InlineData("latency_us < 200 us", 200)]
    [InlineData("area.memory_bits <= 2 Kibit", 2048)]
    [InlineData("accuracy >= 98.5 %", 0.985)]
    [InlineData("accuracy>=0.985", 0.985)]
    [InlineData("energy < 1.5 uJ", 1500)]
    [InlineData("fits(zynq-7020)", 1)]
    [InlineData("device_share.zynq-7020 < 80 %", 0.8)]
    [InlineData("frames_per_second >= 1000", 1000)]
    [InlineData("weight_load < 2 KiB", 2048)]
    [InlineData("energy_nj.external_memory < 1.5 uJ", 1500)]
    [InlineData("layer.conv1.energy < 1.5 uJ", 1500)]
    [InlineData("layer.stack2.add.utilization > 5 %", 0.05)]
    public void A_constraint_is_read_in_the_units_of_its_metric(string text, double limit) => Assert.Equal(limit, Constraint.Parse(text, out _)!.Limit, 1e-9);

    /// <summary>Where an axis changes the network, a layer need be in one of them only.</summary>
    [Fact]
    public void A_layer_may_be_one_of_any_network_of_the_sweep()
    {
        SweepSpec sweep = _here.Load(TimingSweep.Text("axes: [{keys: [network], values: [lenet5, resnet8]}]\n", "minimise: [layer.stack2.add.cycles, layer.dense1.cycles]\n"));

        Assert.Equal(["stack2.add", "dense1"], sweep.Objectives.Select(objective => objective.Metric.Layer));
        Assert.Contains(
            _here.Findings(TimingSweep.Text("axes: [{keys: [network], values: [lenet5, resnet8]}]\n", "minimise: [layer.stack4.add.cycles]\n")),
            found => found.StartsWith("4:12: minimise: layer.stack4.add.cycles: no network has such a layer", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("latencyy < 3 us", "unknown metric, found 'latencyy' (did you mean 'latency'?)")]
    [InlineData("latency < 3", "a quantity needs its unit, found 'latency < 3', allowed 'latency_us' for a number in us, or one of the units us, ns, ms, s")]
    [InlineData("latency < 3 bytes", "not a unit of latency_us, found 'bytes', allowed us, ns, ms, s")]
    [InlineData("area.lut < 3 us", "not a unit of area.lut, found 'us', allowed a number without one")]
    [InlineData("area.lut << 3", "not a constraint, found 'area.lut << 3'")]
    public void A_constraint_with_a_wrong_metric_or_unit_says_what_is_allowed(string text, string problem)
    {
        Assert.Null(Constraint.Parse(text, out string found));
        Assert.StartsWith(problem, found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("area.lut < 3, area.lut > 4", true)]
    [InlineData("area.lut < 3, area.lut >= 3", true)]
    [InlineData("area.lut <= 3, area.lut >= 3", false)]
    [InlineData("latency < 2 us, latency > 3000 ns", true)]
    [InlineData("latency < 2 us, latency > 1000 ns", false)]
    [InlineData("utilization > 1", true)]
    [InlineData("area.lut < 0", true)]
    [InlineData("area.lut == 5, area.lut == 6", true)]
    [InlineData("area.lut < 5, latency > 6 us", false)]
    public void Constraints_that_nothing_can_keep_to_are_a_finding(string texts, bool contradict) =>
        Assert.Equal(contradict, Constraint.Contradiction([.. texts.Split(", ").Select(text => Constraint.Parse(text, out _)!)]) is not null);

    [Fact]
    public void Findings_of_constraints_and_objectives_come_at_once()
    {
        string[] found = _here.Findings(TimingSweep.Text(
            "axes:\n  - {keys: [accelerator.array.rows], values: [4, 8]}\n",
            "constraints: [area.luts < 5, area.lut < 5, area.lut > 6]\nminimise: [latencey_us]\nmaximise: [accuracy]\nstrategy: {kind: nsga3, points: 0}\n"));

        Assert.Contains(found, finding => finding.StartsWith("4:15: constraints[0]: unknown metric, found 'area.luts' (did you mean 'area.lut'?)", StringComparison.Ordinal));
        Assert.Contains(found, finding => finding.StartsWith("4:14: constraints: no point can keep to 'area.lut < 5' and to 'area.lut > 6'", StringComparison.Ordinal));
        Assert.Contains(found, finding => finding.StartsWith("5:12: minimise[0]: unknown metric, found 'latencey_us' (did you mean 'latency_us'?)", StringComparison.Ordinal));
        Assert.Contains(found, finding => finding.StartsWith("3:10: network: a network with random weights has no accuracy", StringComparison.Ordinal));
        Assert.Contains(found, finding => finding.Contains("strategy.kind: unknown name, found 'nsga3' (did you mean 'nsga2'?)", StringComparison.Ordinal));
    }

    private static string Axis(string axis) => TimingSweep.Text($"axes:\n  - {axis}\n");
}

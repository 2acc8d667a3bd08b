// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using EndToEnd.Cli;
using Xunit;

namespace EndToEnd.Sweeps;

/// <summary>What follows a sweep: a point is chosen and taken to RTL, and two sweeps are compared.</summary>
public sealed class SelectAndCompareTests(SelectAndCompareTests.FinishedSweep sweep) : IClassFixture<SelectAndCompareTests.FinishedSweep>
{
    private const string Design = "systolic-16x16-int8";
    private const string Axes = "axes:\n  - {keys: [accelerator.array.rows], values: [4, 8, 16]}\n  - {keys: [accelerator.array.columns], values: [8, 16]}\n";

    private readonly Workspace _here = sweep.Here;

    /// <summary>A sweep that is finished, in the folder a.</summary>
    public sealed class FinishedSweep : IDisposable
    {
        public FinishedSweep()
        {
            Here.Write("sweep.yaml", TimingSweep.Text(Axes, design: Design));
            Codesign.Run(Here, "sweep", "sweep.yaml", "--out", "a").Succeeded();
        }

        internal Workspace Here { get; } = new();

        public void Dispose() => Here.Dispose();
    }

    [Fact]
    public void The_best_point_that_keeps_to_the_constraints_becomes_rtl()
    {
        string[][] rows = [.. _here.Read("a/results.csv").Split(CsvLine.End, StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(','))];
        (int lut, int latency) = (Array.IndexOf(rows[0], "area.lut"), Array.IndexOf(rows[0], "latency_us"));
        double Number(string[] row, int column) => double.Parse(row[column], System.Globalization.CultureInfo.InvariantCulture);
        double limit = rows.Skip(1).Select(row => Number(row, latency)).Order().ElementAt(2);
        string expected = rows.Skip(1).Where(row => Number(row, latency) <= limit).MinBy(row => Number(row, lut))![0];

        JsonElement chosen = Codesign.Run(
            _here, "select", "a", "--objective", "min area.lut", "--where", FormattableString.Invariant($"latency_us <= {limit:R} and area.lut > 0"), "--export", "best", "--json").Succeeded().Json;

        Assert.Equal(expected, chosen.GetProperty("id").GetString());
        Assert.True(_here.Has("best/rtl/manifest.json"));
        SpecIssues issues = [];
        AcceleratorSpec? design = AcceleratorFile.Load(_here.PathOf("best/accelerator.yaml"), issues);
        Assert.Empty(issues);
        Assert.Equal(chosen.GetProperty("settings").GetProperty("accelerator.array.rows").GetString(), design!.Array.Rows.ToString(System.Globalization.CultureInfo.InvariantCulture));
        JsonElement simulated = Codesign.Run(_here, "simulate", "--network", "best/network", "--accelerator", "best/accelerator.yaml", "--schedule", "best/schedule.yaml", "--random-input", "1", "--output", "o.npy", "--json").Succeeded().Json;
        Assert.Equal(chosen.GetProperty("figures").GetProperty("cycles_per_inference").GetInt64(), simulated.GetProperty("cycles").GetInt64());
    }

    [Fact]
    public void What_no_point_keeps_to_and_what_says_nothing_end_differently()
    {
        CommandResult none = Codesign.Run(_here, "select", "a", "--objective", "min area.lut", "--where", "area.lut < 1").Ended(1);
        Assert.Equal(["a: no point keeps to 'area.lut < 1'"], none.Findings);
        CommandResult wrong = Codesign.Run(_here, "select", "a", "--objective", "least area.lut", "--where", "latency < 1 LUT").Ended(2);
        Assert.Equal(["--objective: found 'least area.lut', allowed 'min METRIC' or 'max METRIC'", "--where: not a unit of latency_us, found 'LUT', allowed us, ns, ms, s"], wrong.Findings);
        Assert.Contains("the sweep computed no accuracy", Assert.Single(Codesign.Run(_here, "select", "a", "--objective", "max accuracy").Ended(2).Findings), StringComparison.Ordinal);
    }

    [Fact]
    public void Whether_a_device_holds_a_design_can_be_asked_of_the_sweep_or_afterwards()
    {
        // A second opinion: codesign area --device, whose exit code says whether the design fits.
        string[] rows = ["4", "64"], columns = ["8", "16"];
        string[] fitting =
        [
            .. rows.SelectMany(row => columns.Select(column => (row, column))).Where(shape =>
            {
                _here.Write("shape.yaml", $"base: {House.Repository.PathOf("configs/accelerators/" + Design + ".yaml")}\narray: {{rows: {shape.row}, columns: {shape.column}}}\n");
                return Codesign.Run(_here, "area", "--accelerator", "shape.yaml", "--device", "zu3eg").ExitCode == 0;
            }).Select(shape => $"{shape.row}x{shape.column}"),
        ];
        Assert.InRange(fitting.Length, 1, 3);
        _here.Write("fits.yaml", TimingSweep.Text(Axes.Replace("[4, 8, 16]", "[4, 64]", StringComparison.Ordinal), "constraints: [{fits: zu3eg}]\nmaximise: [frames_per_second]\n", Design));

        Codesign.Run(_here, "sweep", "fits.yaml", "--out", "fits").Succeeded();

        string[][] table = [.. _here.Read("fits/results.csv").Split(CsvLine.End, StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(','))];
        int At(string column) => Array.IndexOf(table[0], column);
        Assert.Equal(fitting, table.Skip(1).Where(row => row[At("feasible")] == "true").Select(row => $"{row[1]}x{row[2]}"));
        Assert.All(table.Skip(1), row => Assert.Equal(row[At("feasible")] == "true", double.Parse(row[At("device_share.zu3eg")], System.Globalization.CultureInfo.InvariantCulture) <= 1));

        // Frames follow each other at least as fast as inferences one by one.
        Assert.All(table.Skip(1), row => Assert.True(
            double.Parse(row[At("frames_per_second")], System.Globalization.CultureInfo.InvariantCulture) >= 1e6 / double.Parse(row[At("latency_us")], System.Globalization.CultureInfo.InvariantCulture)));

        // The first sweep did not ask for the device.
        JsonElement settings = Codesign.Run(_here, "select", "a", "--objective", "min latency_us", "--where", "fits(zu3eg)", "--json").Succeeded().Json.GetProperty("settings");
        _here.Write("chosen.yaml", $"base: {House.Repository.PathOf("configs/accelerators/" + Design + ".yaml")}\narray: {{rows: {settings.GetProperty("accelerator.array.rows").GetString()}, columns: {settings.GetProperty("accelerator.array.columns").GetString()}}}\n");
        Codesign.Run(_here, "area", "--accelerator", "chosen.yaml", "--device", "zu3eg").Succeeded();
    }

    [Fact]
    public void Sweeps_differ_by_their_points_and_a_tolerance_decides()
    {
        _here.Write("other.yaml", TimingSweep.Text(Axes.Replace("[4, 8, 16]", "[4, 8]", StringComparison.Ordinal), design: Design));
        Codesign.Run(_here, "sweep", "other.yaml", "--out", "b").Succeeded();

        JsonElement same = Codesign.Run(_here, "compare", "a", "a", "--json").Succeeded().Json;
        Assert.Equal((true, 0), (same.GetProperty("passed").GetBoolean(), same.GetProperty("differences").GetArrayLength()));
        JsonElement fewer = Codesign.Run(_here, "compare", "a", "b", "--json").Ended(1).Json;
        Assert.All(fewer.GetProperty("differences").EnumerateArray(), difference => Assert.StartsWith("accelerator.array.rows 16", difference.GetProperty("item").GetString(), StringComparison.Ordinal));

        string csv = _here.Read("b/results.csv");
        string[] row = csv.Split(CsvLine.End)[1].Split(',');
        int cycles = Array.IndexOf(csv.Split(CsvLine.End)[0].Split(','), "cycles_per_inference");
        string slower = string.Join(',', row.Select((field, i) => i == cycles ? (long.Parse(field, System.Globalization.CultureInfo.InvariantCulture) * 101 / 100).ToString(System.Globalization.CultureInfo.InvariantCulture) : field));
        Directory.CreateDirectory(_here.PathOf("c"));
        _here.Write("c/results.csv", csv.Replace(string.Join(',', row), slower, StringComparison.Ordinal));

        Codesign.Run(_here, "compare", "b", "c", "--tolerance", "0.02").Succeeded();
        CommandResult past = Codesign.Run(_here, "compare", "b", "c", "--tolerance", "0.005").Ended(1);
        Assert.Contains("1 figures differ, 1 by more than 0.5 %", past.Output, StringComparison.Ordinal);
        Assert.Contains("neither a run nor a sweep", Assert.Single(Codesign.Run(_here, "compare", "a", "nowhere").Ended(2).Findings), StringComparison.Ordinal);
    }
}

// SPDX-License-Identifier: Apache-2.0
using AccelModel.Costs;
using Cli.Devices;
using Cli.Sweeps.Metrics;
using Cli.Sweeps.Storage;
using Reports.Html;
using Reports.Sweeps;
using Reports.Tables;

namespace Cli.Sweeps;

/// <summary>A finished sweep.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Configuration">The resolved sweep and its hash.</param>
/// <param name="Row">Its lines in files.</param>
/// <param name="Tally">What its points came to.</param>
/// <param name="Trainings">Distinct trainings.</param>
public sealed record SweepResult(SweepSpec Sweep, SweepConfiguration Configuration, ResultRow Row, SweepTally Tally, int Trainings)
{
    /// <summary>Schedules that were made for points without values.</summary>
    public long Schedules { get; init; }

    /// <summary>Points that were measured.</summary>
    public long Measured => Tally.Counts[(int)OutcomeKind.Measured];

    /// <summary>Points that make no design that runs its network.</summary>
    public long Invalid => Tally.Counts[(int)OutcomeKind.Invalid];

    /// <summary>Points that went wrong.</summary>
    public long Failed => Tally.Counts[(int)OutcomeKind.Failed];

    /// <summary>The sweep as the report takes it.</summary>
    public SweepReportData Report()
    {
        IReadOnlyList<TriedPoint> front = Tally.Front;
        HashSet<string> onFront = [.. front.Select(point => point.Id)];
        IEnumerable<TriedPoint> shown = Tally.Shown.Where(point => !onFront.Contains(point.Id)).Concat(front).OrderBy(point => point.Id.Length).ThenBy(point => point.Id, StringComparer.Ordinal);
        return new()
        {
            Name = Sweep.Name,
            Description = Sweep.Description,
            ConfigSha256 = Configuration.Sha256,
            Metrics = [.. Row.Metrics.Select(metric => new SweepMetric(metric.Name, metric.Title, metric.Unit, metric.Style) { Provenance = ProvenanceOf(metric) })],
            Objectives = [.. Sweep.Objectives.Select(objective => new SweepGoal(Row.Metrics.IndexOf(objective.Metric), objective.Goal))],
            Points = [.. shown.Select(point => PointOf(point, onFront.Contains(point.Id)))],
            Measured = Measured,
            Feasible = Sweep.Constraints.IsEmpty ? null : Tally.Feasible,
            Failed = Invalid + Failed,
            Failures = [.. Tally.Refused.Select(point => new SweepFailure($"{point.Id} ({Describe(point)})", point.Outcome.Reason))],
            ColorBy = Sweep.ColorBy,
            PlotOver = Sweep.PlotOver,
            Limits = [.. Sweep.Constraints.Select(constraint => new SweepLimit(constraint.Text, Row.Metrics.IndexOf(constraint.Metric)))],
            Keys = [.. Sweep.Axes.Select(KeysOf)],
            Base = Path.GetFileName(Sweep.Experiment.Length > 0 ? Sweep.Experiment : Sweep.Accelerator),
            SeedSetting = Sweep.Axes.FirstOrDefault(axis => axis.Keys is [SeedKey])?.Name,
            ResolvedYaml = Configuration.Yaml,
        };
    }

    /// <summary>In a word each, what figures rest on that are not counted.</summary>
    public string Basis => string.Join(", ", Row.Metrics.Where(metric => metric.Name is "area.lut" or "energy_nj" or "latency_us" || metric.Family is not null)
        .Select(metric => (Title: metric.Name == "latency_us" ? "clock" : metric.Title, ProvenanceOf(metric)!.Label)).GroupBy(entry => entry.Label)
        .Select(group => $"{string.Join(" and ", group.Select(entry => entry.Title))} {group.Key}"));

    private const string SeedKey = "training.seed";

    private static Reports.Html.Provenance? ProvenanceOf(Metric metric) => metric switch
    {
        { Name: "float_accuracy" or "trained_accuracy" } => new(ProvenanceKind.Measured, "counted on the test images, in floating point"),
        { Name: "training_epochs" } => new(ProvenanceKind.Measured, "counted while the network was trained"),
        { Source: MetricSource.Values } => new(ProvenanceKind.Measured, "counted on the test images, bit by bit as the RTL"),
        { Name: "cycles_per_inference" or "cycles_per_frame" or "first_frame_cycles" or "utilization" or "arithmetic_intensity" or "dram_read_bytes" or "dram_write_bytes" } or { Details: PointDetails.Layers, Unit: not "nJ" } => new(ProvenanceKind.Measured, "counted by the cycle-exact model"),
        { Name: "macs" } => new(ProvenanceKind.Measured, "counted from the network"),
        { Name: "latency_us" or "frames_per_second" or "clock_mhz" } => new(ProvenanceKind.Assumed, "clock_mhz of the accelerator file"),
        { Unit: "nJ" } => new(Enum.Parse<ProvenanceKind>(EnergyModel.Provenance.ToString()), "docs/costs.md"),
        { Name: "area.memory_bits" } => new(ProvenanceKind.Measured, "counted from the sizes in the accelerator file"),
        { Name: "fmax_mhz" } => new(ProvenanceKind.Estimated, "the mean of placed designs, docs/area.md"),
        { Source: MetricSource.Design } => DesignArea.Shown(metric.Family ?? DesignArea.DefaultTarget, metric.Name switch
        {
            "area.flip_flops" => AreaResource.FlipFlops,
            "area.dsp" => AreaResource.Dsp,
            "area.bram" => AreaResource.BlockRam,
            _ => AreaResource.Lut,
        }),
        _ => null,
    };

    private static SweepKeys KeysOf(SweepAxis axis) =>
        new(axis.Keys, axis.Values.DistinctBy(value => NumberText.Machine(Shown(axis, value.Label))).ToDictionary(value => NumberText.Machine(Shown(axis, value.Label)), value => (IReadOnlyList<string>)[.. value.ByKey.Select(node => node.Text)]));

    /// <summary>A value as it is read: a file by its name alone, where no other of the axis has it; of a list with files each different text once.</summary>
    private static Cell Shown(SweepAxis axis, string label)
    {
        static string Name(string path) => Path.GetFileName(path) is string file && file.EndsWith(".yaml", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(file) : Path.GetFileName(path);
        if (label.Contains('/') && axis.Values.First(value => value.Label == label) is { ByKey: [_, _, ..] } list && list.ByKey.Any(node => node.Text != label))
        {
            static string Short(SweepValue value) => string.Join(", ", value.ByKey.Select(node => Name(node.Text)).Distinct());
            return axis.Values.Count(value => Short(value) == Short(list)) == 1 ? Short(list) : label;
        }

        return label.Contains('/') && axis.Values.Count(value => Name(value.Label) == Name(label)) == 1 ? Name(label) : SweepValue.CellOf(label);
    }

    private SweepPoint PointOf(TriedPoint point, bool onFront) => new()
    {
        Id = point.Id,
        Settings = [.. Sweep.Axes.Zip(point.Labels, (axis, label) => new SweepSetting(axis.Name, axis.Unit, label.Length == 0 ? default : Shown(axis, label)))],
        Figures = [.. Row.Metrics.Zip(point.Outcome.Figures, (metric, value) => metric.CellOf(value))],
        IsFeasible = point.IsFeasible,
        OnFront = onFront,
    };

    private string Describe(TriedPoint point) => string.Join(", ", Sweep.Axes.Zip(point.Labels).Where(entry => entry.Second.Length > 0).Select(entry => $"{entry.First.Name} {entry.Second}"));
}

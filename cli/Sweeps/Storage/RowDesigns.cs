// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using Cli.CommandLine;
using Cli.Sweeps.Metrics;
using Cli.Sweeps.Space;
using Cli.Sweeps.Timing;

namespace Cli.Sweeps.Storage;

/// <summary>Figures of rows of a finished sweep, those included that are no column and follow from the design alone: whether a device holds it can be asked afterwards.</summary>
/// <param name="folder">The sweep's folder.</param>
/// <param name="table">Its table.</param>
public sealed class RowDesigns(SweepFolder folder, ResultTable table)
{
    private SweepSpec? _sweep;
    private SweepDesigns? _designs;

    /// <summary>Whether a metric can be told.</summary>
    public bool Knows(Metric metric) => table.Metrics.Contains(metric) || metric.OfDesign is not null;

    /// <summary>A metric of a row; null where it is not known.</summary>
    /// <exception cref="CommandException">The sweep's file is not there any more, or has other axes.</exception>
    public double? ValueOf(IReadOnlyList<string> row, Metric metric) =>
        metric.OfDesign is null || table.Metrics.Contains(metric) ? table.ValueOf(row, metric) : metric.OfDesign(DesignOf(row));

    /// <summary>The coordinates whose texts stand in a row.</summary>
    /// <exception cref="CommandException">The sweep has other axes.</exception>
    public static int[] Find(SweepSpec sweep, SweepFolder folder, IReadOnlyList<string> texts)
    {
        int[] point = new int[sweep.Axes.Length];
        int column = 0;
        bool same = texts.Count == sweep.Axes.Sum(axis => axis.Keys.Length);
        for (int a = 0; same && a < point.Length; a++)
        {
            SweepAxis axis = sweep.Axes[a];
            string[] wanted = [.. texts.Skip(column).Take(axis.Keys.Length)];
            point[a] = wanted.All(text => text.Length == 0) ? PointSpace.Absent : axis.Values.ToList().FindIndex(value => value.ByKey.Select(node => node.Text).SequenceEqual(wanted));
            same = point[a] >= 0 || wanted.All(text => text.Length == 0);
            column += axis.Keys.Length;
        }

        return same ? point : throw new CommandException(ExitCode.BadInput, $"{sweep.File}: has other axes than {folder.Results}; resume the sweep first");
    }

    private AcceleratorSpec DesignOf(IReadOnlyList<string> row)
    {
        _sweep ??= folder.Load();
        int[] point = Find(_sweep, folder, table.KeysOf(row));
        string problem = "";
        AcceleratorSpec? design = _sweep.NeedsValues ? SweepGrid.PointOf(_sweep, row[0], point).Experiment?.Accelerator : (_designs ??= new(_sweep)).Of(point, out problem);
        return design ?? throw new CommandException(ExitCode.BadInput, $"{folder.Results}: {row[0]} makes no design any more: {problem}");
    }
}

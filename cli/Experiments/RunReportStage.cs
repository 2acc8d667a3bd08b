// SPDX-License-Identifier: Apache-2.0
using AccelModel.Costs;
using AccelModel.Networks;
using AccelModel.Scheduling;
using AccelModel.Simulation;
using AccelModel.Specification.Yaml;
using Cli.Devices;
using Reports.Figures;
using Reports.Html;
using Reports.Runs;

namespace Cli.Experiments;

/// <summary>What the report shows beyond the summary.</summary>
public sealed record ReportInputs
{
    /// <summary>The experiment's sentence.</summary>
    public required string Description { get; init; }

    /// <summary>The resolved configuration.</summary>
    public required string ResolvedYaml { get; init; }

    /// <summary>What training and lowering said; null where nothing was trained.</summary>
    public required TrainingOutcome? Training { get; init; }

    /// <summary>Real numbers and codes on so many test images.</summary>
    public required Func<int, TrainedGrids> Grids { get; init; }

    /// <summary>Schedule, timing, values and classes.</summary>
    public required SimulationOutcome Simulation { get; init; }

    /// <summary>The test images.</summary>
    public required TestSet Test { get; init; }
}

/// <summary>Writes <c>report.html</c> and <c>figures/</c>.</summary>
public static class RunReportStage
{
    private const int MisclassifiedShown = 30;

    /// <summary>Writes the report of one run, and the data that it can be drawn from again; returns the page's path.</summary>
    public static string Write(RunSummary summary, ReportInputs inputs, RunFolder folder)
    {
        RunReportData data = Data(summary, inputs);
        ReportDataFile.Save(folder.ReportData, data);
        return ReportFiles.Write(RunReport.Build(data), folder.Root, FigureRenderers.Default);
    }

    private static RunReportData Data(RunSummary summary, ReportInputs inputs)
    {
        Schedule schedule = inputs.Simulation.Schedule;
        AreaSummary area = summary.Area;
        Reports.Html.Provenance Basis(AreaResource resource)
        {
            Reports.Html.Provenance shown = DesignArea.Shown(DesignArea.DefaultTarget, resource);
            return shown with { Detail = $"{area.Target}, {shown.Detail}" };
        }

        Reports.Html.Provenance counted = new(ProvenanceKind.Measured, "sizes of the accelerator file");
        int images = CodeHistograms.Images(schedule, inputs.Test.Images);
        TrainedGrids grids = inputs.Grids(images);
        return new()
        {
            Name = summary.Name,
            Description = inputs.Description,
            ConfigSha256 = summary.ConfigSha256,
            Accuracy = new(summary.FloatAccuracy, summary.TrainedAccuracy, summary.QuantizedAccuracy, summary.IntegerAccuracy),
            TestImages = summary.TestImages,
            ClockMhz = summary.ClockMhz,
            ClockProvenance = new(ProvenanceKind.Assumed, "clock_mhz of the accelerator file"),
            CyclesPerInference = summary.CyclesPerInference,
            LatencyUs = summary.LatencyUs,
            FramesPerSecond = summary.FramesPerSecond,
            Utilization = summary.Utilization,
            Area =
            [
                new("look-up tables", area.Lut, "LUT", Basis(AreaResource.Lut)),
                new("flip-flops", area.FlipFlops, "FF", Basis(AreaResource.FlipFlops)),
                new("multiplier blocks", area.Dsp, "DSP", Basis(AreaResource.Dsp)),
                new("memory blocks", area.Bram, "BRAM", Basis(AreaResource.BlockRam)),
                new("buffers", area.MemoryBits / 1024, "Kibit", counted),
            ],
            Layers = [.. summary.Layers.Select(Layer)],
            MacsPerCycle = schedule.Accelerator.ProductsPerCycle,
            PortBytesPerCycle = schedule.Accelerator.Memory.BytesPerCycle,
            EnergySource = EnergyTechnology.Horowitz45.Name,
            ObservedImages = summary.ObservedImages,
            Training = inputs.Training?.Curve ?? [],
            Ranges = inputs.Training?.Ranges ?? [],
            ConfusionMatrix = inputs.Simulation.Classification.Confusion(inputs.Test.Labels, inputs.Test.ClassNames.Count),
            ClassNames = inputs.Test.ClassNames,
            Misclassified = Misclassified(inputs),
            Verification = summary.Verification is VerificationSummary check ? new(check.Simulator, check.Vectors, check.BitMismatches, check.CycleMismatches) : null,
            Timeline = [.. inputs.Simulation.Timing.Timeline.Select(item => Interval(item, schedule))],
            WeightHistograms = CodeHistograms.Weights(schedule.Network),
            ActivationHistograms = CodeHistograms.Activations(schedule, inputs.Test, images),
            WeightGrids = grids.Weights,
            ActivationGrids = grids.Activations,
            ActivationImages = images,
            ResolvedYaml = inputs.ResolvedYaml,
        };
    }

    private static LayerRow Layer(LayerSummary layer) => new()
    {
        Name = layer.Name,
        Kind = layer.Kind,
        Macs = layer.Macs,
        Cycles = layer.Cycles,
        Utilization = layer.Utilization,
        StallCycles = layer.StallCycles,
        DramReadBytes = layer.DramReadBytes,
        DramWriteBytes = layer.DramWriteBytes,
        EnergyNj = layer.EnergyNj,
        ArithmeticIntensity = layer.ArithmeticIntensity,
        AttainableMacsPerCycle = layer.AttainableMacsPerCycle,
        Widths = layer.Widths is WidthSummary widths
            ? new(widths.TypeBoundBits, widths.WeightBoundBits, widths.ObservedPartialSumBits, widths.ObservedAccumulatorBits, widths.PartialSumBits, widths.AccumulatorBits, widths.Sufficient)
            : null,
        Overflows = layer.Overflows,
        FirstOverflow = layer.FirstOverflow is OverflowSummary first
            ? FormattableString.Invariant($"image {first.Image}, row {first.Row}, column {first.Column}, channel {first.Channel}, k {first.K} ({first.Stage})")
            : "",
    };

    private static TimelineInterval Interval(TimelineEvent item, Schedule schedule)
    {
        string layer = schedule.Network.Layers[item.Layer].Name;
        return new(EnumNames.Of(item.Unit), FormattableString.Invariant($"{layer}, instruction {item.Index}"), item.Start, item.End + 1, layer);
    }

    /// <summary>Images that the report can draw: 28 x 28 in grey.</summary>
    private static IReadOnlyList<MisclassifiedImage> Misclassified(ReportInputs inputs)
    {
        TensorSpec input = inputs.Simulation.Schedule.Network.Input;
        if (input is not { Height: 28, Width: 28, Channels: 1 })
        {
            return [];
        }

        int[] predicted = inputs.Simulation.Classification.Predicted;
        return
        [
            .. Enumerable.Range(0, inputs.Test.Images)
                .Where(image => predicted[image] != inputs.Test.Labels[image])
                .Take(MisclassifiedShown)
                .Select(image => new MisclassifiedImage(
                    Array.ConvertAll(inputs.Test.Codes[(image * input.Elements)..((image + 1) * input.Elements)], code => (byte)code),
                    inputs.Test.Labels[image], predicted[image])),
        ];
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Reports.Figures;
using Reports.Html;
using Reports.Tables;

namespace Reports.Runs;

/// <summary>The report of one experiment.</summary>
public static class RunReport
{
    private const int ImageSide = 28;

    /// <summary>Arranges the results into a document; sections without data are left out.</summary>
    public static ReportDocument Build(RunReportData data) => new()
    {
        Kind = "Run report",
        Title = data.Name,
        Subtitle = data.Description,
        ConfigSha256 = data.ConfigSha256,
        Verdicts = Verdicts(data),
        Sections = new[]
        {
            new ReportSection("Summary", [new SummaryBlock(RunSummary.Groups(data))]),
            data.Comparison is RunComparison comparison ? RunChanges.Section(comparison) : null,
            Layers(data),
            Energy(data),
            Widths(data),
            Timeline(data),
            Training(data),
            Sensitivity(data),
            Mistakes(data),
            Weights(data),
            Activations(data),
            Area(data),
            Configuration(data),
        }.OfType<ReportSection>().ToList(),
    };

    private static List<Verdict> Verdicts(RunReportData data)
    {
        var verdicts = new List<Verdict>();
        if (data.Verification is VerificationResult rtl)
        {
            bool equal = rtl.BitMismatches == 0 && rtl.CycleMismatches == 0;
            string vectors = NumberText.Human(rtl.Vectors);
            verdicts.Add(new Verdict(equal && rtl.Vectors > 0, equal
                ? $"RTL equal in every bit and cycle: {vectors} vectors in {rtl.Simulator}"
                : $"RTL differs: {NumberText.Human(rtl.BitMismatches)} bit and {NumberText.Human(rtl.CycleMismatches)} cycle mismatches in {vectors} vectors, {rtl.Simulator}"));
        }

        if (data.Accuracy is { Quantized: double quantized, Integer: double integer })
        {
            verdicts.Add(new Verdict(quantized == integer, quantized == integer
                ? "quantized and integer accuracy agree"
                : "quantized and integer accuracy differ"));
        }

        return verdicts;
    }

    private static ReportSection? Layers(RunReportData data)
    {
        if (data.Layers.Count == 0)
        {
            return null;
        }

        var figures = new[] { RunFigures.Cycles(data), RunFigures.Utilization(data), RunFigures.Traffic(data), RunFigures.Overflows(data) }.OfType<Figure>().ToList();
        return new ReportSection("Layers", [new FigureBlock(figures), new TableBlock(RunTables.Layers(data))])
        {
            Note = "One inference, layer by layer. Overflows are counted over all test images.",
        };
    }

    private static ReportSection? Energy(RunReportData data) => RunFigures.Energy(data) is not Figure energy ? null
        : new ReportSection("Energy and roofline", [new FigureBlock(new[] { energy, RunFigures.Roofline(data) }.OfType<Figure>().ToList()), new TableBlock(RunTables.Energy(data))])
        {
            Note = $"Counts of the simulation times energies of operations, {data.EnergySource}: assumed, without clock tree, control and leakage.",
        };

    private static ReportSection? Widths(RunReportData data) => RunFigures.Widths(data) is not Figure figure ? null
        : new ReportSection("Accumulator widths", [new FigureBlock([figure]), new TableBlock(RunTables.Widths(data))])
        {
            Note = $"Type bound: for all weights and codes of their formats. Weight bound: for these weights and all codes. Observed: on the first {NumberText.Human(data.ObservedImages)} test images.",
        };

    private static ReportSection? Timeline(RunReportData data) =>
        RunFigures.Timeline(data) is Figure figure ? new ReportSection("Timeline", [new FigureBlock([figure])]) : null;

    private static ReportSection? Training(RunReportData data) => RunFigures.Loss(data) is Figure loss
        ? new ReportSection("Training", [new FigureBlock([loss, .. RunFigures.Validation(data) is Figure validation ? [validation] : Array.Empty<Figure>(), .. QuantizationFigures.Ranges(data)])])
        : null;

    private static ReportSection? Sensitivity(RunReportData data) => data.Sensitivity is SensitivityData sensitivity
        ? new ReportSection("Sensitivity", [new FigureBlock([.. QuantizationFigures.Sensitivity(sensitivity)]), new TableBlock(RunTables.Sensitivity(sensitivity))])
        {
            Note = "The real weights of the trained network, quantised after training with steps from the largest magnitude: which layers need their bits, and which do not.",
        }
        : null;

    private static ReportSection? Mistakes(RunReportData data)
    {
        var blocks = new List<ReportBlock>();
        if (data.ConfusionMatrix is int[,] counts)
        {
            IReadOnlyList<string> names = data.ClassNames ?? Enumerable.Range(0, counts.GetLength(0)).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToList();
            blocks.Add(new ConfusionBlock(counts, names));
        }

        if (data.Misclassified.Count > 0)
        {
            blocks.Add(new ImagesBlock(data.Misclassified.Select(m => new GrayImage(m.Pixels, ImageSide, ImageSide, $"{ClassName(data, m.Label)}, taken for {ClassName(data, m.Predicted)}")).ToList()));
        }

        return blocks.Count == 0 ? null : new ReportSection("Mistakes", blocks);
    }

    private static string ClassName(RunReportData data, int index) => data.ClassNames?[index] ?? index.ToString(CultureInfo.InvariantCulture);

    private static ReportSection? Weights(RunReportData data) => data.WeightGrids.Count > 0
        ? new ReportSection("Weights", [new FigureBlock(data.WeightGrids.Select(QuantizationFigures.Weights).ToList())])
        {
            Note = "The real weights behind the trained codes, in units of their step, and the codes that became of them. Where rounding does nothing else, both have the same height.",
        }
        : data.WeightHistograms.Count == 0 ? null
        : new ReportSection("Weights", [new FigureBlock(data.WeightHistograms.Select(RunFigures.Weights).ToList())]);

    private static ReportSection? Activations(RunReportData data) => data.ActivationGrids.Count > 0
        ? new ReportSection("Activations", [new FigureBlock(data.ActivationGrids.Select(QuantizationFigures.Activations).ToList())])
        {
            Note = $"What each layer rounds to its output, before pooling, in units of the output's step, and the codes that it becomes; on the first {NumberText.Human(data.ActivationImages)} test images. Zeros are spread over the bar of their code; sums further out are in no bin.",
        }
        : data.ActivationHistograms.Count == 0 ? null
        : new ReportSection("Activations", [new FigureBlock(data.ActivationHistograms.Select(RunFigures.Activations).ToList())])
        {
            Note = $"Codes that each layer stores, on the first {NumberText.Human(data.ActivationImages)} test images.",
        };

    private static ReportSection? Area(RunReportData data) => data.Area.Count == 0 ? null : new ReportSection("Area", [new TableBlock(RunTables.Area(data))]);

    private static ReportSection? Configuration(RunReportData data) => data.ResolvedYaml.Length == 0
        ? null
        : new ReportSection("Configuration", [new VerbatimBlock("Resolved configuration", data.ResolvedYaml, data.ConfigSha256)]);
}

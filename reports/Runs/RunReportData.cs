// SPDX-License-Identifier: Apache-2.0
using Reports.Html;

namespace Reports.Runs;

/// <summary>Everything a report of one experiment shows. Lists may be empty and optional values null: their sections are left out.</summary>
public sealed record RunReportData
{
    /// <summary>The experiment's name.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence on what ran: "lenet5, W4A4, on an 8 x 8 weight-stationary array"; empty for none.</summary>
    public string Description { get; init; } = "";

    /// <summary>SHA-256 of the resolved configuration, in hexadecimal.</summary>
    public required string ConfigSha256 { get; init; }

    /// <summary>The accuracies on the test images.</summary>
    public required Accuracies Accuracy { get; init; }

    /// <summary>How many test images the accuracies are over.</summary>
    public required int TestImages { get; init; }

    /// <summary>Clock frequency in MHz.</summary>
    public required double ClockMhz { get; init; }

    /// <summary>Where the clock frequency comes from.</summary>
    public required Provenance ClockProvenance { get; init; }

    /// <summary>Cycles of one inference with nothing resident, from start to the last store's completion.</summary>
    public required long CyclesPerInference { get; init; }

    /// <summary>Time of one inference in microseconds.</summary>
    public required double LatencyUs { get; init; }

    /// <summary>Inferences per second, back to back.</summary>
    public required double FramesPerSecond { get; init; }

    /// <summary>Multiply-accumulates done per multiply-accumulate possible, 0 to 1.</summary>
    public required double Utilization { get; init; }

    /// <summary>The area, one row per resource.</summary>
    public IReadOnlyList<AreaRow> Area { get; init; } = [];

    /// <summary>The layers, in execution order.</summary>
    public IReadOnlyList<LayerRow> Layers { get; init; } = [];

    /// <summary>Multiply-accumulates per cycle of the whole array: the flat part of the roofline; 0 where it is not known.</summary>
    public double MacsPerCycle { get; init; }

    /// <summary>Bytes per cycle of the memory port: the slope of the roofline.</summary>
    public double PortBytesPerCycle { get; init; }

    /// <summary>Where the energies of operations come from.</summary>
    public string EnergySource { get; init; } = "";

    /// <summary>Test images whose sums the observed widths are of.</summary>
    public int ObservedImages { get; init; }

    /// <summary>The course of training, in order of epochs.</summary>
    public IReadOnlyList<TrainingPoint> Training { get; init; } = [];

    /// <summary>What the codes of each tensor reached to after each epoch with quantisers.</summary>
    public IReadOnlyList<RangePoint> Ranges { get; init; } = [];

    /// <summary>Accuracy with fewer bits in one tensor alone; null where it was not measured.</summary>
    public SensitivityData? Sensitivity { get; init; }

    /// <summary>Counts[actual, predicted] on the test images, or null.</summary>
    public int[,]? ConfusionMatrix { get; init; }

    /// <summary>Names of the classes; null numbers them from 0.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Some of the images that the accelerator got wrong.</summary>
    public IReadOnlyList<MisclassifiedImage> Misclassified { get; init; } = [];

    /// <summary>The comparison with the RTL, or null where none was made.</summary>
    public VerificationResult? Verification { get; init; }

    /// <summary>What each unit did during the first inference.</summary>
    public IReadOnlyList<TimelineInterval> Timeline { get; init; } = [];

    /// <summary>How often each weight code occurs, per layer.</summary>
    public IReadOnlyList<WeightHistogram> WeightHistograms { get; init; } = [];

    /// <summary>How often the codes that each layer stores occur, on some of the test images.</summary>
    public IReadOnlyList<WeightHistogram> ActivationHistograms { get; init; } = [];

    /// <summary>The real weights of each trained layer in units of their step, beside their codes; empty where nothing was trained.</summary>
    public IReadOnlyList<GridHistogramData> WeightGrids { get; init; } = [];

    /// <summary>The same of what each trained layer rounds to its output, on some of the test images.</summary>
    public IReadOnlyList<GridHistogramData> ActivationGrids { get; init; } = [];

    /// <summary>Test images that <see cref="ActivationHistograms"/> and <see cref="ActivationGrids"/> are over.</summary>
    public int ActivationImages { get; init; }

    /// <summary>What differs from an earlier run; null where none was named.</summary>
    public RunComparison? Comparison { get; init; }

    /// <summary>The resolved experiment, every default spelled out; empty for none.</summary>
    public string ResolvedYaml { get; init; } = "";
}

/// <summary>Fractions of the test images classified rightly; null where the form was not evaluated.</summary>
/// <param name="Float">The floating-point network.</param>
/// <param name="Trained">The fake-quantised network in floating point.</param>
/// <param name="Quantized">The integer codes evaluated in the training library.</param>
/// <param name="Integer">The accelerator.</param>
public sealed record Accuracies(double? Float, double? Trained, double? Quantized, double? Integer);

/// <summary>One resource of the area estimate.</summary>
/// <param name="Resource">"LUT", "flip-flop", "DSP", "block RAM".</param>
/// <param name="Amount">How many.</param>
/// <param name="Unit">The unit of the amount, or empty for a count.</param>
/// <param name="Provenance">Where the amount comes from.</param>
public sealed record AreaRow(string Resource, double Amount, string Unit, Provenance Provenance);

/// <summary>One layer's share of an inference.</summary>
public sealed record LayerRow
{
    /// <summary>The layer's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it does: "conv2d", "dense", "max_pool".</summary>
    public required string Kind { get; init; }

    /// <summary>Multiply-accumulates.</summary>
    public required long Macs { get; init; }

    /// <summary>Cycles from the layer's start to its end; stalls are included.</summary>
    public required long Cycles { get; init; }

    /// <summary>Multiply-accumulates done per multiply-accumulate possible, 0 to 1.</summary>
    public required double Utilization { get; init; }

    /// <summary>Cycles lost, by cause. Causes are shown in their order of first appearance.</summary>
    public IReadOnlyDictionary<string, long> StallCycles { get; init; } = new Dictionary<string, long>();

    /// <summary>Bytes read from DRAM.</summary>
    public long DramReadBytes { get; init; }

    /// <summary>Bytes written to DRAM.</summary>
    public long DramWriteBytes { get; init; }

    /// <summary>Energy by component in nanojoules, in their order of first appearance; empty for a layer that is fused into another.</summary>
    public IReadOnlyDictionary<string, double> EnergyNj { get; init; } = new Dictionary<string, double>();

    /// <summary>Multiply-accumulates per byte of external memory; 0 where there are none.</summary>
    public double ArithmeticIntensity { get; init; }

    /// <summary>Multiply-accumulates per cycle that the roofline allows at this intensity.</summary>
    public double AttainableMacsPerCycle { get; init; }

    /// <summary>Sufficient widths of the sums; null for a layer without products.</summary>
    public LayerWidths? Widths { get; init; }

    /// <summary>Accumulator overflows over all test images.</summary>
    public long Overflows { get; init; }

    /// <summary>Where the first overflow happened: "image 3, output 17, k 204"; empty for none.</summary>
    public string FirstOverflow { get; init; } = "";
}

/// <summary>Bits that a layer's sums need so that nothing overflows, beside what the design has.</summary>
/// <param name="TypeBound">For all weights and codes of their formats.</param>
/// <param name="WeightBound">For the layer's weights and all codes.</param>
/// <param name="ObservedPartialSum">For the partial sums of the observed images.</param>
/// <param name="ObservedAccumulator">For their accumulators.</param>
/// <param name="PartialSum">Of the design's partial sums.</param>
/// <param name="Accumulator">Of the design's accumulators.</param>
/// <param name="Sufficient">"always", "observed" (for the observed images only) or "no".</param>
public sealed record LayerWidths(int TypeBound, int WeightBound, int ObservedPartialSum, int ObservedAccumulator, int PartialSum, int Accumulator, string Sufficient);

/// <summary>The state of training after an epoch.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="TrainLoss">Mean loss over the epoch.</param>
/// <param name="ValidationAccuracy">Fraction of the validation images classified rightly; null where a data set is too small to have any.</param>
public sealed record TrainingPoint(int Epoch, double TrainLoss, double? ValidationAccuracy);

/// <summary>What the codes of a tensor reach to after an epoch.</summary>
/// <param name="Epoch">Number of the epoch, from 1, those in floating point included.</param>
/// <param name="Layer">The layer's name.</param>
/// <param name="OfWeights">Whether it is of the weights, else of the output.</param>
/// <param name="Limit">The greatest value that has a code.</param>
public sealed record RangePoint(int Epoch, string Layer, bool OfWeights, double Limit);

/// <summary>Accuracy after training, without more of it, where one tensor alone has fewer bits.</summary>
/// <param name="OtherBits">Bits of all other tensors.</param>
/// <param name="Reference">Accuracy with these bits everywhere, 0 to 1.</param>
/// <param name="Images">Images that it was measured on.</param>
/// <param name="Points">The measurements.</param>
public sealed record SensitivityData(int OtherBits, double Reference, int Images, IReadOnlyList<SensitivityPoint> Points);

/// <summary>One measurement.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="OfWeights">Whether its weights have the bits, else its output.</param>
/// <param name="Bits">Their bits.</param>
/// <param name="Accuracy">Share of the images that are right.</param>
public sealed record SensitivityPoint(string Layer, bool OfWeights, int Bits, double Accuracy);

/// <summary>Real numbers in units of their step beside the codes that became of them; both as shares of all, the real ones per <paramref name="CodesPerBar"/> codes.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="FirstCode">The code of the first share.</param>
/// <param name="CodesPerBar">Codes whose shares are added up.</param>
/// <param name="CodeShares">Share for each code, or for so many.</param>
/// <param name="FirstRatio">The real number in the middle of the first bin.</param>
/// <param name="BinWidth">From bin to bin.</param>
/// <param name="RealShares">Density for each bin.</param>
public sealed record GridHistogramData(string Layer, int FirstCode, int CodesPerBar, IReadOnlyList<double> CodeShares, double FirstRatio, double BinWidth, IReadOnlyList<double> RealShares);

/// <summary>An image that the accelerator got wrong.</summary>
/// <param name="Pixels">28 x 28 bytes row by row, 0 black to 255 white.</param>
/// <param name="Label">The actual class.</param>
/// <param name="Predicted">The class it was taken for.</param>
public sealed record MisclassifiedImage(byte[] Pixels, int Label, int Predicted);

/// <summary>The outcome of comparing model and RTL.</summary>
/// <param name="Simulator">The RTL simulator and its version.</param>
/// <param name="Vectors">Vectors compared.</param>
/// <param name="BitMismatches">Vectors with a wrong output.</param>
/// <param name="CycleMismatches">Vectors with a wrong cycle count.</param>
public sealed record VerificationResult(string Simulator, long Vectors, long BitMismatches, long CycleMismatches);

/// <summary>A unit at work during [<paramref name="StartCycle"/>, <paramref name="EndCycle"/>).</summary>
/// <param name="Unit">"load", "array", "vector", "store".</param>
/// <param name="Label">What it did: "conv1 tile 3".</param>
/// <param name="StartCycle">First cycle at work.</param>
/// <param name="EndCycle">First cycle no longer at work.</param>
/// <param name="Group">What the colour stands for, usually the layer; empty for one colour.</param>
public sealed record TimelineInterval(string Unit, string Label, long StartCycle, long EndCycle, string Group = "");

/// <summary>How often codes occur in a layer.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="FirstCode">The least code that Counts[0] counts.</param>
/// <param name="Counts">Occurrences of consecutive codes, or of as many as <paramref name="Step"/> together.</param>
/// <param name="Step">Codes that are counted together.</param>
public sealed record WeightHistogram(string Layer, int FirstCode, IReadOnlyList<long> Counts, int Step = 1);

/// <summary>A run against an earlier one.</summary>
/// <param name="Before">Name of the earlier run.</param>
/// <param name="Compared">Figures that were compared.</param>
/// <param name="Changes">Those that differ.</param>
public sealed record RunComparison(string Before, int Compared, IReadOnlyList<RunChange> Changes);

/// <summary>A figure that two runs do not share.</summary>
/// <param name="Item">"inference", or a layer.</param>
/// <param name="Metric">The figure's name.</param>
/// <param name="Before">Its value in the earlier run; null where it is not there.</param>
/// <param name="After">Its value in this run; null where it is not there.</param>
/// <param name="Change">Difference over the earlier value; null where either is not there, or where that is 0.</param>
public sealed record RunChange(string Item, string Metric, double? Before, double? After, double? Change);

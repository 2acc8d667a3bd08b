// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Serialization;
using AccelModel.Numerics;

namespace NnTrain.Specification;

/// <summary>How the scale of a tensor is found.</summary>
public enum RangeKind
{
    /// <summary>Largest magnitude: of the weights now; of all activations seen in training.</summary>
    MinMax,

    /// <summary>Exponential moving average of the largest magnitude of each batch (Jacob et al. 2018).</summary>
    MovingAverage,

    /// <summary>The step is a parameter, trained with the weights (LSQ; Esser et al. 2020).</summary>
    LearnedStep,

    /// <summary>The clipping level of the activation is a parameter (PACT; Choi et al. 2018).</summary>
    Pact,

    /// <summary>Weights squeezed by tanh into [-1, 1], activations clipped to [0, 1] (DoReFa-Net; Zhou et al. 2016).</summary>
    Dorefa,

    /// <summary>Mean magnitude of the weights, the least-squares scale of signs (XNOR-Net; Rastegari et al. 2016).</summary>
    MeanMagnitude,

    /// <summary>The constant 1 (BinaryNet; Courbariaux et al. 2016).</summary>
    Unit,

    /// <summary>Values from -1 or 0 to 1, or to the limit that the sentence names, clipped (WRPN; Mishra et al. 2018).</summary>
    Fixed,

    /// <summary>Weights beyond 0.7 of the mean magnitude are kept (Ternary Weight Networks; Li et al. 2016).</summary>
    TernaryThreshold,

    /// <summary>A line in two moments of the weights (SAWB; Choi et al. 2018).</summary>
    Sawb,

    /// <summary>The power of two near the largest weight of the float network (INQ; Zhou et al. 2017).</summary>
    PowerOfTwo,

    /// <summary>A codebook by k-means, whose values are trained (Deep Compression; Han et al. 2016).</summary>
    KMeans,

    /// <summary>A codebook of several weights each, by the least error of the layer's outputs, whose values are trained (Stock et al. 2020).</summary>
    ProductCodebook,

    /// <summary>Found once: the magnitude that the share <c>percentile</c> of all values does not exceed.</summary>
    Percentile,

    /// <summary>Found once: as many integer bits as the largest value needs (Ristretto; Gysel et al. 2016).</summary>
    IntegerLength,

    /// <summary>Found once: so many standard deviations from the mean (Distiller's N_STD).</summary>
    Deviations,

    /// <summary>Found once: mean over images of the largest activation (Distiller's AVG).</summary>
    MeanOfMaxima,

    /// <summary>Found once: the step of least squared error.</summary>
    LeastSquares,

    /// <summary>Found once: the step of least absolute error (Qiu et al. 2016).</summary>
    LeastAbsolute,

    /// <summary>Found once: the clipping level of least Kullback-Leibler divergence (Migacz 2017).</summary>
    Entropy,

    /// <summary>Found once: the clipping level of least noise for normal values (ACIQ; Banner et al. 2019).</summary>
    AciqGauss,

    /// <summary>Found once: the clipping level of least noise for Laplace-distributed values (ACIQ; Banner et al. 2019).</summary>
    AciqLaplace,

    /// <summary>Found once: the step of Max's optimal uniform quantiser of normal values (Lin et al. 2016).</summary>
    NormalOptimum,

    /// <summary>Ternary weights whose positive and negative value are trained (TTQ; Zhu et al. 2017).</summary>
    TrainedTernary,

    /// <summary>Ternary weights whose threshold is trained, with the scale that follows for normal weights (He et al. 2019).</summary>
    TruncatedGaussian,

    /// <summary>The interval between nothing and everything is trained (QIL; Jung et al. 2019).</summary>
    LearnedInterval,

    /// <summary>Weights are sums of basis values with signs; the basis follows by least squares (LQ-Nets; Zhang et al. 2018).</summary>
    LearnedBasis,

    /// <summary>Signs of filters in several orientations of one that is trained, with their mean magnitude (CBCN; Liu et al. 2019).</summary>
    Circulant,

    /// <summary>Two basis values of least squared error (Pouransari et al. 2020).</summary>
    LeastSquaresLevels,

    /// <summary>Signs of shifted weights, with scales of least squared error (ABC-Net; Lin et al. 2017).</summary>
    ShiftedSigns,

    /// <summary>Steps for normal activations that are rectified (HWGQ; Cai et al. 2017).</summary>
    HalfWave,

    /// <summary>Two signs, the second of what the first leaves over, with factors that are trained (ReBNet; Ghasemzadeh et al. 2018).</summary>
    LearnedResidual,

    /// <summary>Two such signs with factors of least squared error (HORQ; Li et al. 2017).</summary>
    MeanResidual,

    /// <summary>The scale weighs weights by the second moment of their gradients (LAB, LAQ; Hou et al. 2017, 2018).</summary>
    LossAware,

    /// <summary>Weights of each channel are standardised; the scale is a power of two (IR-Net; Qin et al. 2020).</summary>
    Standardized,

    /// <summary>The scale of signs is trained (XNOR-Net++; Bulat and Tzimiropoulos 2019).</summary>
    LearnedScale,

    /// <summary>The norm of each output channel's weights is trained and bounded, so that no sum leaves the accumulator (A2Q; Colbert et al. 2023).</summary>
    NormBound,

    /// <summary>The same of centred weights, whose norm may be twice as large (A2Q+; Colbert et al. 2024).</summary>
    CenteredNormBound,
}

/// <summary>What a codebook starts from.</summary>
public enum CodebookStart
{
    /// <summary>K-means.</summary>
    KMeans,

    /// <summary>Quantiles of the weights at equal distances (Polino et al. 2018).</summary>
    Quantiles,
}

/// <summary>Which of two texts a part follows, where they differ; the part says in what.</summary>
public enum Reading
{
    /// <summary>The paper's formula.</summary>
    Paper,

    /// <summary>What released code computes.</summary>
    Code,

    /// <summary>What a port computes that is much used.</summary>
    Port,
}

/// <summary>How the values of a range that has a few of them are fitted to weights.</summary>
public enum ValueFit
{
    /// <summary>Codes and values in turn, which ends where neither changes the other.</summary>
    Alternating,

    /// <summary>The least error of all ways to part the sorted magnitudes.</summary>
    Exact,

    /// <summary>One value after the other, each of what those before it leave over.</summary>
    Greedy,
}

/// <summary>Which integers a code can be.</summary>
public enum GridKind
{
    /// <summary><c>-2^(bits-1) .. 2^(bits-1)-1</c>.</summary>
    Signed,

    /// <summary><c>-(2^(bits-1)-1) .. 2^(bits-1)-1</c>: symmetric.</summary>
    SignedNarrow,

    /// <summary><c>0 .. 2^bits-1</c>.</summary>
    Unsigned,

    /// <summary>Odd integers <c>-(2^bits-1) .. 2^bits-1</c> (no zero); stored in <c>bits + 1</c> bits.</summary>
    Odd,

    /// <summary>-1 and +1; stored in two bits of two's complement.</summary>
    Bipolar,

    /// <summary>0 and <c>+-2^0 .. +-2^(E-1)</c>, <c>E = 2^(bits-2)</c>.</summary>
    PowerOfTwo,

    /// <summary>Sums of two such numbers, of <c>bits/2</c> bits each.</summary>
    PowerOfTwoSum,

    /// <summary><c>0 .. 2^bits-1</c>; everything above zero is 1 at least (HWGQ).</summary>
    HalfWave,

    /// <summary>Two signs with a factor each: four codes of eight bits at any distances (ReBNet, HORQ).</summary>
    Residual,
}

/// <summary>Which scales are allowed.</summary>
public enum ScaleKind
{
    /// <summary>Any positive number: the requantiser multiplies.</summary>
    Free,

    /// <summary>Powers of two: the requantiser shifts.</summary>
    PowerOfTwo,
}

/// <summary>What shares a scale.</summary>
public enum Granularity
{
    /// <summary>The tensor.</summary>
    PerTensor,

    /// <summary>Each output channel.</summary>
    PerChannel,
}

/// <summary>What the backward pass takes for the derivative of rounding.</summary>
public enum GradientKind
{
    /// <summary>1 everywhere.</summary>
    Ste,

    /// <summary>1 inside the grid's range, 0 outside.</summary>
    SteClipped,

    /// <summary>1 above zero, as far as it goes (HWGQ; Cai et al. 2017, "vanilla").</summary>
    SteRectified,

    /// <summary>1 inside the grid's range, 0 below, <c>1 / (x - q + 1)</c> above its largest value q (HWGQ, "log-tailed").</summary>
    LogTail,

    /// <summary><c>2 - 2|u|</c> for signs (Bi-Real Net; Liu et al. 2018).</summary>
    ApproximateSign,

    /// <summary>The bell of Gauss, <c>2 exp(-pi u^2)</c>, for signs (CBCN; Liu et al. 2019).</summary>
    GaussianSign,

    /// <summary>The derivative of SignSwish, for signs (BNN+; Darabi et al. 2018).</summary>
    SignSwish,

    /// <summary><c>k t (1 - tanh^2(t u))</c>, t rising over the phase, for signs (IR-Net; Qin et al. 2020).</summary>
    ErrorDecay,

    /// <summary>No estimator: in training the value is <c>tanh(v u)</c>, v rising over the phase, for signs (Self-Binarizing Networks; Lahoud et al. 2019).</summary>
    SoftSign,

    /// <summary>The derivative of a staircase of tanh, whose softness is trained, for uniform grids (DSQ; Gong et al. 2019).</summary>
    SoftStep,
}

/// <summary>How codes are rounded while a network is trained.</summary>
public enum TrainingRounding
{
    /// <summary>As they are afterwards.</summary>
    Same,

    /// <summary>The code below or above at random, the likelier the nearer it is (Gupta et al. 2015); of signs <c>P(+1) = (u + 1) / 2</c> (Courbariaux et al. 2015).</summary>
    Stochastic,
}

/// <summary>A quantizer as a sentence of parts; <see cref="NnTrain.Quantizers.Quantizer"/> gives the formulas.</summary>
public sealed record QuantizerSpec
{
    /// <summary>Bits of the method, 1..16 (8 at most for activations and output).</summary>
    public required int Bits { get; init; }

    /// <summary>Which integers are codes.</summary>
    public required GridKind Grid { get; init; }

    /// <summary>Where the scale comes from.</summary>
    public required RangeKind Range { get; init; }

    /// <summary>Share of the old value that a moving average keeps at each step; 0..1.</summary>
    public required double RangeDecay { get; init; }

    /// <summary>Which scales are allowed.</summary>
    public required ScaleKind Scale { get; init; }

    /// <summary>What shares a scale.</summary>
    public required Granularity Granularity { get; init; }

    /// <summary>Rounding to codes.</summary>
    public required RoundingMode Rounding { get; init; }

    /// <summary>The backward pass.</summary>
    public required GradientKind Gradient { get; init; }

    /// <summary>Bits of an index into the values of a range that has a few of them, or into <see cref="RangeKind.ProductCodebook"/>, 1..8; null for other ranges.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? CodebookBits { get; init; }

    /// <summary>Share of the weights that <see cref="RangeKind.KMeans"/> prunes, or <see cref="RangeKind.TrainedTernary"/> holds at zero, 0..0.99; null for none, for its threshold by the largest weight, and for other ranges.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Sparsity { get; init; }

    /// <summary>Weights of an entry of <see cref="RangeKind.ProductCodebook"/>, 2..64; null for other ranges.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Block { get; init; }

    /// <summary>Filters that <see cref="RangeKind.Circulant"/> makes of one: 2, 4 or 8; null for other ranges.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Orientations { get; init; }

    /// <summary>Share of the values that <see cref="RangeKind.Percentile"/> and <see cref="RangeKind.IntegerLength"/> do not clip, 0.5..1; null for 1, and for other ranges.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Percentile { get; init; }

    /// <summary>Standard deviations from the mean at which <see cref="RangeKind.Deviations"/> clips, or that <see cref="RangeKind.IntegerLength"/> holds; null for 3, for all values, and for other ranges.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Deviations { get; init; }

    /// <summary>Parts of a batch whose largest values are averaged, 2..1024, of <see cref="RangeKind.MinMax"/> and <see cref="RangeKind.MovingAverage"/> of activations; null for the largest of all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Chunks { get; init; }

    /// <summary>How <see cref="RangeKind.LeastSquaresLevels"/>, or <see cref="RangeKind.LossAware"/> of ternary weights, find their values; null for alternating, and for other ranges.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ValueFit? Fit { get; init; }

    /// <summary>Which text a range with two readings follows; null for the paper, and for other ranges.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Reading? Reading { get; init; }

    /// <summary>Whether <see cref="RangeKind.LearnedInterval"/> of weights trains the exponent of what lies in the interval.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TrainedExponent { get; init; }

    /// <summary>Whether the values of codes are stretched to the variance of the weights (ACIQ); of ranges that are found once, for each channel.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool VarianceCorrection { get; init; }

    /// <summary>Whether <see cref="RangeKind.KMeans"/> weighs errors by the squared gradient of each weight, for its diagonal of the Hessian (Choi et al. 2017).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WeighByGradient { get; init; }

    /// <summary>What a bit of an index costs in the error that <see cref="RangeKind.KMeans"/> makes least, as a share of the weights' mean square: entropy-constrained (Choi et al. 2017); null for nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EntropyWeight { get; init; }

    /// <summary>The magnitude at which <see cref="RangeKind.Fixed"/> clips; null for 1, and for other ranges.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Limit { get; init; }

    /// <summary>The magnitude up to which <see cref="GradientKind.SteClipped"/> lets gradients of signs through; null for 1, and for other gradients and grids.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? GradientWindow { get; init; }

    /// <summary>What the codebook of <see cref="RangeKind.KMeans"/> starts from; null for k-means, and for other ranges.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CodebookStart? CodebookStart { get; init; }

    /// <summary>Rounding to codes in the forward pass of training; whoever evaluates, calibrates and lowers rounds by <see cref="Rounding"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TrainingRounding TrainingRounding { get; init; }

    /// <summary>Whether weights take one of a few values, which are stored as a table.</summary>
    [JsonIgnore]
    public bool HasCodebook => Range is RangeKind.KMeans or RangeKind.TrainedTernary or RangeKind.LearnedBasis or RangeKind.LeastSquaresLevels or RangeKind.ShiftedSigns;

    /// <summary>Whether an accumulator bounds the weights' norm.</summary>
    [JsonIgnore]
    public bool HasNormBound => Range is RangeKind.NormBound or RangeKind.CenteredNormBound;

    /// <summary>Number of codes of a uniform grid.</summary>
    [JsonIgnore]
    public int Levels => Grid is GridKind.SignedNarrow ? (1 << Bits) - 1 : 1 << Bits;
}

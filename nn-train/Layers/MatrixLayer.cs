// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using NnTrain.Calibration;
using NnTrain.Quantizers;
using NnTrain.Specification;
using NnTrain.Transitions;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace NnTrain.Layers;

/// <summary>What a matrix layer reads, in codes.</summary>
/// <param name="Window">What an output is a sum over: rows and columns of the kernel, or of the map that was flattened, and channels.</param>
/// <param name="Run">Products that the array adds up without a new segment but where one is full: those of a kernel row (mapping im2col), or of a whole dense layer.</param>
/// <param name="Lowest">The least code, 0 or less: padding has code 0.</param>
/// <param name="Highest">The greatest code.</param>
public sealed record LayerInput(FeatureShape Window, int Run, int Lowest, int Highest);

/// <summary>What a recipe makes of one matrix layer.</summary>
public sealed record MatrixLayerOptions
{
    /// <summary>Weights; null for a recipe in floating point only.</summary>
    public required QuantizerSpec? Weights { get; init; }

    /// <summary>Output; null for a recipe in floating point only.</summary>
    public required QuantizerSpec? Output { get; init; }

    /// <summary>How weights go over to codes; null where they are quantised from the first step.</summary>
    public required TransitionSpec? Transition { get; init; }

    /// <summary>Epochs after which weights are quantised in training; 0 for the first step.</summary>
    public double WeightStart { get; init; }

    /// <summary>Epochs after which the output is quantised in training; 0 for the first step.</summary>
    public double OutputStart { get; init; }

    /// <summary>Whether weights are no longer trained once the output is quantised.</summary>
    public bool Freezes { get; init; }

    /// <summary>Whether the activation in floating point is clip(-1, 1), else a ReLU.</summary>
    public bool HardTanh { get; init; }

    /// <summary>Significant bits of the scale between input and output, 1..32.</summary>
    public required int MultiplierWidth { get; init; }

    /// <summary>Whether weights that are zero when the quantised phase begins stay so.</summary>
    public bool KeepsZeros { get; init; }

    /// <summary>Whether a convolution reads -1 outside of its input, where it is quantised; else code 0.</summary>
    public bool PadsWithMinusOne { get; init; }

    /// <summary>Batch normalisation of this layer.</summary>
    public required BatchNormKind BatchNorm { get; init; }

    /// <summary>What batch norm divides by; null for the standard deviation.</summary>
    public NormSpec? Norm { get; init; }

    /// <summary>From when on the quantised phase leaves the statistics of batch norm, in epochs; infinite for never.</summary>
    public double NormFreeze { get; init; } = double.PositiveInfinity;

    /// <summary>Whether there is no activation function in floating point: of class scores, and where the network says so.</summary>
    public required bool IsLinear { get; init; }

    /// <summary>The accumulator that is trained for; null where sums are not limited.</summary>
    public AccumulatorSpec? Accumulator { get; init; }

    /// <summary>What the layer reads, in codes.</summary>
    public required LayerInput Input { get; init; }
}

/// <summary>
/// A convolution or dense layer as the accelerator computes it: matrix product, bias or batch norm, activation.
/// <code>
/// floating point      y = f(norm(x * w) or x * w + b),   f = ReLU, for bipolar recipes clip(-1, 1)
/// quantised training  y = Q_out(norm(x * Q_w(w)) or x * Q_w(w) + b_q),   b_q = round(b / s) s,  s = s_x s_w
/// quantised, trained  y = Q_out(gain (x * Q_w(w) + b_q)),  b_q = round(offset / s) s;  signs: without rounding of the offset
/// </code>
/// The sum of the last form is exact: it is taken in codes, or in double precision where single precision could round. Its gain is that of the batch
/// norm, or 1, moved to where <c>s gain / s_y</c> has the significant bits of a multiplier; powers of two stay.
/// </summary>
public abstract class MatrixLayer : nn.Module, IQuantizedPart
{
    /// <summary>Integers below this are exact in single precision.</summary>
    private const double SingleExact = 1 << 24;

    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly ChannelNorm? norm;
    private readonly Quantizer? weightQuantizer;
    private readonly Quantizer? outputQuantizer;
    private readonly WeightTransition? transition;
    private readonly ZeroMask? pruning;
    private readonly MatrixLayerOptions options;
    private bool weightWaits;
    private bool outputWaits;
    private Tensor? overflow;
    private LearnedWidth? learnedWeights;
    private LearnedWidth? learnedOutput;

    /// <summary>A layer with weights of zero; see <see cref="InitializeWeights"/>.</summary>
    protected MatrixLayer(string name, long[] weightShape, MatrixLayerOptions options)
        : base(name)
    {
        this.options = options;
        weight = new Parameter(zeros(weightShape));
        if (options.BatchNorm == BatchNormKind.None)
        {
            bias = new Parameter(zeros(weightShape[0]));
        }
        else
        {
            norm = new ChannelNorm(weightShape[0], options.Norm);
        }
        if (options is { Weights: not null, Output: not null })
        {
            SumBudget? budget = options.Accumulator is AccumulatorSpec accumulator ? new(accumulator.Width, options.Input.Lowest, options.Input.Highest) : null;
            weightQuantizer = new Quantizer(options.Weights, TensorRole.Weights, weightShape, budget);
            outputQuantizer = new Quantizer(options.Output, TensorRole.Activations, []);
            transition = WeightTransition.Of(options.Transition, weightShape);
            pruning = options.KeepsZeros ? new ZeroMask(weightShape) : null;
        }
        RegisterComponents();
    }

    /// <inheritdoc/>
    public bool Quantized { get; set; }

    /// <inheritdoc/>
    public IEnumerable<Quantizer> Quantizers => new[] { weightQuantizer, outputQuantizer }.OfType<Quantizer>();

    /// <summary>The code that it reads outside of its input.</summary>
    public int PaddingCode => options.PadsWithMinusOne ? -1 : 0;

    /// <summary>Extents of the weights: output channels first.</summary>
    public long[] WeightShape => weight.shape;

    /// <summary>Quantizer of the weights.</summary>
    /// <exception cref="InvalidOperationException">The recipe is in floating point only.</exception>
    public Quantizer WeightQuantizer => weightQuantizer ?? throw NotQuantized();

    /// <summary>Quantizer of the output.</summary>
    /// <exception cref="InvalidOperationException">The recipe is in floating point only.</exception>
    public Quantizer OutputQuantizer => outputQuantizer ?? throw NotQuantized();

    /// <summary>
    /// Weights uniform in <c>+-sqrt(6 / fan_in)</c> (He et al. 2015), in row-major order; what else there is starts at its identity.
    /// </summary>
    /// <param name="uniform">The next number of [0, 1).</param>
    public void InitializeWeights(Func<double> uniform)
    {
        using IDisposable ungraded = no_grad();
        long fanIn = weight.numel() / weight.shape[0];
        double bound = Math.Sqrt(6.0 / fanIn);
        float[] values = new float[weight.numel()];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(((2 * uniform()) - 1) * bound);
        }
        weight.copy_(tensor(values, weight.shape));
    }

    /// <summary>Everything before the activation: sum, bias, batch norm.</summary>
    public Tensor Accumulate(Activation input) => (Quantized, training) switch
    {
        (false, _) => Normalize(Product(input.Values, learnedWeights?.Quantize(weight) ?? weight, bias)),
        (true, true) => AccumulateTraining(input),
        (true, false) => AccumulateTrained(input),
    };

    /// <summary>Everything before the activation, of real inputs with quantised weights: beside <see cref="Accumulate"/> in real numbers it shows the error of the weights alone.</summary>
    public Tensor AccumulateReal(Activation input) => Normalize(Product(input.Values, WeightQuantizer.Quantize(weight).Values, bias));

    /// <summary>The activation function or quantizer.</summary>
    public Activation Activate(Tensor sum)
    {
        if (!Quantized)
        {
            Tensor real = options.IsLinear ? sum : FloatActivation(sum);
            return new Activation(learnedOutput?.Quantize(real) ?? real, Step: null, MaximumCode: 0);
        }
        Tensor? waiting = training && outputWaits ? (options.IsLinear ? sum : FloatActivation(sum)) : null;
        return Activation.Of(OutputQuantizer.Quantize(sum), OutputQuantizer.Grid, waiting);
    }

    /// <summary>Sets what the quantizers start from by the weights and one batch of real sums.</summary>
    /// <param name="input">The batch.</param>
    /// <param name="importance">How much an error of each weight costs; null where all cost the same.</param>
    public void InitializeQuantizers(Activation input, Tensor? importance = null)
    {
        InitializeWeightQuantizer(input, importance);
        OutputQuantizer.Initialize(Accumulate(input));
    }

    /// <summary>Sets what the quantizer of the weights starts from.</summary>
    /// <param name="input">What the layer reads, quantised.</param>
    /// <param name="importance">How much an error of each weight costs; null where all cost the same.</param>
    public void InitializeWeightQuantizer(Activation input, Tensor? importance)
    {
        if (WeightQuantizer.ReadsInputs)
        {
            WeightQuantizer.InitializeByInputs(weight, Patches(input.Values));
        }
        else
        {
            WeightQuantizer.Initialize(weight, importance);
        }

        if (WeightQuantizer.Spec.HasNormBound)
        {
            using IDisposable ungraded = no_grad();
            weight.copy_(WeightQuantizer.Start(weight));
        }

        pruning?.Keep(weight);
    }

    /// <summary>
    /// How far weights are from their scale: <c>sum | s - |w| |</c>, or of squares, s the scale as a constant (BNN+, Darabi et al. 2018, section 3.2).
    /// </summary>
    public Tensor Pull(PullKind kind)
    {
        Tensor distance = WeightQuantizer.Quantize(weight).Step - weight.abs();
        return (kind == PullKind.Absolute ? distance.abs() : distance.square()).sum();
    }

    /// <summary>Lets the layer compute in floating point with weights or outputs whose bits are learned.</summary>
    /// <param name="weights">Of the weights; null to leave them.</param>
    /// <param name="output">Of the output; null to leave it.</param>
    public void Learn(LearnedWidth? weights, LearnedWidth? output) => (learnedWeights, learnedOutput) = (weights, output);

    /// <summary>What the loss has of the accumulator, of the last batch in training: norms beyond their bound, or sums beyond the width. Null without an accumulator.</summary>
    public Tensor? AccumulatorPenalty() => WeightQuantizer.Penalty ?? overflow;

    /// <summary>Sets the weights to the values of codes that make up for each other's errors (<see cref="GreedyRounding"/>).</summary>
    /// <param name="input">What the layer reads, quantised.</param>
    /// <param name="real">What it reads in real numbers, of the same images.</param>
    /// <param name="spec">The limits.</param>
    public void CorrectWeights(Activation input, Activation real, WeightCorrectionSpec spec)
    {
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor step = WeightQuantizer.Quantize(weight).Step;
        Tensor own = Patches(input.Values);
        Tensor ownTransposed = own.transpose(0, 1);
        GreedyRounding rounding = new(
            ownTransposed.matmul(own).to_type(float64).contiguous().data<double>().ToArray(),
            ownTransposed.matmul(Patches(real.Values)).to_type(float64).contiguous().data<double>().ToArray(),
            [.. SumOrder()],
            WeightQuantizer.Grid,
            options.Input,
            spec);
        float[] ratios = (weight / step).contiguous().data<float>().ToArray();
        int perChannel = ratios.Length / (int)weight.shape[0];
        float[] codes = [.. Enumerable.Range(0, (int)weight.shape[0]).SelectMany(channel => rounding.Codes(ratios.AsSpan(channel * perChannel, perChannel)).Select(code => (float)code))];
        weight.copy_(tensor(codes, weight.shape) * step);
    }

    /// <summary>Sets the weights to the values of codes whose rounding is learned (<see cref="LearnedRounding"/>).</summary>
    /// <param name="input">What the layer reads, quantised.</param>
    public void LearnRounding(Activation input)
    {
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor step = WeightQuantizer.Quantize(weight).Step;
        Tensor patches = Patches(input.Values).to_type(float32);
        Tensor codes = LearnedRounding.Codes((weight / step).flatten(1), patches.transpose(0, 1).matmul(patches) / (double)patches.shape[0], WeightQuantizer.Grid);
        weight.copy_(codes.reshape(weight.shape) * step);
    }

    /// <summary>Weights of an output, as they lie in training, in the order in which the accelerator adds them up: kernel row, kernel column, channel.</summary>
    private IEnumerable<int> SumOrder()
    {
        FeatureShape window = options.Input.Window;
        int positions = window.Height * window.Width;
        return Enumerable.Range(0, window.Elements).Select(k => ((k % window.Channels) * positions) + (k / window.Channels));
    }

    /// <summary>Lets a forward pass in training mode average statistics of batch norm and change nothing else; see <see cref="ChannelNorm.Average"/>.</summary>
    public void AverageNorm(int? batch)
    {
        norm?.Average(batch);
        WeightQuantizer.train(training && batch is null);
        OutputQuantizer.train(training && batch is null);
    }

    /// <summary>Takes notice of the second moments of the gradients of the weights.</summary>
    public void ObserveCurvature(Tensor secondMoment)
    {
        using IDisposable ungraded = no_grad();
        WeightQuantizer.ObserveCurvature(secondMoment);
    }

    /// <summary>The real weights and their gradient, where there is one.</summary>
    public Tensor Latent => weight;

    /// <summary>Adds to each output channel before its activation.</summary>
    /// <param name="perChannel">A value for each channel.</param>
    public void ShiftOutput(Tensor perChannel)
    {
        using IDisposable ungraded = no_grad();
        if (bias is not null)
        {
            bias.add_(perChannel);
        }
        else
        {
            norm!.ShiftOutput(perChannel);
        }
    }

    /// <summary>What the weights of an output are multiplied with: one row a position and image, in the order of the weights.</summary>
    public abstract Tensor Patches(Tensor input);

    /// <inheritdoc/>
    public void MoveTo(double time, int epochs)
    {
        WeightQuantizer.MoveTo(time / epochs);
        OutputQuantizer.MoveTo(time / epochs);
        norm?.Freeze(time >= options.NormFreeze);
        weightWaits = time < options.WeightStart;
        outputWaits = time < options.OutputStart;
        if (transition is null)
        {
            return;
        }
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        transition.MoveTo(weight, latent => WeightQuantizer.Quantize(latent).Values, time, epochs);
    }

    /// <inheritdoc/>
    public void Constrain()
    {
        using IDisposable ungraded = no_grad();
        norm?.Constrain();
        if (Quantized)
        {
            pruning?.Constrain(weight);
            WeightQuantizer.Constrain(weight);
            transition?.Constrain(weight);
            OutputQuantizer.Constrain(null);
        }
    }

    /// <summary>Weight codes in the order of the weights: output channel, input channel, kernel row, kernel column; or output, input.</summary>
    public int[] WeightCodes()
    {
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return WeightQuantizer.Quantize(weight).Codes.to_type(int32).data<int>().ToArray();
    }

    /// <summary>The scales of the trained layer; it must not be in training.</summary>
    /// <param name="inputStep">The value of one code of the input.</param>
    public MatrixConstants Constants(double inputStep)
    {
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return Constants(WeightQuantizer.Quantize(weight).Step, inputStep);
    }

    /// <summary>The linear operation: <c>input * weights (+ bias)</c>.</summary>
    protected abstract Tensor Product(Tensor input, Tensor weights, Tensor? addend);

    /// <summary>A value for each channel in the shape that broadcasts over this layer's output.</summary>
    protected abstract Tensor OverChannels(Tensor perChannel);

    private Tensor AccumulateTraining(Activation input)
    {
        bool frozen = options.Freezes && !outputWaits;
        Tensor latent = frozen ? weight.detach() : weight;
        Quantized weights = WeightQuantizer.Quantize(latent);
        Tensor values = weightWaits ? latent : transition?.Values(latent, weights.Values) ?? weights.Values;
        bool watched = options.Accumulator is not null && !weightWaits;
        overflow = null;
        if (bias is null)
        {
            Tensor product = Product(input.Values, values, null);
            return Normalize(watched ? Watched(product, Unit(weights.Step, input)) : product);
        }
        Tensor addend = frozen ? bias.detach() : bias;
        if (weightWaits)
        {
            return Product(input.Values, values, addend);
        }
        Tensor accumulatorStep = (weights.Step * InputStep(input)).reshape(-1);
        Tensor codes = TensorRounding.Round(bias.detach() / accumulatorStep, WeightQuantizer.Spec.Rounding);
        Tensor rounded = (LargestBias is double most ? codes.clamp(-most, most) : codes) * accumulatorStep;
        Tensor replaced = StraightThrough.Replace(addend, rounded);
        return watched
            ? Watched(Product(input.Values, values, null), Unit(weights.Step, input)) + OverChannels(replaced)
            : Product(input.Values, values, replaced);
    }

    /// <summary>The largest bias in units of the accumulator, where one is trained for: the memory of biases has its width.</summary>
    private double? LargestBias => options.Accumulator is AccumulatorSpec accumulator ? Math.ScaleB(1, accumulator.Width - 1) - 1 : null;

    /// <summary>One unit of the accumulator, for each channel or for all.</summary>
    private Tensor Unit(Tensor weightStep, Activation input) => OverChannels((weightStep * InputStep(input)).reshape(-1));

    /// <summary>The sums, in the given units, as the accumulator of the recipe makes them, and what the loss has of them.</summary>
    private Tensor Watched(Tensor sums, Tensor unit)
    {
        AccumulatorSpec accumulator = options.Accumulator!;
        if (training && accumulator.PenaltyWeight > 0 && WeightQuantizer.Penalty is null)
        {
            overflow = OverflowPenalty.Of(sums, unit, accumulator.Width);
        }

        return accumulator.Overflow == SumOverflow.Wrap ? WrappedSum.Of(sums, unit.to_type(sums.dtype), accumulator.Width) : sums;
    }

    private Tensor AccumulateTrained(Activation input)
    {
        Quantized weights = WeightQuantizer.Quantize(weight);
        MatrixConstants constants = Constants(weights.Step, InputStep(input).item<float>());
        bool ladder = !OutputQuantizer.Grid.Ladder.IsEmpty;
        double largest = input.MaximumCode * (double)weights.Codes.abs().flatten(1).sum([1L]).max().item<float>();
        bool exact = largest + constants.LargestBias < SingleExact;
        ScalarType type = exact ? float32 : float64;
        if (Multipliers(constants) is double[] multipliers)
        {
            // Codes, biases and multipliers as hardware has them: a sum that is a tie there is one here.
            Tensor codes = Product(input.Codes.to_type(type), weights.Codes.to_type(type), null).to_type(float64);
            codes = options.Accumulator is null ? codes : Watched(codes, ones([], float64));
            double[] biases = [.. Enumerable.Range(0, multipliers.Length).Select(channel => (double)constants.Bias(channel))];
            Tensor ratios = (codes + OverChannels(tensor(biases, float64))) * OverChannels(tensor(multipliers, float64));

            // What an interval makes of a tie is no tie in real numbers, whose codes are therefore found here; a maximum that follows chooses the same of codes as of sums.
            return OutputQuantizer.Affine is AffineCodes interval
                ? (OutputQuantizer.CodesOf(ratios) * constants.OutputWidth) + interval.Offset
                : ratios * constants.OutputWidth;
        }

        Tensor sum;
        if (ladder)
        {
            // A threshold has no rounding that would hide the error of a single-precision sum or offset.
            Tensor codes = Product(input.Codes.to_type(type), weights.Codes.to_type(type), null).to_type(float64);
            codes = options.Accumulator is null ? codes : Watched(codes, ones([], float64));
            type = float64;
            sum = codes * OverChannels(tensor([.. constants.AccumulatorSteps], float64));
        }
        else
        {
            sum = exact
                ? Product(input.Values, weights.Codes * weights.Step, null)
                : Product(InDouble(input.Codes, InputStep(input)), InDouble(weights.Codes, weights.Step), null);
            sum = options.Accumulator is null ? sum : Watched(sum, Unit(weights.Step, input));
        }

        double[] addends = ladder ? [.. constants.Offsets] : constants.RoundedOffsets();
        Tensor shifted = sum + OverChannels(tensor(addends, type));
        Tensor scaled = constants.Gains.All(gain => gain == 1) ? shifted : shifted * OverChannels(tensor(constants.Gains.ToArray(), type));
        return OutputQuantizer.Affine is AffineCodes affine ? scaled + affine.Offset : scaled;
    }

    /// <summary>
    /// From sums of codes to codes of the output, with the sign of the gain: each exactly what a multiplier of the recipe's width and a shift hold. Null where the steps are powers of two, which no arithmetic rounds
    /// (their ratio alone may be one by chance: of steps that are not, a tie in codes is none in real numbers); where thresholds take their place; and where one is too large for a multiplier.
    /// </summary>
    private double[]? Multipliers(MatrixConstants constants)
    {
        double[] scales = [.. constants.Gains.Select((gain, channel) => Math.Abs(gain) * constants.AccumulatorSteps[channel] / constants.OutputWidth)];
        if (!OutputQuantizer.Grid.Ladder.IsEmpty || scales.Any(scale => scale >= Math.ScaleB(1, options.MultiplierWidth) - 1))
        {
            return null;
        }

        MultiplierShift[] factors = [.. scales.Select(scale => MultiplierShift.FromScale(scale, options.MultiplierWidth))];
        bool exact = OutputQuantizer.Affine is null && double.IsPow2(constants.OutputWidth) && constants.AccumulatorSteps.All(double.IsPow2) && factors.All(factor => factor.TryAsShift(out _));
        return exact ? null : [.. factors.Select((factor, channel) => Math.CopySign(factor.Scale, constants.Gains[channel]))];
    }

    private MatrixConstants Constants(Tensor weightStep, double inputStep)
    {
        int channels = (int)weight.shape[0];
        double[] steps = [.. weightStep.data<float>().ToArray().Select(step => step * inputStep)];
        (double[] gains, double[] offsets) = norm?.Folded()
            ?? ([.. Enumerable.Repeat(1.0, channels)], [.. bias!.data<float>().ToArray().Select(value => (double)value)]);
        double[] perChannel = steps.Length == 1 ? [.. Enumerable.Repeat(steps[0], channels)] : steps;
        double outputStep = OutputQuantizer.StepValue;
        (double start, double width) = OutputQuantizer.Affine is AffineCodes affine ? (affine.Offset, affine.Width) : (0, outputStep);
        gains = [.. gains.Select((gain, channel) => RepresentableGain(gain, perChannel[channel] / width))];
        return new MatrixConstants
        {
            Layer = GetName(),
            AccumulatorSteps = [.. perChannel],
            Gains = [.. gains],
            Offsets = [.. offsets.Select((offset, channel) => offset - (start / gains[channel]))],
            OutputStep = outputStep,
            OutputWidth = width,
            Rounding = WeightQuantizer.Spec.Rounding,
            LargestBiasAllowed = LargestBias,
        };
    }

    /// <summary>The nearest gain for which <c>gain * ratio</c> is a multiplier of the recipe's width and a shift.</summary>
    private double RepresentableGain(double gain, double ratio)
    {
        double scale = Math.Abs(gain) * ratio;
        bool representable = scale < Math.ScaleB(1, options.MultiplierWidth) - 1;
        return !OutputQuantizer.Grid.Ladder.IsEmpty || !representable
            ? gain
            : Math.CopySign(MultiplierShift.FromScale(scale, options.MultiplierWidth).Scale / ratio, gain);
    }

    private static Tensor InDouble(Tensor codes, Tensor step) => codes.to_type(float64) * step.to_type(float64);

    private Tensor Normalize(Tensor sum) => norm is null ? sum : norm.forward(sum);

    private Tensor FloatActivation(Tensor sum) =>
        options.HardTanh ? sum.clamp(-1.0, 1.0) : sum.relu();

    private static Tensor InputStep(Activation input) =>
        input.Step ?? throw new ArgumentException("a quantised layer reads codes", nameof(input));

    private InvalidOperationException NotQuantized() => new($"layer '{GetName()}' belongs to a recipe in floating point only");
}

// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Numerics;
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Layers;

/// <summary>What a recipe makes of a layer that joins tensors.</summary>
/// <param name="Output">Its output; null for a recipe in floating point only.</param>
/// <param name="IsRectified">Whether its activation is a ReLU, else there is none.</param>
/// <param name="MultiplierWidth">Significant bits of the scales of its terms, 1..32.</param>
/// <param name="OutputStart">Epochs after which the output is quantised in training; 0 for the first step.</param>
public sealed record JoiningOptions(QuantizerSpec? Output, bool IsRectified, int MultiplierWidth, double OutputStart);

/// <summary>
/// Tensors of different scales in one, as the vector unit computes it: each input goes to one common scale first, s / 2^F with s the step of the output.
/// <code>
/// floating point      y = f(join(x_1, x_2, ...)),   f = ReLU or nothing
/// quantised training  y = Q_out(join(x_1, x_2, ...))
/// quantised, trained  y = Q_out(join(t_1, t_2, ...) s / 2^F),  t_i = round(c_i r_i),  r_i = s_i 2^F / s with the significant bits of a multiplier
/// </code>
/// The last form is exact: codes, multipliers and terms are integers that double precision holds.
/// </summary>
public abstract class JoiningLayer : nn.Module, IQuantizedPart
{
    private readonly JoiningOptions options;
    private readonly Quantizer? outputQuantizer;
    private bool outputWaits;

    /// <summary>A layer without parameters but those of its quantizer.</summary>
    protected JoiningLayer(string name, JoiningOptions options)
        : base(name)
    {
        this.options = options;
        outputQuantizer = options.Output is null ? null : new Quantizer(options.Output, TensorRole.Activations, []);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public bool Quantized { get; set; }

    /// <inheritdoc/>
    public IEnumerable<Quantizer> Quantizers => outputQuantizer is null ? [] : [outputQuantizer];

    /// <summary>Quantizer of the output.</summary>
    /// <exception cref="InvalidOperationException">The recipe is in floating point only.</exception>
    public Quantizer OutputQuantizer => outputQuantizer ?? throw new InvalidOperationException($"layer '{GetName()}' belongs to a recipe in floating point only");

    /// <summary>F: bits behind the point of a code that terms have.</summary>
    public abstract int FractionBits { get; }

    /// <summary>The step of the output.</summary>
    public double OutputStep => OutputQuantizer.StepValue;

    /// <summary>The joined tensor before its activation.</summary>
    public Tensor Accumulate(ImmutableArray<Activation> inputs) =>
        Quantized && !training ? Join([.. inputs.Select(Term)]) * (OutputStep / (1L << FractionBits)) : Join([.. inputs.Select(input => input.Values)]);

    /// <summary>The activation function or quantizer.</summary>
    public Activation Activate(Tensor sum)
    {
        if (!Quantized)
        {
            return new Activation(FloatActivation(sum), Step: null, MaximumCode: 0);
        }

        return Activation.Of(OutputQuantizer.Quantize(sum), OutputQuantizer.Grid, training && outputWaits ? FloatActivation(sum) : null);
    }

    /// <summary>r_i of an input: from its codes to terms; not rounded where no multiplier of the recipe's width holds it.</summary>
    /// <param name="inputStep">s_i, the value of one code of the input.</param>
    public double TermRatio(double inputStep)
    {
        double ratio = inputStep * (1L << FractionBits) / OutputStep;
        return ratio < Math.ScaleB(1, options.MultiplierWidth) - 1 ? MultiplierShift.FromScale(ratio, options.MultiplierWidth).Scale : ratio;
    }

    /// <inheritdoc/>
    public void MoveTo(double time, int epochs)
    {
        OutputQuantizer.MoveTo(time / epochs);
        outputWaits = time < options.OutputStart;
    }

    /// <inheritdoc/>
    public void Constrain()
    {
        using IDisposable ungraded = no_grad();
        if (Quantized)
        {
            OutputQuantizer.Constrain(null);
        }
    }

    /// <summary>The joined tensor.</summary>
    protected abstract Tensor Join(ImmutableArray<Tensor> terms);

    private Tensor Term(Activation input)
    {
        Tensor codes = input.Codes.to_type(float64);
        return TensorRounding.Round(codes * TermRatio(input.Step!.item<float>()), OutputQuantizer.Spec.Rounding);
    }

    private Tensor FloatActivation(Tensor sum) => options.IsRectified ? sum.relu() : sum;
}

/// <summary>The sum of two tensors; terms have eight more bits than codes, so that only the sum is rounded in effect.</summary>
public sealed class SumLayer(AddSpec spec, JoiningOptions options) : JoiningLayer(spec.Name, options)
{
    /// <inheritdoc/>
    public override int FractionBits => 8;

    /// <inheritdoc/>
    protected override Tensor Join(ImmutableArray<Tensor> terms) => terms[0] + terms[1];
}

/// <summary>The channels of several tensors one after the other, in codes of one scale.</summary>
public sealed class ConcatenationLayer(ConcatSpec spec, JoiningOptions options) : JoiningLayer(spec.Name, options)
{
    /// <inheritdoc/>
    public override int FractionBits => 0;

    /// <inheritdoc/>
    protected override Tensor Join(ImmutableArray<Tensor> terms) => cat([.. terms], 1);
}

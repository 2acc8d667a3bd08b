// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Layers;

/// <summary>
/// Signs of a tensor that has more than two values, in front of a layer that multiplies signs: <c>y = +1 where x &gt;= threshold, else -1</c>, with the gradient of the recipe's signs. In floating point it
/// is <c>clip(x - threshold, -1, 1)</c> of sums, and signs too of images, which have no gradient.
/// </summary>
public sealed class SignLayer : nn.Module, IQuantizedPart
{
    private readonly Quantizer? quantizer;
    private readonly double threshold;
    private readonly bool ofImages;

    /// <summary>Signs.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="sentence">The recipe's signs; null in floating point only.</param>
    /// <param name="threshold">The least value of +1.</param>
    /// <param name="ofImages">Whether it reads images.</param>
    public SignLayer(string name, QuantizerSpec? sentence, double threshold, bool ofImages)
        : base(name)
    {
        quantizer = sentence is null ? null : new Quantizer(sentence, TensorRole.Activations, []);
        this.threshold = threshold;
        this.ofImages = ofImages;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public bool Quantized { get; set; }

    /// <inheritdoc/>
    public IEnumerable<Quantizer> Quantizers => quantizer is null ? [] : [quantizer];

    /// <summary>The signs of a tensor.</summary>
    public Activation Forward(Activation input)
    {
        Tensor shifted = threshold == 0 ? input.Values : input.Values - threshold;
        if (Quantized)
        {
            Quantized signs = quantizer!.Quantize(shifted);
            return new Activation(signs.Values, signs.Step, MaximumCode: 1);
        }

        return new Activation(ofImages ? TensorRounding.Sign(shifted) : shifted.clamp(-1.0, 1.0), Step: null, MaximumCode: 0);
    }

    /// <summary>The least code of +1.</summary>
    /// <param name="inputStep">The value of one code of the input.</param>
    public long Threshold(double inputStep) => (long)Math.Ceiling(threshold / inputStep);

    /// <summary>The value of a code of its output.</summary>
    public double OutputStep => quantizer!.StepValue;

    /// <inheritdoc/>
    public void MoveTo(double time, int epochs) => quantizer!.MoveTo(time / epochs);

    /// <inheritdoc/>
    public void Constrain()
    {
    }
}

// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Layers;

/// <summary>What flows from layer to layer.</summary>
/// <param name="Values">Real values: images, then channels, rows, columns; or images, features.</param>
/// <param name="Step">The value of one code, a tensor of one element; null in floating point.</param>
/// <param name="MaximumCode">The largest magnitude of a code; 0 in floating point.</param>
public sealed record Activation(Tensor Values, Tensor? Step, int MaximumCode)
{
    /// <summary>Bits of an image's codes; a pixel of value 255 is <c>255/256</c>.</summary>
    public const int ImageBits = 8;

    /// <summary>A batch of images as <c>code / 256</c>, exactly representable and a power of two, so that no input scale is ever rounded.</summary>
    public static Activation OfImages(Tensor images) =>
        new(images, full([], Math.ScaleB(1, -ImageBits)), (1 << ImageBits) - 1);

    /// <summary>What a quantizer made, in single precision.</summary>
    /// <param name="output">What it made.</param>
    /// <param name="grid">Its codes.</param>
    /// <param name="real">Real values in place of the quantised ones while these wait; null to take them.</param>
    public static Activation Of(Quantized output, IGrid grid, Tensor? real) =>
        new(real ?? (output.Values.dtype == float32 ? output.Values : output.Codes.to_type(float32) * output.Step), output.Step, Math.Max(grid.Highest, -grid.Lowest));

    /// <summary>The integers behind the values, in the same shape.</summary>
    /// <exception cref="InvalidOperationException">The activation is in floating point.</exception>
    public Tensor Codes => Step is null
        ? throw new InvalidOperationException("an activation in floating point has no codes")
        : (Values / Step).round();
}

// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Quantizers;

/// <summary>Which elements share a scale: all of a tensor, or those of one index of dimension 0.</summary>
/// <param name="Shape">Shape of the scales: all extents 1, but for the first with a scale for each channel.</param>
public sealed record ScaleGroups(long[] Shape)
{
    /// <summary>One scale for all, as a tensor without dimensions.</summary>
    public static ScaleGroups Single { get; } = new([]);

    /// <summary>The groups of a tensor.</summary>
    public static ScaleGroups Of(Granularity granularity, ReadOnlySpan<long> tensorShape)
    {
        if (granularity == Granularity.PerTensor)
        {
            return Single;
        }
        long[] shape = new long[tensorShape.Length];
        Array.Fill(shape, 1);
        shape[0] = tensorShape[0];
        return new ScaleGroups(shape);
    }

    /// <summary>Number of scales.</summary>
    public long Count => Shape.Length == 0 ? 1 : Shape[0];

    /// <summary>The largest magnitude of each group.</summary>
    public Tensor MaximumMagnitude(Tensor x) =>
        Shape.Length == 0 ? x.abs().max() : x.abs().flatten(1).amax([1L]).reshape(Shape);

    /// <summary>The mean magnitude of each group.</summary>
    public Tensor MeanMagnitude(Tensor x) =>
        Shape.Length == 0 ? x.abs().mean() : x.abs().flatten(1).mean([1L]).reshape(Shape);
}

// SPDX-License-Identifier: Apache-2.0
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Layers;

/// <summary>What batch norm takes for the standard deviation of a channel; the derivative is that of the formula.</summary>
public static class NormStatistics
{
    /// <summary>Parts of a batch whose least and largest values are averaged, at most, as released code has them.</summary>
    private const int MostChunks = 16;

    /// <summary>Values of such a part, at least.</summary>
    private const int LeastOfChunk = 2;

    /// <summary>Below this a logarithm would leave single precision.</summary>
    private const double LeastMagnitude = 1e-30;

    /// <summary>Of a normal variable, the standard deviation over the mean magnitude.</summary>
    private static readonly double OfMeanMagnitude = Math.Sqrt(Math.PI / 2);

    /// <summary>
    /// <c>E|c|</c> (L1 batch norm; Wu et al. 2018, arXiv:1802.09769), and <c>sqrt(pi / 2)</c> of it in released code, which is the standard deviation of normal values; the paper leaves the factor to the gain.
    /// </summary>
    /// <param name="centred">Values less their mean, channel by value.</param>
    /// <param name="reading">The text.</param>
    public static Tensor MeanMagnitude(Tensor centred, Reading reading) => centred.abs().mean([1L]) * (reading == Reading.Paper ? 1 : OfMeanMagnitude);

    /// <summary>
    /// <c>C(n) (max - min)</c> (range batch norm; Banner et al. 2018, arXiv:1805.11046, section 3),
    /// <code>
    /// paper  C(n) = 1 / sqrt(2 ln n), n values: 1.6 to 1.8 times the standard deviation of normal ones
    /// code   C(n) = 0.175 (1 + sqrt(pi ln 4)) / sqrt(2 ln n), n values of a part: 0.9 to 1 of it; max and min are means over 16 parts of the batch
    /// </code>
    /// A batch that has no 16 equal parts of two values at least has as many as there are. The gradient goes to the largest and the least value of each part alone.
    /// </summary>
    /// <param name="values">Channel by value.</param>
    /// <param name="reading">The text.</param>
    public static Tensor Range(Tensor values, Reading reading)
    {
        long count = values.shape[1];
        long chunks = reading == Reading.Paper ? 1 : Enumerable.Range(1, MostChunks).LastOrDefault(parts => count % parts == 0 && count / parts >= LeastOfChunk, 1);
        Tensor parts = values.reshape(values.shape[0], chunks, count / chunks);
        Tensor range = (parts.max(2).values - parts.min(2).values).mean([1L]);
        return range * RangeFactor(count / chunks, reading);
    }

    /// <summary>C(n).</summary>
    public static double RangeFactor(long count, Reading reading)
    {
        double paper = 1 / Math.Sqrt(2 * Math.Log(Math.Max(count, LeastOfChunk)));
        return reading == Reading.Paper ? paper : 0.5 * 0.35 * (1 + Math.Sqrt(Math.PI * Math.Log(4))) * paper;
    }

    /// <summary><c>sqrt(E(c AP2(c)))</c>: the squares of the variance by shifts, as shift-based batch norm has them (Courbariaux et al. 2016, arXiv:1602.02830, algorithm 3).</summary>
    /// <param name="centred">Values less their mean, channel by value.</param>
    public static Tensor Shifted(Tensor centred) => (centred * PowerOfTwo(centred)).mean([1L]).sqrt();

    /// <summary><c>AP2(x) = sgn(x) 2^round(log2|x|)</c>, without gradient; 0 stays 0.</summary>
    public static Tensor PowerOfTwo(Tensor x)
    {
        Tensor values = x.detach();
        Tensor magnitude = values.abs();
        Tensor power = magnitude.clamp(LeastMagnitude).log2().round().exp2();
        return TensorRounding.Sign(values) * power * magnitude.gt(0.0).to_type(values.dtype);
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using NnTrain.Data;
using NnTrain.Layers;
using NnTrain.Models;
using NnTrain.Quantizers;
using NnTrain.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Inspection;

/// <summary>
/// The real numbers of a tensor in units of its step, beside the codes that became of them. Both are shares of the tensor; the real ones per
/// <see cref="CodesPerBar"/> codes, and at least from one code to the next, so that where rounding does nothing else the two have the same height. Numbers of exactly zero, which a ReLU
/// makes half of them, are spread over the bar that they lie in: in a bin of their own they would be a peak that leaves nothing else to see.
/// </summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Tensor">Its weights, or its output before pooling.</param>
/// <param name="FirstCode">The code of the first share.</param>
/// <param name="CodesPerBar">Codes whose shares are added up.</param>
/// <param name="CodeShares">Share of the elements that have each code, or one of so many.</param>
/// <param name="FirstRatio">The ratio in the middle of the first bin.</param>
/// <param name="BinWidth">From the middle of a bin to the next, in units of the step.</param>
/// <param name="RealShares">Share of the elements for each bin, over the width of a bin, times <paramref name="CodesPerBar"/>, or the distance of codes where it is larger.</param>
public sealed record GridHistogram(
    string Layer, TensorRole Tensor, int FirstCode, int CodesPerBar, ImmutableArray<double> CodeShares, double FirstRatio, double BinWidth, ImmutableArray<double> RealShares)
{
    private const int MostBars = 32;
    private const int BinsPerBar = 4;

    /// <summary>Bins reach so many bars beyond the first and the last code; what lies further out is in none.</summary>
    private const int BarsAround = 3;

    /// <summary>The weights of each matrix layer.</summary>
    public static ImmutableArray<GridHistogram> OfWeights(NetworkModel model)
    {
        using IDisposable ungraded = no_grad();
        return [.. model.MatrixLayers.Select(layer => Of(layer.GetName(), TensorRole.Weights, layer.WeightQuantizer, layer.Latent))];
    }

    /// <summary>The output of each matrix layer before pooling. The model is quantised and not in training afterwards.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images, of which the first are looked at.</param>
    /// <param name="count">How many at most.</param>
    public static ImmutableArray<GridHistogram> OfOutputs(NetworkModel model, ImageSet images, int count)
    {
        using IDisposable ungraded = no_grad();
        using DisposeScope scope = NewDisposeScope();
        model.eval();
        model.Quantized = true;
        ImmutableArray<GridHistogram>.Builder found = ImmutableArray.CreateBuilder<GridHistogram>();
        model.VisitInputs(
            ImageBatch.Of(images, 0, Math.Min(count, images.Count)).Images,
            (layer, input) => found.Add(Of(layer.GetName(), TensorRole.Activations, layer.OutputQuantizer, layer.Accumulate(input).to_type(float32))));
        return found.ToImmutable();
    }

    private static GridHistogram Of(string layer, TensorRole role, Quantizer quantizer, Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        float[] ratios = quantizer.Ratio(x).contiguous().data<float>().ToArray();
        int[] codes = quantizer.Quantize(x).Codes.to_type(int32).contiguous().data<int>().ToArray();
        return Of(layer, role, quantizer.Grid.CodeStep, ratios, codes);
    }

    /// <summary>Counts.</summary>
    /// <param name="layer">Name of the layer.</param>
    /// <param name="role">What the numbers are.</param>
    /// <param name="codeStep">From a code to the next: 2 for odd codes and signs.</param>
    /// <param name="ratios">Real numbers over their step, one at least.</param>
    /// <param name="codes">The code of each.</param>
    public static GridHistogram Of(string layer, TensorRole role, int codeStep, ReadOnlySpan<float> ratios, ReadOnlySpan<int> codes)
    {
        int lowest = int.MaxValue, highest = int.MinValue;
        foreach (int code in codes)
        {
            (lowest, highest) = (Math.Min(lowest, code), Math.Max(highest, code));
        }

        int perBar = 1;
        while (highest - lowest + 1 > MostBars * perBar)
        {
            perBar *= 2;
        }

        int first = (int)Math.Floor(lowest / (double)perBar) * perBar;
        int bars = ((highest - first) / perBar) + 1;
        long[] codeCounts = new long[bars];
        foreach (int code in codes)
        {
            codeCounts[(code - first) / perBar]++;
        }

        double width = perBar / (double)BinsPerBar;

        // A bar of codes c .. c + n - 1 stands for ratios of c - 1/2 .. c + n - 1/2.
        double edge = first - 0.5 - (BarsAround * perBar);
        double[] realCounts = new double[(bars + (2 * BarsAround)) * BinsPerBar];
        foreach (float ratio in ratios)
        {
            (double bin, int bins) = ratio == 0 ? (Math.Floor(-edge / perBar) * BinsPerBar, BinsPerBar) : (Math.Floor((ratio - edge) / width), 1);
            if (bin >= 0 && bin < realCounts.Length)
            {
                foreach (ref double count in realCounts.AsSpan((int)bin, bins))
                {
                    count += 1.0 / bins;
                }
            }
        }

        double all = codes.Length;
        double height = BinsPerBar * Math.Max(1.0, codeStep / (double)perBar);
        return new(
            layer, role, first, perBar, [.. codeCounts.Select(count => count / all)], edge + (width / 2), width, [.. realCounts.Select(count => count / all * height)]);
    }
}

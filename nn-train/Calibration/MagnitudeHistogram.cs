// SPDX-License-Identifier: Apache-2.0
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Calibration;

/// <summary>How often magnitudes occur: cells of equal width from 0 to the largest one. Quantisers that are odd functions need no more.</summary>
public sealed class MagnitudeHistogram
{
    /// <summary>Cells, as many as PyTorch's histogram observer has.</summary>
    public const int Cells = 2048;

    private readonly long[] _counts = new long[Cells];

    /// <summary>The histogram of all elements; zeros are counted, too.</summary>
    public MagnitudeHistogram(Tensor values)
    {
        float[] magnitudes = values.abs().contiguous().data<float>().ToArray();
        Maximum = magnitudes.Length == 0 ? 0 : magnitudes.Max();
        Total = magnitudes.Length;
        double width = Maximum / Cells;
        foreach (float magnitude in magnitudes)
        {
            _counts[width > 0 ? Math.Min((int)(magnitude / width), Cells - 1) : 0]++;
        }
    }

    /// <summary>The largest magnitude.</summary>
    public double Maximum { get; }

    /// <summary>Number of values.</summary>
    public long Total { get; }

    /// <summary>Values in each cell.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Middles of the cells.</summary>
    public float[] Middles() => [.. Enumerable.Range(0, Cells).Select(i => (float)((i + 0.5) * Maximum / Cells))];
}

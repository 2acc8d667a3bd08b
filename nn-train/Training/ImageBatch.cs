// SPDX-License-Identifier: Apache-2.0
using NnTrain.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace NnTrain.Training;

/// <summary>Images and labels as tensors: <c>pixel / 256</c> in the order image, channel, row, column.</summary>
/// <param name="Images">Single precision.</param>
/// <param name="Labels">64-bit integers.</param>
public sealed record ImageBatch(Tensor Images, Tensor Labels)
{
    private const float PixelStep = 1f / 256;

    /// <summary>Images in their order.</summary>
    public static ImageBatch Of(ImageSet set, int start, int count) =>
        Of(set, [.. Enumerable.Range(start, count)], shiftPixels: 0, random: null);

    /// <summary>Some images, each moved by up to some pixels in both directions; what moves in is 0.</summary>
    /// <param name="set">Where they are.</param>
    /// <param name="indices">Which images.</param>
    /// <param name="shiftPixels">The largest move.</param>
    /// <param name="random">Where moves come from; needed where there are some.</param>
    public static ImageBatch Of(ImageSet set, ReadOnlySpan<int> indices, int shiftPixels, SeededRandom? random)
    {
        float[] values = new float[indices.Length * set.ImageBytes];
        long[] labels = new long[indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            int down = Move(shiftPixels, random);
            int right = Move(shiftPixels, random);
            Fill(values.AsSpan(i * set.ImageBytes, set.ImageBytes), set, indices[i], down, right);
            labels[i] = set.Labels[indices[i]];
        }
        return new ImageBatch(
            tensor(values, [indices.Length, set.Channels, set.Height, set.Width]),
            tensor(labels, [indices.Length]));
    }

    private static int Move(int shiftPixels, SeededRandom? random) =>
        shiftPixels == 0 ? 0 : random!.NextInt((2 * shiftPixels) + 1) - shiftPixels;

    private static void Fill(Span<float> values, ImageSet set, int index, int down, int right)
    {
        ReadOnlySpan<byte> pixels = set.Image(index);
        (int firstRow, int lastRow) = (Math.Max(0, down), Math.Min(set.Height, set.Height + down));
        (int firstColumn, int lastColumn) = (Math.Max(0, right), Math.Min(set.Width, set.Width + right));
        for (int c = 0; c < set.Channels; c++)
        {
            for (int y = firstRow; y < lastRow; y++)
            {
                for (int x = firstColumn; x < lastColumn; x++)
                {
                    byte pixel = pixels[((((y - down) * set.Width) + x - right) * set.Channels) + c];
                    values[(((c * set.Height) + y) * set.Width) + x] = pixel * PixelStep;
                }
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Data;

/// <summary>Labelled 8-bit images.</summary>
public sealed record ImageSet
{
    /// <summary>Name of the data set.</summary>
    public required string Name { get; init; }

    /// <summary>Rows of an image.</summary>
    public required int Height { get; init; }

    /// <summary>Columns of an image.</summary>
    public required int Width { get; init; }

    /// <summary>1 for grey, 3 for red, green, blue.</summary>
    public required int Channels { get; init; }

    /// <summary>Pixels, 0 … 255, in the order image, row, column, channel (NHWC).</summary>
    public required byte[] Pixels { get; init; }

    /// <summary>The class of each image, an index into <see cref="ClassNames"/>.</summary>
    public required byte[] Labels { get; init; }

    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Bytes of one image.</summary>
    public int ImageBytes => Height * Width * Channels;

    /// <summary>The pixels of one image.</summary>
    public ReadOnlySpan<byte> Image(int index) => Pixels.AsSpan(index * ImageBytes, ImageBytes);

    /// <summary>A run of images.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The run is not inside the set.</exception>
    public ImageSet Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count - count);
        return this with
        {
            Pixels = Pixels[(start * ImageBytes)..((start + count) * ImageBytes)],
            Labels = Labels[start..(start + count)],
        };
    }
}

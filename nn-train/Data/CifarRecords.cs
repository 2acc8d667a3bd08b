// SPDX-License-Identifier: Apache-2.0
namespace NnTrain.Data;

/// <summary>
/// Records of the CIFAR-10 binary format: one byte of label, then 1024 bytes each of red, green and blue, rows first.
/// </summary>
public static class CifarRecords
{
    public const int Extent = 32;
    public const int Channels = 3;
    public const int RecordBytes = 1 + Extent * Extent * Channels;

    private const int Plane = Extent * Extent;

    /// <summary>Takes labels and pixels apart; pixels come out in the order image, row, column, channel.</summary>
    /// <exception cref="DatasetException">The length is not a number of whole records.</exception>
    public static (byte[] pixels, byte[] labels) Parse(ReadOnlySpan<byte> content, string name)
    {
        var (count, rest) = Math.DivRem(content.Length, RecordBytes);
        if (rest != 0)
        {
            throw new DatasetException($"{name}: {content.Length} bytes are not a number of whole records of {RecordBytes}.");
        }
        var labels = new byte[count];
        var pixels = new byte[count * Plane * Channels];
        for (var image = 0; image < count; image++)
        {
            var record = content.Slice(image * RecordBytes, RecordBytes);
            labels[image] = record[0];
            var target = pixels.AsSpan(image * Plane * Channels, Plane * Channels);
            for (var pixel = 0; pixel < Plane; pixel++)
            {
                for (var channel = 0; channel < Channels; channel++)
                {
                    target[pixel * Channels + channel] = record[1 + channel * Plane + pixel];
                }
            }
        }
        return (pixels, labels);
    }
}

// SPDX-License-Identifier: Apache-2.0
using NnTrain.Data;
using NnTrain.Training;

namespace NnTrain.Tests.Training;

/// <summary>Images that a small network can learn in a second: each class is a bright square at a place of its own, under noise.</summary>
internal static class SyntheticImages
{
    public const int Classes = 4;

    public static ImageSets Sets(int size = 8, int channels = 1, int classes = Classes) => new(
        Create(size, channels, classes, 192, seed: 1),
        Create(size, channels, classes, 40, seed: 2),
        Create(size, channels, classes, 100, seed: 3));

    public static ImageSet Create(int size, int channels, int classes, int count, long seed)
    {
        SeededRandom random = new(seed);
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)(i % classes))];
        byte[] pixels = new byte[count * size * size * channels];
        int cell = size / 4;
        for (int i = 0; i < count; i++)
        {
            (int top, int left) = (labels[i] / 4 * cell % size, labels[i] % 4 * cell);
            for (int y = 0; y < size; y++)
            {
                for (int x = 0; x < size; x++)
                {
                    bool bright = y >= top && y < top + (2 * cell) && x >= left && x < left + cell;
                    for (int c = 0; c < channels; c++)
                    {
                        pixels[(((((i * size) + y) * size) + x) * channels) + c] = (byte)((bright ? 160 : 0) + random.NextInt(96));
                    }
                }
            }
        }
        return new ImageSet
        {
            Name = "synthetic",
            Height = size,
            Width = size,
            Channels = channels,
            Pixels = pixels,
            Labels = labels,
            ClassNames = [.. Enumerable.Range(0, classes).Select(label => $"class {label}")],
        };
    }
}

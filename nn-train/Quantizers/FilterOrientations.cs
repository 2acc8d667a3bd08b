// SPDX-License-Identifier: Apache-2.0
using NnTrain.Specification;

namespace NnTrain.Quantizers;

/// <summary>
/// Square filters of odd width as rings about their centre. Orientation j of N turns every ring clockwise by <c>j / N</c> of a round: ring r has 8 r elements, of which that is a whole number for N = 2, 4, 8. With N = 4 they are
/// quarter turns.
/// </summary>
public static class FilterOrientations
{
    /// <summary>The most orientations: no ring of a filter of three by three has more elements.</summary>
    public const int Most = 8;

    /// <summary>Whether the filters of a layer can be turned: they have rings, and the output channels are whole sets of orientations.</summary>
    public static bool Fit(ConvolutionSpec layer, int orientations) => layer.Kernel >= 3 && layer.Kernel % 2 == 1 && layer.Channels % orientations == 0;

    /// <summary>
    /// Where each weight of a layer comes from: output channel <c>N g + j</c> is channel <c>N g</c> in orientation j, all input channels turned alike.
    /// </summary>
    /// <param name="shape">Output channels, input channels, kernel rows, kernel columns.</param>
    /// <param name="orientations">N: 2, 4 or 8.</param>
    /// <returns>The flat index of the source, for each weight in their order.</returns>
    public static long[] Sources(ReadOnlySpan<long> shape, int orientations)
    {
        if (shape is not [long outputs, long inputs, long height, long width] || height != width || width < 3 || width % 2 == 0 || outputs % orientations != 0)
        {
            throw new ArgumentException($"filters of {string.Join(" x ", shape.ToArray())} have no {orientations} orientations", nameof(shape));
        }

        int pixels = (int)(width * width);
        int[][] turned = [.. Enumerable.Range(0, orientations).Select(j => Turned((int)width, j, orientations))];
        long[] sources = new long[outputs * inputs * pixels];
        for (long output = 0; output < outputs; output++)
        {
            long from = output - (output % orientations);
            for (long input = 0; input < inputs; input++)
            {
                for (int pixel = 0; pixel < pixels; pixel++)
                {
                    sources[(((output * inputs) + input) * pixels) + pixel] = (((from * inputs) + input) * pixels) + turned[output % orientations][pixel];
                }
            }
        }

        return sources;
    }

    /// <summary>The pixel that each pixel of orientation j shows.</summary>
    private static int[] Turned(int width, int j, int orientations)
    {
        int[] source = [.. Enumerable.Range(0, width * width)];
        for (int radius = 1; radius <= width / 2; radius++)
        {
            int[] ring = Ring(width, radius);
            int shift = ring.Length * j / orientations;
            for (int k = 0; k < ring.Length; k++)
            {
                source[ring[(k + shift) % ring.Length]] = ring[k];
            }
        }

        return source;
    }

    /// <summary>The pixels at a distance from the centre, clockwise from the upper left one on.</summary>
    private static int[] Ring(int width, int radius)
    {
        int centre = width / 2;
        int side = 2 * radius;
        return [.. Enumerable.Range(0, 4 * side).Select(k => (Edge: k / side, Along: (k % side) - radius)).Select(place => place.Edge switch
        {
            0 => Pixel(-radius, place.Along),
            1 => Pixel(place.Along, radius),
            2 => Pixel(radius, -place.Along),
            _ => Pixel(-place.Along, -radius),
        })];

        int Pixel(int row, int column) => ((centre + row) * width) + centre + column;
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AccelModel.Numerics;

namespace AccelModel.Networks.Generation;

/// <summary>Draws the weights of a layer, each value of the grid as likely as the others.</summary>
internal static class WeightSource
{
    private const int CodebookMaximum = 127;

    /// <summary>Least and most bits of a grid.</summary>
    public static (int Least, int Most) Bits(WeightGrid grid) => grid switch
    {
        WeightGrid.Integer => (2, 16),
        WeightGrid.PowerOfTwo => (2, 5),
        WeightGrid.Codebook => (1, 7),
        _ => (1, 16),
    };

    /// <summary>The format that holds all values of a grid.</summary>
    public static FixedPointFormat Format(WeightGrid grid, int bits) => new(true, grid switch
    {
        WeightGrid.Integer => bits,
        WeightGrid.PowerOfTwo => (1 << (bits - 1)) - 2 + 2,
        WeightGrid.Codebook => 8,
        _ => 2,
    }, 0);

    /// <summary>Weights of a shape.</summary>
    public static IntegerTensor Draw(ImmutableArray<int> shape, WeightGrid grid, int bits, SplitMix random)
    {
        int[] values = new int[shape.Aggregate(1, (product, extent) => checked(product * extent))];
        if (grid == WeightGrid.Integer)
        {
            int most = (1 << (bits - 1)) - 1;
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = random.Between(-most, most);
            }
        }
        else
        {
            int[] table = Values(grid, bits, random);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = table[random.Below(table.Length)];
            }
        }

        return new(shape, ImmutableCollectionsMarshal.AsImmutableArray(values));
    }

    private static int[] Values(WeightGrid grid, int bits, SplitMix random)
    {
        switch (grid)
        {
            case WeightGrid.Bipolar:
                return [-1, 1];
            case WeightGrid.Ternary:
                return [-1, 0, 1];
            case WeightGrid.PowerOfTwo:
                int exponents = (1 << (bits - 1)) - 1;
                return [0, .. Enumerable.Range(0, exponents).SelectMany(e => new[] { 1 << e, -(1 << e) })];
            default:
                SortedSet<int> book = [];
                while (book.Count < 1 << bits)
                {
                    book.Add(random.Between(-CodebookMaximum, CodebookMaximum));
                }

                return [.. book];
        }
    }
}

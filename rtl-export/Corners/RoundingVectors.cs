// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification.Yaml;

namespace RtlExport.Corners;

/// <summary>Words for <c>rounding_shift</c>: one value, and what each rounding mode makes of it.</summary>
public static class RoundingVectors
{
    /// <summary>Name of the files.</summary>
    public const string Name = "rounding";

    /// <summary>Shifts about every multiple of 8 that products end at, the smallest and the largest.</summary>
    private static readonly int[] Shifts = [0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 47, 48, 62, 63];

    private static readonly int[] OddHalves = [-5, -3, -1, 1, 3, 5];

    /// <summary>The modes in the order of their columns.</summary>
    public static IReadOnlyList<RoundingMode> Modes { get; } = Enum.GetValues<RoundingMode>();

    /// <summary>The column of a mode's results.</summary>
    public static string Column(RoundingMode mode) => "rounded_" + EnumNames.Of(mode);

    /// <summary>
    /// Per shift: odd multiples of a half and both neighbours of each, 0, 1, -1, and the limits of 64 bits; with random words of no bit, of all bits, of the top bit and of the lane's register in turn.
    /// Some words set <c>half_away</c> or <c>half_up</c>: then all modes give what that one gives.
    /// </summary>
    public static VectorTable Table()
    {
        VectorColumn[] columns =
        [
            new("value", 64, true), new("shift", 6, false), new("half_away", 1, false), new("half_up", 1, false), new("random", 32, false), .. Modes.Select(mode => new VectorColumn(Column(mode), 64, true)),
        ];
        return new(Name, columns, Words());
    }

    private static IEnumerable<long[]> Words()
    {
        var random = Lfsr.ForLane(0);
        int index = 0;
        foreach (int shift in Shifts)
        {
            foreach (long value in Values(shift).Distinct())
            {
                uint word = (index++ % 4) switch { 0 => 0, 1 => uint.MaxValue, 2 => 1u << 31, _ => random.Next() };
                yield return Word(value, shift, null, word);
                if (index % 5 == 0)
                {
                    yield return Word(value, shift, index % 2 == 0 ? RoundingMode.HalfAway : RoundingMode.HalfUp, word);
                }
            }
        }
    }

    private static IEnumerable<long> Values(int shift)
    {
        foreach (int odd in OddHalves.Where(_ => shift > 0))
        {
            Int128 tie = (Int128)odd << (shift - 1);
            foreach (Int128 value in new[] { tie - 1, tie, tie + 1 }.Where(value => value >= long.MinValue && value <= long.MaxValue))
            {
                yield return (long)value;
            }
        }

        foreach (long value in new[] { long.MinValue, long.MinValue + 1, -1, 0, 1, long.MaxValue - 1, long.MaxValue })
        {
            yield return value;
        }
    }

    private static long[] Word(long value, int shift, RoundingMode? all, uint random) =>
    [
        value, shift, all == RoundingMode.HalfAway ? 1 : 0, all == RoundingMode.HalfUp ? 1 : 0, random, .. Modes.Select(mode => Rounding.ShiftRight(all ?? mode, value, shift, random)),
    ];
}

// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Numerics;

namespace AccelModel.Simulation.Values;

/// <summary>What the codes of a tensor can be: <c>low, low + step, ... high</c>. A single code has step 0.</summary>
internal readonly record struct CodeSet(long Low, long High, long Step)
{
    /// <summary>From the least to the greatest.</summary>
    public Interval Range => new(Low, High);

    /// <summary>Whether there are exactly two.</summary>
    public bool IsTwoValued => Step > 0 && High - Low == Step;

    /// <summary>All codes of a format.</summary>
    public static CodeSet Of(FixedPointFormat format) => Of(format.MinRaw, format.MaxRaw, 1);

    /// <summary>What a requantisation makes.</summary>
    public static CodeSet Of(Requantization requantization) =>
        Of(requantization.Minimum, requantization.Maximum, requantization.Kind == RequantizationKind.Thresholds ? requantization.ThresholdStep : 1);

    /// <summary>The codes of a list, of which there is at least one.</summary>
    public static CodeSet Of(ReadOnlySpan<int> codes)
    {
        CodeSet set = new(codes[0], codes[0], 0);
        foreach (int code in codes)
        {
            if (code < set.Low || code > set.High || (set.Step != 1 && set.Step != 0 && (code - set.Low) % set.Step != 0))
            {
                set = set.Union(new CodeSet(code, code, 0));
            }
        }
        return set;
    }

    /// <summary>The codes of both.</summary>
    public CodeSet Union(CodeSet other) =>
        Of(Math.Min(Low, other.Low), Math.Max(High, other.High), GreatestDivisor(GreatestDivisor(Step, other.Step), Math.Abs(Low - other.Low)));

    private static CodeSet Of(long low, long high, long step) => new(low, high, low == high ? 0 : step);

    private static long GreatestDivisor(long a, long b) => b == 0 ? a : GreatestDivisor(b, a % b);
}

// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;

namespace AccelModel.Specification;

/// <summary>The operands that an array can multiply, and the offsets with which codes are such.</summary>
/// <param name="Least">The least operand.</param>
/// <param name="Greatest">The greatest.</param>
public readonly record struct OperandRange(long Least, long Greatest)
{
    /// <summary>All words of two's complement.</summary>
    public static OperandRange OfWidth(int width) => new(TwosComplement.Min(width), TwosComplement.Max(width));

    /// <summary>Whether all codes of a format are operands with an offset.</summary>
    public bool Holds(FixedPointFormat codes, long offset = 0) => codes.MinRaw + offset >= Least && codes.MaxRaw + offset <= Greatest;

    /// <summary>Whether they are with some offset: then with each from <see cref="LeastOffset"/> to <see cref="GreatestOffset"/>.</summary>
    public bool HoldsWithOffset(FixedPointFormat codes) => LeastOffset(codes) <= GreatestOffset(codes);

    /// <summary>The offset that makes the least code the least operand.</summary>
    public int LeastOffset(FixedPointFormat codes) => (int)(Least - codes.MinRaw);

    /// <summary>The offset that makes the greatest code the greatest operand.</summary>
    public int GreatestOffset(FixedPointFormat codes) => (int)(Greatest - codes.MaxRaw);
}

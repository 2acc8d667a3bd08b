// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;

namespace AccelModel.Networks;

/// <summary>What holds an operand: two's complement or plain binary, of so many bits.</summary>
/// <param name="Signed">Two's complement when true.</param>
/// <param name="Width">Bits.</param>
public readonly record struct OperandFormat(bool Signed, int Width)
{
    /// <summary>The codes' own format without an offset; else the narrowest that holds <c>code + offset</c> for all codes, signed where one is negative.</summary>
    public static OperandFormat Of(FixedPointFormat codes, int offset)
    {
        if (offset == 0)
        {
            return new(codes.Signed, codes.Width);
        }
        SumInterval sums = new(codes.MinRaw + offset, codes.MaxRaw + offset);
        return sums.Minimum < 0 ? new(true, sums.Width) : new(false, sums.Width - 1);
    }
}

// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Numerics;

/// <summary>A fixed-point format: <c>value = code * 2^-FractionBits</c>.</summary>
public readonly record struct FixedPointFormat(bool Signed, int Width, int FractionBits)
{
    /// <summary>Least code.</summary>
    public long MinRaw => Signed ? -(1L << (Width - 1)) : 0;

    /// <summary>Greatest code.</summary>
    public long MaxRaw => Signed ? (1L << (Width - 1)) - 1 : (1L << Width) - 1;
}

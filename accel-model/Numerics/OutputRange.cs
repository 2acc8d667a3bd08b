// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Numerics;

/// <summary>
/// The last step of every requantiser: <c>min(max(rounded + ZeroPoint, Minimum), Maximum)</c>. ReLU is
/// <c>Minimum = ZeroPoint</c>; a clip (ReLU6, PACT) is a lower Maximum.
/// </summary>
public readonly record struct OutputRange(int ZeroPoint, int Minimum, int Maximum)
{
    /// <summary>The whole of a format with zero point 0.</summary>
    /// <exception cref="OverflowException">The format is unsigned and 32 bits wide: codes are <see cref="int"/>.</exception>
    public static OutputRange Of(FixedPointFormat format) =>
        new(0, checked((int)format.MinRaw), checked((int)format.MaxRaw));

    /// <summary>The output code of a rounded value; clamping before the zero point is added cannot overflow.</summary>
    public int Clamp(long rounded) =>
        (int)(Math.Clamp(rounded, (long)Minimum - ZeroPoint, (long)Maximum - ZeroPoint) + ZeroPoint);
}

// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Numerics;

/// <summary>
/// A rounding mode as the choice between the two neighbours of <c>x = floor + remainder / 2^shift</c>. Kernels take it
/// as a type argument, so that the rule is stated once and compiled into every loop.
/// </summary>
public interface IRoundingMode
{
    static abstract RoundingMode Mode { get; }

    /// <summary>True when the result is <c>floor + 1</c>, false when it is <c>floor</c>.</summary>
    /// <param name="floor">The lower neighbour (its sign and its lowest bit are all that is ever used).</param>
    /// <param name="remainder">The bits below the cut, <c>0 &lt;= remainder &lt; 2^shift</c>.</param>
    /// <param name="shift">Number of bits below the cut, 0..63.</param>
    /// <param name="random">The lane's random word; read by <see cref="RoundStochastic"/> only.</param>
    static abstract bool RoundsUp(long floor, ulong remainder, int shift, uint random);
}

/// <summary><c>floor(x)</c>.</summary>
public readonly struct RoundFloor : IRoundingMode
{
    public static RoundingMode Mode => RoundingMode.Floor;

    public static bool RoundsUp(long floor, ulong remainder, int shift, uint random) => false;
}

/// <summary><c>floor(x + 1/2)</c>.</summary>
public readonly struct RoundHalfUp : IRoundingMode
{
    public static RoundingMode Mode => RoundingMode.HalfUp;

    public static bool RoundsUp(long floor, ulong remainder, int shift, uint random) =>
        remainder >= Rounding.Half(shift);
}

/// <summary>Nearest, ties away from zero.</summary>
public readonly struct RoundHalfAway : IRoundingMode
{
    public static RoundingMode Mode => RoundingMode.HalfAway;

    public static bool RoundsUp(long floor, ulong remainder, int shift, uint random) =>
        remainder > Rounding.Half(shift) || (remainder == Rounding.Half(shift) && floor >= 0);
}

/// <summary>Nearest, ties to the even neighbour.</summary>
public readonly struct RoundHalfEven : IRoundingMode
{
    public static RoundingMode Mode => RoundingMode.HalfEven;

    public static bool RoundsUp(long floor, ulong remainder, int shift, uint random) =>
        remainder > Rounding.Half(shift) || (remainder == Rounding.Half(shift) && long.IsOddInteger(floor));
}

/// <summary>The neighbour of smaller magnitude.</summary>
public readonly struct RoundTowardZero : IRoundingMode
{
    public static RoundingMode Mode => RoundingMode.TowardZero;

    public static bool RoundsUp(long floor, ulong remainder, int shift, uint random) => remainder != 0 && floor < 0;
}

/// <summary>
/// <c>floor((value + addend) / 2^shift)</c>; the addend is <c>shift</c> bits wide and its top bits are those of the
/// random word: <c>random &gt;&gt; (32 - shift)</c> up to shift 32, <c>random &lt;&lt; (shift - 32)</c> above.
/// </summary>
public readonly struct RoundStochastic : IRoundingMode
{
    public static RoundingMode Mode => RoundingMode.Stochastic;

    public static bool RoundsUp(long floor, ulong remainder, int shift, uint random)
    {
        ulong addend = shift <= 32 ? (ulong)random >> (32 - shift) : (ulong)random << (shift - 32);
        return (remainder + addend) >> shift != 0;
    }
}

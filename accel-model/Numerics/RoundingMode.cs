// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Numerics;

/// <summary>
/// How a quotient <c>x = value / 2^shift</c> becomes an integer. The names in files are the snake_case of these:
/// <c>floor</c>, <c>half_up</c>, <c>half_away</c>, <c>half_even</c>, <c>toward_zero</c>, <c>stochastic</c>.
/// </summary>
public enum RoundingMode
{
    /// <summary><c>floor(x)</c>: drop the bits (Vivado <c>AP_TRN</c>).</summary>
    Floor,

    /// <summary><c>floor(x + 1/2)</c>: ties towards plus infinity, one adder in hardware (<c>AP_RND</c>).</summary>
    HalfUp,

    /// <summary><c>sign(x) * floor(|x| + 1/2)</c>: ties away from zero (<c>AP_RND_INF</c>).</summary>
    HalfAway,

    /// <summary>Nearest, ties to the even neighbour (<c>AP_RND_CONV</c>).</summary>
    HalfEven,

    /// <summary><c>sign(x) * floor(|x|)</c>: truncate the magnitude (<c>AP_TRN_ZERO</c>).</summary>
    TowardZero,

    /// <summary><c>floor(x + u)</c> with u from an <see cref="Lfsr"/> word, 0 &lt;= u &lt; 1.</summary>
    Stochastic,
}

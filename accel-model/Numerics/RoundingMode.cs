// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Numerics;

/// <summary>What happens to the bits below the cut.</summary>
public enum RoundingMode
{
    /// <summary>Towards minus infinity.</summary>
    Floor,

    /// <summary>Nearest, ties towards plus infinity.</summary>
    HalfUp,

    /// <summary>Nearest, ties away from zero.</summary>
    HalfAway,

    /// <summary>Nearest, ties to the even neighbour.</summary>
    HalfEven,

    /// <summary>Towards zero.</summary>
    TowardZero,

    /// <summary>Random bits are added below the cut, then floor.</summary>
    Stochastic,
}

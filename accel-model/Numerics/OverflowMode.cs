// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Numerics;

/// <summary>What an addition does when its exact result leaves the width.</summary>
public enum OverflowMode
{
    /// <summary>The nearest representable value.</summary>
    Saturate,

    /// <summary>The low bits, as two's complement.</summary>
    Wrap,
}

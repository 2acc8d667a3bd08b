// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;

namespace AccelModel.Networks;

/// <summary>Shape and number format of an activation tensor; data is in rows, columns, channels order (NHWC without N).</summary>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Channels">Channels of a pixel.</param>
/// <param name="Format">Format of every code in the tensor.</param>
public sealed record TensorSpec(int Height, int Width, int Channels, FixedPointFormat Format)
{
    /// <summary>Number of codes: <c>height * width * channels</c>.</summary>
    public int Elements => checked(Height * Width * Channels);

    /// <summary>Number of pixels: <c>height * width</c>.</summary>
    public int Pixels => checked(Height * Width);
}

// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using NnTrain.Quantizers;
using NnTrain.Specification;
using TorchSharp;
using static TorchSharp.torch;
using RoundingMode = AccelModel.Numerics.RoundingMode;

namespace NnTrain.Calibration;

/// <summary>What a clipping rule looks at: the values that share a scale, and the grid that they will be rounded to.</summary>
/// <param name="Values">All values of a group in single precision, in any shape; not negative on a grid without signs. Dimension 0 is the image where there are several.</param>
/// <param name="Grid">The integers that codes can be.</param>
/// <param name="Rounding">From ratios to codes.</param>
/// <param name="Scale">Which steps are allowed.</param>
public sealed record CalibrationSample(Tensor Values, IGrid Grid, RoundingMode Rounding, ScaleKind Scale)
{
    /// <summary>Whether codes have signs.</summary>
    public bool Signed => Grid.Lowest < 0;

    /// <summary>Bits of a uniform grid with as many levels: <c>log2(Highest - Lowest + 1)</c>, rounded up.</summary>
    public int Bits => (int)Math.Ceiling(Math.Log2(Grid.Highest - Grid.Lowest + 1));
}

/// <summary>From values to the step of their codes, once, before anything is trained.</summary>
public interface IClippingRule
{
    /// <summary>The value of one code; 0 where all values are 0.</summary>
    double StepOf(CalibrationSample sample);
}

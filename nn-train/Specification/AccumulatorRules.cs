// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace NnTrain.Specification;

/// <summary>Whether a design makes the sums that a recipe trains on, at keys of the recipe.</summary>
public static class AccumulatorRules
{
    /// <summary>Sums that wrap in training wrap in the narrower of partial sums and accumulators, at the same width. (What is wider and wraps, too, changes nothing.)</summary>
    public static IEnumerable<Finding> Check(TrainingSpec recipe, AcceleratorSpec design)
    {
        if (recipe.QuantizedPhase?.Accumulator is not { Overflow: SumOverflow.Wrap, Width: int width })
        {
            yield break;
        }

        (int Width, OverflowMode Overflow)[] sums = [(design.Array.PartialSumWidth, design.Array.Overflow), (design.Accumulator.Width, design.Accumulator.Overflow)];
        if (sums.Min(sum => sum.Width) != width || sums.Any(sum => sum.Width == width && sum.Overflow != OverflowMode.Wrap))
        {
            yield return new Finding(
                "quantized_phase.accumulator.overflow",
                $"sums of {width} bits wrap in training, found a design with partial sums of {sums[0].Width} bits that {Verb(sums[0].Overflow)} and accumulators of {sums[1].Width} bits that {Verb(sums[1].Overflow)}, "
                + $"allowed one whose narrower sums have {width} bits and wrap (array.partial_sum_width, array.overflow, accumulator.width, accumulator.overflow)");
        }
    }

    private static string Verb(OverflowMode overflow) => EnumNames.Of(overflow);
}

// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Simulation.Values;

/// <summary>Runs one output's additions once more, one by one, to find where it first overflows.</summary>
internal sealed class OverflowSearch(MatrixShape shape, AccumulationPlan plan)
{
    /// <param name="weights">Weights of the layer, <c>[output][k]</c>.</param>
    /// <param name="codes">Input codes of the image.</param>
    /// <param name="pixel">Output pixel.</param>
    /// <param name="output">Output channel.</param>
    /// <param name="image">Index of the image in the batch.</param>
    /// <param name="index">Flat index of the output in its tensor.</param>
    /// <returns>The first overflow, or null if there is none.</returns>
    public FirstOverflow? First(ReadOnlySpan<int> weights, ReadOnlySpan<int> codes, int pixel, int output, int image, int index)
    {
        weights = weights.Slice(output * shape.Depth, shape.Depth);
        long accumulator = 0;
        for (int s = 0; s < plan.Segments.Length; s++)
        {
            PlanSegment segment = plan.Segments[s];
            int rows = segment.K.Length / plan.Lanes;
            long sum = 0;
            for (int row = 0; row < rows; row++)
            {
                long addend = 0;
                foreach (int entry in segment.K.AsSpan().Slice(row * plan.Lanes, plan.Lanes))
                {
                    int k = entry < 0 || plan.Span is not GroupSpan span ? entry : span.Product(entry, output, shape.GroupOutputs, shape.GroupInputs);
                    addend += k < 0 ? 0 : weights[k] * Operand(segment, shape.Activation(codes, pixel, output, k));
                }
                sum = Overflow.Add(plan.PartialSumOverflow, sum, addend, plan.PartialSumWidth, out bool left);
                if (left)
                {
                    return new FirstOverflow(image, index, s, row, OverflowStage.PartialSum);
                }
            }
            long weighted = sum << (segment.WholeCode ? 0 : segment.Digit * plan.DigitWidth);
            accumulator = Overflow.Add(plan.AccumulatorOverflow, accumulator, weighted, plan.AccumulatorWidth, out bool overflowed);
            if (overflowed)
            {
                return new FirstOverflow(image, index, s, rows - 1, OverflowStage.Accumulator);
            }
        }
        return null;
    }

    private long Operand(PlanSegment segment, long activation) =>
        segment.WholeCode ? activation : (activation >> (segment.Digit * plan.DigitWidth)) & ((1L << plan.DigitWidth) - 1);
}

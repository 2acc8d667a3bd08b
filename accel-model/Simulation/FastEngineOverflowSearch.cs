// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Simulation;

/// <summary>Runs one output's additions once more, one by one, to find where it first overflows.</summary>
internal static class FastEngineOverflowSearch
{
    /// <param name="layer">The layer.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="codes">Input codes of the image.</param>
    /// <param name="image">Index of the image in the batch.</param>
    /// <param name="output">Flat index of the output.</param>
    /// <returns>The first overflow, or null if there is none.</returns>
    public static FirstOverflow? First(MatrixLayer layer, AccumulationPlan plan, ReadOnlySpan<int> codes, int image, int output)
    {
        int pixel = output / layer.OutputChannels;
        ReadOnlySpan<int> weights = layer.Weights.Values.AsSpan().Slice(output % layer.OutputChannels * layer.Depth, layer.Depth);
        long accumulator = 0;
        for (int s = 0; s < plan.Segments.Length; s++)
        {
            PlanSegment segment = plan.Segments[s];
            int rows = segment.K.Length / plan.Lanes;
            long sum = 0;
            for (int row = 0; row < rows; row++)
            {
                long addend = 0;
                foreach (int k in segment.K.AsSpan().Slice(row * plan.Lanes, plan.Lanes))
                {
                    addend += k < 0 ? 0 : (long)weights[k] * Operand(segment, plan, Activation(layer, codes, pixel, k));
                }
                sum = Overflow.Add(plan.PartialSumOverflow, sum, addend, plan.PartialSumWidth, out bool left);
                if (left)
                {
                    return new FirstOverflow(image, output, s, row, OverflowStage.PartialSum);
                }
            }
            accumulator = Overflow.Add(
                plan.AccumulatorOverflow, accumulator, sum << FastEngineBounds.Shift(segment, plan), plan.AccumulatorWidth, out bool overflowed);
            if (overflowed)
            {
                return new FirstOverflow(image, output, s, rows - 1, OverflowStage.Accumulator);
            }
        }
        return null;
    }

    private static long Operand(PlanSegment segment, AccumulationPlan plan, int code) =>
        segment.WholeCode ? code : (code >> (segment.Digit * plan.DigitWidth)) & ((1L << plan.DigitWidth) - 1);

    private static int Activation(MatrixLayer layer, ReadOnlySpan<int> codes, int pixel, int k)
    {
        int channels = layer.Input.Channels;
        int y = (pixel / layer.ConvColumns * layer.Stride.Rows) + (k / channels / layer.KernelColumns * layer.Dilation.Rows) - layer.Padding.Top;
        int x = (pixel % layer.ConvColumns * layer.Stride.Columns) + (k / channels % layer.KernelColumns * layer.Dilation.Columns) - layer.Padding.Left;
        bool inside = y >= 0 && y < layer.Input.Height && x >= 0 && x < layer.Input.Width;
        return inside ? codes[(((y * layer.Input.Width) + x) * channels) + (k % channels)] : layer.PaddingCode;
    }
}

// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;
using AccelModel.Simulation.Kernels;

namespace AccelModel.Simulation.Values;

/// <summary>The maximum, or the mean half away from zero, of windows of codes.</summary>
internal sealed unsafe class PoolStep : LayerStep
{
    private readonly TensorSpec input;
    private readonly TensorSpec output;
    private readonly WindowsOfAxis rows;
    private readonly WindowsOfAxis columns;
    private readonly AveragePoolLayer? average;
    private readonly delegate*<int*, int, int, nint, nint, int*, int, void> window;

    private PoolStep(Layer layer, TensorSpec input, CodeSet codes, WindowsOfAxis rows, WindowsOfAxis columns, InstructionSet set)
    {
        this.input = input;
        this.rows = rows;
        this.columns = columns;
        output = layer.Output;
        average = layer as AveragePoolLayer;
        Codes = codes;
        window = average is null ? WindowKernels.For<int, WindowMaximum>(set) : WindowKernels.For<int, WindowSum>(set);
    }

    public override CodeSet Codes { get; }

    public static PoolStep Of(MaxPoolLayer layer, TensorSpec input, CodeSet codes, InstructionSet set) => new(
        layer,
        input,
        codes,
        new WindowsOfAxis(layer.Window.Rows, layer.Stride.Rows, layer.Padding.Top, layer.Padding.Bottom, input.Height),
        new WindowsOfAxis(layer.Window.Columns, layer.Stride.Columns, layer.Padding.Left, layer.Padding.Right, input.Width),
        set);

    public static PoolStep Of(AveragePoolLayer layer, TensorSpec input, CodeSet codes, InstructionSet set)
    {
        // A mean lies between the codes, but not on their steps.
        Interval range = layer.CountIncludePad ? codes.Range.With(layer.PaddingCode) : codes.Range;
        return new(
            layer,
            input,
            new CodeSet(range.Low, range.High, range.Low == range.High ? 0 : 1),
            new WindowsOfAxis(layer.Window.Rows, layer.Stride.Rows, layer.Padding.Top, layer.Padding.Bottom, input.Height),
            new WindowsOfAxis(layer.Window.Columns, layer.Stride.Columns, layer.Padding.Left, layer.Padding.Right, input.Width),
            set);
    }

    public override Runner ForThread(int images) => new ThreadRunner(this);

    private void Run(int* codes, int* destination)
    {
        for (int y = 0; y < output.Height; y++)
        {
            (int top, int height) = rows.Inside(y);
            for (int x = 0; x < output.Width; x++)
            {
                (int left, int width) = columns.Inside(x);
                int* first = codes + ((((nint)top * input.Width) + left) * input.Channels);
                window(first, height, width, (nint)input.Width * input.Channels, input.Channels, destination, input.Channels);
                if (average is not null)
                {
                    int inside = height * width;
                    int count = average.CountIncludePad ? rows.CountWithPadding(y) * columns.CountWithPadding(x) : inside;
                    Divide(destination, (long)(count - inside) * average.PaddingCode, count);
                }
                destination += input.Channels;
            }
        }
    }

    /// <summary>
    /// <c>(sum + padding) / count</c>, half away from zero: the quotient of <c>x = 2 |sum + padding| + count</c> by <c>d = 2 count</c>, which is the high half of
    /// <c>x * (floor(2^64 / d) + 1)</c> as long as <c>x * d &lt; 2^64</c>. Sums have 31 bits, and windows at most 2^30 positions.
    /// </summary>
    private void Divide(int* sums, long padding, int count)
    {
        ulong divisor = 2UL * (ulong)count;
        ulong factor = (ulong)(((UInt128)1 << 64) / divisor) + 1;
        for (int c = 0; c < input.Channels; c++)
        {
            long sum = sums[c] + padding;
            long magnitude = (long)Math.BigMul((2 * (ulong)Math.Abs(sum)) + (ulong)count, factor, out _);
            sums[c] = (int)(sum < 0 ? -magnitude : magnitude);
        }
    }

    private sealed class ThreadRunner(PoolStep owner) : Runner
    {
        public override void Run(StepImages images)
        {
            for (int image = 0; image < images.Count; image++)
            {
                owner.Run(images.Inputs[0] + ((nint)image * owner.input.Elements), images.Output + ((nint)image * owner.output.Elements));
            }
        }
    }
}

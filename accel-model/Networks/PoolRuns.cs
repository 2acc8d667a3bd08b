// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Networks;

/// <summary>A layer that makes one code of each window of codes, channel by channel.</summary>
internal abstract class PoolRun(Layer layer, (int Rows, int Columns) window, (int Rows, int Columns) stride, Padding padding, TensorSpec input, int images)
    : LayerRun(layer, images)
{
    public override int[] Run(int image, int[][] inputs)
    {
        TensorSpec output = Layer.Output;
        int[] result = new int[output.Elements];
        for (int y = 0; y < output.Height; y++)
        {
            for (int x = 0; x < output.Width; x++)
            {
                for (int c = 0; c < output.Channels; c++)
                {
                    result[(((y * output.Width) + x) * output.Channels) + c] = Combine(Window(inputs[0], y, x, c));
                }
            }
        }
        return result;
    }

    /// <summary>The code that a position in the padding reads, or null where it does not take part.</summary>
    protected virtual int? PaddingCode => null;

    /// <summary>One code from those of a window, of which there is at least one.</summary>
    protected abstract int Combine(List<int> codes);

    private List<int> Window(int[] codes, int y, int x, int c)
    {
        List<int> read = [];
        for (int p = 0; p < window.Rows; p++)
        {
            for (int q = 0; q < window.Columns; q++)
            {
                int row = (y * stride.Rows) - padding.Top + p;
                int column = (x * stride.Columns) - padding.Left + q;
                if (row >= 0 && row < input.Height && column >= 0 && column < input.Width)
                {
                    read.Add(codes[(((row * input.Width) + column) * input.Channels) + c]);
                }
                else if (PaddingCode is int code && row < input.Height + padding.Bottom && column < input.Width + padding.Right)
                {
                    read.Add(code);
                }
            }
        }
        return read;
    }
}

/// <summary>The maximum of each window.</summary>
internal sealed class MaxPoolRun(MaxPoolLayer pool, TensorSpec input, int images) : PoolRun(pool, pool.Window, pool.Stride, pool.Padding, input, images)
{
    protected override int Combine(List<int> codes)
    {
        int maximum = codes[0];
        foreach (int code in codes)
        {
            maximum = Math.Max(maximum, code);
        }
        return maximum;
    }
}

/// <summary>The mean of each window, half away from zero.</summary>
internal sealed class AveragePoolRun(AveragePoolLayer pool, TensorSpec input, int images) : PoolRun(pool, pool.Window, pool.Stride, pool.Padding, input, images)
{
    protected override int? PaddingCode => pool.CountIncludePad ? pool.PaddingCode : null;

    protected override int Combine(List<int> codes)
    {
        long sum = 0;
        foreach (int code in codes)
        {
            sum += code;
        }
        long magnitude = ((2 * Math.Abs(sum)) + codes.Count) / (2 * codes.Count);
        return (int)(sum < 0 ? -magnitude : magnitude);
    }
}

// SPDX-License-Identifier: Apache-2.0
using AccelModel.Networks;

namespace Fuzzing.Networks;

/// <summary>Random windows, and the tensor that comes out.</summary>
internal sealed record RandomPooling((int Rows, int Columns) Window, (int Rows, int Columns) Stride, Padding Padding, bool CeilMode, TensorSpec Output)
{
    /// <summary>The whole tensor is one window.</summary>
    public static RandomPooling Global(TensorSpec input) => new((input.Height, input.Width), (1, 1), Padding.None, false, input with { Height = 1, Width = 1 });

    /// <summary>Windows over a tensor, of which there is at least one.</summary>
    public static RandomPooling Draw(ChoiceSource choices, NetworkLimits limits, TensorSpec input)
    {
        bool padded = limits.PaddedWindows && choices.OnceIn(2);
        (int Rows, int Columns) window = (choices.Between(1, padded ? 3 : Math.Min(3, input.Height)), choices.Between(1, padded ? 3 : Math.Min(3, input.Width)));
        (int Rows, int Columns) stride = (choices.Between(1, 3), choices.Between(1, 3));
        if (!limits.OverlappingWindows)
        {
            stride = (Math.Max(stride.Rows, window.Rows), Math.Max(stride.Columns, window.Columns));
        }
        if (!padded)
        {
            return new RandomPooling(
                window, stride, Padding.None, false, input with { Height = Windows(input.Height, window.Rows, stride.Rows), Width = Windows(input.Width, window.Columns, stride.Columns) });
        }

        // Less than the window at each side, and at least one window whole.
        Padding padding = new(
            Math.Max(choices.Next(window.Rows), window.Rows - input.Height),
            Math.Max(choices.Next(window.Columns), window.Columns - input.Width),
            choices.Next(window.Rows),
            choices.Next(window.Columns));
        bool ceilMode = choices.OnceIn(2);
        return new RandomPooling(window, stride, padding, ceilMode, input with
        {
            Height = Count(input.Height, padding.Top, padding.Bottom, window.Rows, stride.Rows),
            Width = Count(input.Width, padding.Left, padding.Right, window.Columns, stride.Columns),
        });

        int Count(int extent, int before, int after, int size, int step) =>
            ceilMode ? WindowsRoundedUp(extent, before, after, size, step) : Windows(before + extent + after, size, step);
    }

    /// <summary>Windows are counted, not computed: a start is a window where its last position is there.</summary>
    public static int Windows(int extent, int size, int stride) => Enumerable.Range(0, extent).Count(y => (y * stride) + size <= extent);

    /// <summary>One more where the window before it left positions over, and where it begins before the padding after the input.</summary>
    private static int WindowsRoundedUp(int extent, int before, int after, int size, int stride) => Enumerable.Range(0, before + extent + after)
        .Count(y => y * stride < before + extent && (y == 0 || ((y - 1) * stride) + size < before + extent + after));
}

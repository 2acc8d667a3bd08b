// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;

namespace AccelModel.Networks;

/// <summary>Windows that each meet the input, and sums of windows that fit 32 bits.</summary>
internal static class PoolRules
{
    public static IEnumerable<Finding> Max(string path, MaxPoolLayer layer, TensorSpec input) =>
        Windows(path, layer, layer.Window, layer.Stride, layer.Padding, layer.CeilMode, input);

    public static IEnumerable<Finding> Average(string path, AveragePoolLayer layer, TensorSpec input) =>
    [
        .. Windows(path, layer, layer.Window, layer.Stride, layer.Padding, layer.CeilMode, input),
        .. ShapeRules.PaddingCode(path, layer.PaddingCode, input),
        .. Sum(path, layer, input),
    ];

    private static IEnumerable<Finding> Windows(
        string path, Layer layer, (int Rows, int Columns) window, (int Rows, int Columns) stride, Padding padding, bool ceilMode, TensorSpec input)
    {
        List<Finding> findings = [.. ShapeRules.Extents(path, "window", window), .. ShapeRules.Extents(path, "stride", stride)];
        if (findings.Count == 0)
        {
            // So that no window lies in the padding alone.
            findings.AddRange(ShapeRules.Paddings(path, padding, window.Rows - 1, window.Columns - 1, ", less than the window"));
        }
        if (findings.Count > 0)
        {
            return findings;
        }
        long height = WindowedAxis.Outputs(input.Height, padding.Top, padding.Bottom, window.Rows, stride.Rows, 1, ceilMode);
        long width = WindowedAxis.Outputs(input.Width, padding.Left, padding.Right, window.Columns, stride.Columns, 1, ceilMode);
        return [.. ShapeRules.Output(path, layer.Output, height, width, input.Channels), .. ShapeRules.SameFormat(path, layer, input)];
    }

    private static IEnumerable<Finding> Sum(string path, AveragePoolLayer layer, TensorSpec input)
    {
        // A window that reaches beyond the padded input holds no more than that.
        long rows = Math.Min(layer.Window.Rows, (long)input.Height + layer.Padding.Top + layer.Padding.Bottom);
        long columns = Math.Min(layer.Window.Columns, (long)input.Width + layer.Padding.Left + layer.Padding.Right);
        Int128 sum = (Int128)rows * columns * ShapeRules.LargestMagnitude(input.Format);
        if (sum > int.MaxValue)
        {
            yield return new Finding($"{path}.window", $"too large a sum, found up to {sum} in {rows} x {columns} codes of {input.Format}, allowed up to {int.MaxValue}");
        }
    }
}

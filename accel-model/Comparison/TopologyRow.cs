// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Globalization;
using AccelModel.Specification.Yaml;

namespace AccelModel.Comparison;

/// <summary>Turns one row of a topology file into layers, or into findings.</summary>
internal static class TopologyRow
{
    /// <summary>A convolution whose name holds this is depthwise.</summary>
    private const string DepthwiseMark = "DP";

    /// <summary>What follows this behind the last column is for people; SCALE-Sim ignores all that follows a line's last comma.</summary>
    private const char CommentMark = '#';

    /// <summary>The layers of a row: one, or one for each channel of a depthwise row. None after a finding.</summary>
    public static ImmutableArray<TopologyLayer> Read(TopologyLine row, TopologyFormat format, SpecIssues issues)
    {
        int before = issues.Count;
        ImmutableArray<string> columns = TopologyColumn.Of(format);
        CheckColumns(row, columns, issues);
        long?[] numbers = [.. row.Fields.Take(columns.Length).Zip(columns).Skip(1).Select(pair => TopologyColumn.Number(pair.First, pair.Second, issues))];
        if (format == TopologyFormat.Convolution && numbers.Length >= 4)
        {
            CheckFilter(row, numbers, columns, issues);
        }

        if (issues.Count > before)
        {
            return [];
        }

        long[] values = [.. numbers.Select(number => number!.Value)];
        return format == TopologyFormat.Gemm ? Gemm(row, values, issues) : Convolution(row, values, issues);
    }

    private static ImmutableArray<TopologyLayer> Gemm(TopologyLine row, long[] values, SpecIssues issues) =>
        Shape(row, values[0], values[1], [values[2]], issues) is GemmShape shape ? [new(row.Fields[0].Text, row.Position, shape)] : [];

    private static ImmutableArray<TopologyLayer> Convolution(TopologyLine row, long[] values, SpecIssues issues)
    {
        string name = row.Fields[0].Text;
        bool depthwise = name.Contains(DepthwiseMark, StringComparison.Ordinal);
        long channels = values[4];
        long pixels = Extent(values[0], values[2], values[6]) * Extent(values[1], values[3], values[6]);
        if (Shape(row, pixels, values[5], [values[2], values[3], depthwise ? 1 : channels], issues) is not GemmShape shape)
        {
            return [];
        }

        if (!depthwise)
        {
            return [new(name, row.Position, shape)];
        }

        if (channels > TopologyFile.MaxLayers)
        {
            issues.Add(row.Fields[5].Position, "channels", $"too many layers, found a depthwise row of {TopologyColumn.Found(row.Fields[5])} channels, allowed {TopologyFile.MaxLayers}");
            return [];
        }

        return [.. Enumerable.Range(0, (int)channels).Select(channel =>
            new TopologyLayer(string.Create(CultureInfo.InvariantCulture, $"{name}Channel_{channel}"), row.Position, shape))];
    }

    /// <summary><c>ceil((input - filter + stride) / stride)</c>: a last window that hangs over the edge counts, too.</summary>
    private static long Extent(long input, long filter, long stride) => 1 + ((input - filter + stride - 1) / stride);

    /// <summary>The shape, or null after the finding that its multiply-accumulates cannot be counted.</summary>
    private static GemmShape? Shape(TopologyLine row, long m, long n, long[] window, SpecIssues issues)
    {
        try
        {
            long k = window.Aggregate((product, factor) => checked(product * factor));
            _ = checked(m * n * k);
            return new(m, n, k);
        }
        catch (OverflowException)
        {
            string found = string.Join(" * ", window.Prepend(n).Prepend(m).Select(factor => factor.ToString(CultureInfo.InvariantCulture)));
            issues.Add(row.Position, "", $"size overflow, found {found} multiply-accumulates, allowed {long.MaxValue}");
            return null;
        }
    }

    private static void CheckColumns(TopologyLine row, ImmutableArray<string> columns, SpecIssues issues)
    {
        if (row.Fields.Length < columns.Length)
        {
            issues.Add(row.End, columns[row.Fields.Length], $"column is missing, found {row.Fields.Length} columns, allowed {columns.Length} separated by commas: {string.Join(", ", columns)}");
        }

        foreach ((int index, TopologyField field) in row.Fields.Index().Skip(columns.Length))
        {
            if (field.Text.StartsWith(CommentMark))
            {
                return;
            }

            if (field.Text.Length > 0 && !(index == columns.Length && TopologyColumn.IsDense(field.Text)))
            {
                issues.Add(field.Position, "", $"column {index + 1} cannot be used, found {TopologyColumn.Found(field)}, allowed {columns.Length} columns ({string.Join(", ", columns)}) and a sparsity ratio that is dense, such as 1:1");
            }
        }
    }

    private static void CheckFilter(TopologyLine row, long?[] numbers, ImmutableArray<string> columns, SpecIssues issues)
    {
        for (int axis = 0; axis < 2; axis++)
        {
            if (numbers[axis] is long input && numbers[2 + axis] is long filter && filter > input)
            {
                issues.Add(row.Fields[3 + axis].Position, columns[3 + axis], $"larger than its input, found '{filter}', allowed 1..{input} ({columns[1 + axis]})");
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Scheduling;

namespace AccelModel.Specification;

/// <summary>Whether the vector unit can do what no array does: averages, sums, products, tables, and copies.</summary>
internal static class VectorFit
{
    /// <summary>The widest codes that a table takes.</summary>
    private const int TableIndexWidth = 8;

    /// <summary>Beyond it the multiplier that divides can have more than 32 bits.</summary>
    private const long LargestAveraged = (1L << 30) - 1;

    private static readonly Int128 LargestCombined = TwosComplement.Max(VectorSpec.CombinedWidth);

    /// <summary>A layer that the vector unit does alone reads the operand buffer; what only passes must pass unchanged.</summary>
    public static IEnumerable<Finding> OfItsOwn(string path, Layer layer, AcceleratorSpec accelerator)
    {
        string name = $"layer '{layer.Name}'";
        if (!accelerator.Vector.Elementwise)
        {
            return [new Finding($"{path}.kind", $"{name} cannot be fused into the conv2d or dense layer before it, found '{layer.Kind}', allowed with vector.elementwise only")];
        }
        bool passesCodes = layer is MaxPoolLayer or AveragePoolLayer or LookupLayer or ConcatLayer or ChannelShuffleLayer;
        return passesCodes && LaneRecord.Identity(accelerator).Misfits(accelerator).Any()
            ? [new Finding($"{path}.kind", $"{name} takes codes as they are, which needs the multiplier 2^{accelerator.Requantizer.FixedShift}, allowed with a wider requantizer.multiplier_width or without requantizer.fixed_shift")]
            : [];
    }

    /// <summary>Sums of windows, and the multipliers of all their counts.</summary>
    public static IEnumerable<Finding> AveragePool(string path, string name, AveragePoolLayer layer, TensorSpec input, AcceleratorSpec accelerator)
    {
        long largest = Math.Max(-input.Format.MinRaw, input.Format.MaxRaw);
        int[] counts = [.. Counts(layer, input)];
        if (counts[^1] * (Int128)largest > LargestAveraged)
        {
            yield return new Finding($"{path}.window", $"{name} has too large a sum, found up to {counts[^1] * (Int128)largest}, allowed up to {LargestAveraged}");
            yield break;
        }
        long most = (1L << accelerator.Requantizer.MultiplierWidth) - 1;
        foreach (int count in counts)
        {
            long multiplier = LaneRecord.Average(count, largest, (0, 0), accelerator).PostMultiplier;
            if (accelerator.Vector.Elementwise && multiplier > most)
            {
                yield return new Finding($"{path}.window", $"{name} divides by {count}, whose multiplier does not fit, found {multiplier}, allowed 0..{most} (requantizer.multiplier_width)");
                yield break;
            }
        }
    }

    /// <summary>Both terms' scales and that of their sum.</summary>
    public static IEnumerable<Finding> Add(string path, string name, AddLayer layer, TensorSpec first, TensorSpec second, AcceleratorSpec accelerator)
    {
        List<Finding> findings =
        [
            .. RequantizationFit.Scale($"{path}.first", name, layer.First, isTerm: true, layer.LeftShift, accelerator),
            .. RequantizationFit.Scale($"{path}.second", name, layer.Second, isTerm: true, layer.LeftShift, accelerator),
            .. RequantizationFit.Scale($"{path}.requantization", name, layer.Requantization, isTerm: false, 0, accelerator),
        ];
        long most = TwosComplement.Max(accelerator.CombinedTermWidth);
        int channel = layer.Requantization.Bias.ToList().FindIndex(bias => bias > most || bias < -most);
        if (channel >= 0)
        {
            // It is added to the first term.
            findings.Add(new Finding($"{path}.requantization.bias", $"{name}: bias of channel {channel} does not fit a term, found {layer.Requantization.Bias[channel]}, allowed {-most}..{most}"));
        }
        if (findings.Count == 0 && accelerator.Requantizer.DoubleRounding)
        {
            findings.AddRange(SumRange(path, name, layer, first, second));
        }
        if (findings.Count == 0 && accelerator.Vector.Elementwise)
        {
            int channels = layer.Output.Channels;
            findings.AddRange(RequantizationFit.Records($"{path}.first", $"{path}.requantization", name, channels, c => LaneRecord.Add(layer, 0, c, accelerator), accelerator));
            findings.AddRange(RequantizationFit.Records($"{path}.second", $"{path}.requantization", name, channels, c => LaneRecord.Add(layer, 1, c, accelerator), accelerator)
                .Where(finding => findings.All(other => other.Path != finding.Path)));
        }
        return findings;
    }

    /// <summary>Terms as wide as their sum: neither the first one with the bias nor the sum leaves its width. Scales rise, so the least and the greatest code have the least and the greatest term.</summary>
    private static IEnumerable<Finding> SumRange(string path, string name, AddLayer layer, TensorSpec first, TensorSpec second)
    {
        for (int channel = 0; channel < layer.Output.Channels; channel++)
        {
            long bias = Of(layer.Requantization.Bias, channel);
            long[] terms = [Term(layer.First, first.Format.MinRaw, -1) + bias, Term(layer.First, first.Format.MaxRaw, 1) + bias];
            long[] sums = [terms[0] + Term(layer.Second, second.Format.MinRaw, -1), terms[1] + Term(layer.Second, second.Format.MaxRaw, 1)];
            if (terms.Concat(sums).Any(value => !TwosComplement.Fits(value, VectorSpec.CombinedWidth)))
            {
                yield return new Finding(
                    path, $"{name} has too large a sum, found {sums[0]}..{sums[1]} in channel {channel}, allowed {TwosComplement.Min(VectorSpec.CombinedWidth)}..{LargestCombined}");
                yield break;
            }

            // One more for what random words decide.
            long Term(Requantization term, long code, int beyond) =>
                term.ApplyTo((code + term.Bias[0]) << layer.LeftShift, channel) + (term.IsStochastic ? beyond : 0);
        }

        static long Of(ImmutableArray<long> list, int channel) => list.Length == 1 ? list[0] : list[channel];
    }

    /// <summary>Both factors, their product and its scale.</summary>
    public static IEnumerable<Finding> Multiply(string path, string name, MultiplyLayer layer, TensorSpec first, TensorSpec second, AcceleratorSpec accelerator)
    {
        List<Finding> findings =
        [
            .. Factor($"{path}.first_offset", name, layer.FirstOffset, first, accelerator.CombinedTermWidth),
            .. Factor($"{path}.second_offset", name, layer.SecondOffset, second, accelerator.CombinedTermWidth),
            .. RequantizationFit.Scale($"{path}.requantization", name, layer.Requantization, isTerm: false, 0, accelerator),
        ];
        int channel = layer.Requantization.Bias.ToList().FindIndex(bias => bias != 0);
        if (channel >= 0)
        {
            findings.Add(new Finding($"{path}.requantization.bias", $"{name} adds a bias to a product, found {layer.Requantization.Bias[channel]} in channel {channel}, allowed 0"));
        }
        Int128 product = ShapeRules.LargestMagnitude(first.Format, layer.FirstOffset) * ShapeRules.LargestMagnitude(second.Format, layer.SecondOffset);
        if (product > LargestCombined)
        {
            findings.Add(new Finding(path, $"{name} has too large a product, found up to {product}, allowed up to {LargestCombined} ({VectorSpec.CombinedWidth} bits)"));
        }
        if (findings.Count == 0 && accelerator.Vector.Elementwise)
        {
            findings.AddRange(
                RequantizationFit.Records(path, $"{path}.requantization", name, layer.Output.Channels, c => LaneRecord.Multiply(layer, 0, c, accelerator), accelerator));
        }
        return findings;
    }

    /// <summary>A table of every code.</summary>
    public static IEnumerable<Finding> Lookup(string path, string name, TensorSpec input, AcceleratorSpec accelerator)
    {
        if (!accelerator.Vector.Lookup)
        {
            yield return new Finding($"{path}.kind", $"{name} reads a table, found '{LookupLayer.KindName}', allowed with vector.lookup only");
        }
        else if (input.Format.Width > TableIndexWidth)
        {
            yield return new Finding($"{path}.input", $"{name} reads codes too wide for the table, found {input.Format}, allowed up to {TableIndexWidth} bits");
        }
    }

    private static IEnumerable<Finding> Factor(string path, string name, int offset, TensorSpec input, int width)
    {
        long most = TwosComplement.Max(width);
        Int128 largest = ShapeRules.LargestMagnitude(input.Format, offset);
        if (largest > most)
        {
            yield return new Finding(path, $"{name} has too large a factor, found up to {largest}, allowed up to {most} ({width} bits)");
        }
    }

    /// <summary>How many positions windows count, ascending.</summary>
    private static IEnumerable<int> Counts(AveragePoolLayer layer, TensorSpec input)
    {
        IEnumerable<int> rows = Lengths(layer.Output.Height, input.Height, layer.Window.Rows, layer.Stride.Rows, layer.Padding.Top, layer.Padding.Bottom);
        int[] columns = [.. Lengths(layer.Output.Width, input.Width, layer.Window.Columns, layer.Stride.Columns, layer.Padding.Left, layer.Padding.Right)];
        return rows.SelectMany(row => columns.Select(column => row * column)).Distinct().Order();

        IEnumerable<int> Lengths(int outputs, int inputs, int window, int stride, int before, int after)
        {
            int least = layer.CountIncludePad ? -before : 0, end = inputs + (layer.CountIncludePad ? after : 0);
            return Enumerable.Range(0, outputs).Select(output => Math.Min(end, (output * stride) - before + window) - Math.Max(least, (output * stride) - before)).Distinct();
        }
    }
}

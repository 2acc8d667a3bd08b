// SPDX-License-Identifier: Apache-2.0
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;

namespace RtlExport.Corners;

/// <summary>Corners of numbers in the vectors of single modules: ties, edges, shifts, limits.</summary>
internal static class NumberCorners
{
    /// <summary>The corners that a table is there for.</summary>
    public static IEnumerable<CornerCoverage> Of(AcceleratorSpec spec, VectorTable table) => table.Name switch
    {
        RoundingVectors.Name => Rounding(table),
        RequantizerVectors.Name => Requantizer(spec, table),
        PostRequantizerVectors.Name => PostRequantizer(table),
        ProductVectors.Name => Product(spec, table),
        _ => Adder(table),
    };

    private static IEnumerable<CornerCoverage> Rounding(VectorTable table)
    {
        Int128 Value(long[] row) => table.Value(row, "value");
        int Shift(long[] row) => (int)table.Value(row, "shift");
        foreach (CornerCoverage corner in Ties(table, Value, Shift, _ => true, null))
        {
            yield return corner;
        }

        foreach (int shift in new[] { 0, MultiplierShift.MaxShift })
        {
            yield return Count(table, $"shift {shift}", row => Shift(row) == shift);
        }

        foreach (RoundingMode mode in RoundingVectors.Modes)
        {
            string name = EnumNames.Of(mode);
            foreach (RoundingMode other in RoundingVectors.Modes.Where(other => other != mode))
            {
                yield return Count(table, $"{name} differs from {EnumNames.Of(other)}", row => table.Value(row, RoundingVectors.Column(mode)) != table.Value(row, RoundingVectors.Column(other)));
            }
        }
    }

    private static IEnumerable<CornerCoverage> Requantizer(AcceleratorSpec spec, VectorTable table)
    {
        bool Scales(long[] row) => table.Value(row, "sign_output") == 0 && !Twice(table, row) && (!table.Has("threshold_count") || table.Value(row, "threshold_count") == 0);
        long Biased(long[] row) => table.Value(row, "source") + table.Value(row, "bias");
        Int128 Product(long[] row) => (Int128)Biased(row) * table.Value(row, "multiplier");
        int Shift(long[] row) => spec.Requantizer.FixedShift ?? (int)table.Value(row, "shift");
        string? fixedShift = spec.Requantizer.FixedShift is int only ? $"requantizer.fixed_shift is {only}" : null;
        foreach (CornerCoverage corner in Ties(table, Product, Shift, Scales, spec.Requantizer.FixedShift is 0 or > 48 ? fixedShift : null))
        {
            yield return corner;
        }

        foreach (CornerCoverage corner in Edges(table, Product, Shift, Scales))
        {
            yield return corner;
        }

        foreach (int shift in new[] { 0, MultiplierShift.MaxShift })
        {
            yield return Count(table, $"shift {shift}", row => Scales(row) && Shift(row) == shift, fixedShift);
        }

        foreach (string field in new[] { "source", "bias" })
        {
            yield return Count(table, $"least {field}", row => table.Value(row, field) == TwosComplement.Min(table.WidthOf(field)));
            yield return Count(table, $"greatest {field}", row => table.Value(row, field) == TwosComplement.Max(table.WidthOf(field)));
        }

        foreach (CornerCoverage corner in TwoRoundings(table, Product, Shift))
        {
            yield return corner;
        }

        foreach (CornerCoverage corner in Neighbours(table, "source", "term", field => field.StartsWith("post_", StringComparison.Ordinal), fixedShift))
        {
            yield return corner;
        }

        yield return Count(table, "multiplier 0", row => Scales(row) && table.Value(row, "multiplier") == 0);
        yield return Count(table, "greatest multiplier", row => table.Value(row, "multiplier") == (1L << table.WidthOf("multiplier")) - 1);
        yield return Count(table, "sign of 0", row => table.Value(row, "sign_output") == 1 && Biased(row) == 0);
        yield return Count(table, "sign of -1", row => table.Value(row, "sign_output") == 1 && Biased(row) == -1);
        bool Meets(long[] row, int below) => Enumerable.Range(0, (int)table.Value(row, "threshold_count")).Any(i => table.Value(row, $"threshold_{i}") == Biased(row) + below);
        bool thresholds = table.Has("threshold_count");
        const string without = "vector.threshold_levels is 0";
        yield return Count(table, "at a threshold", row => thresholds && Meets(row, 0), without);
        yield return Count(table, "one below a threshold", row => thresholds && Meets(row, 1), without);
    }

    private static IEnumerable<CornerCoverage> PostRequantizer(VectorTable table)
    {
        Int128 Product(long[] row) => (Int128)table.Value(row, "value") * table.Value(row, "multiplier");
        int Shift(long[] row) => (int)table.Value(row, "shift");
        bool Scales(long[] row) => table.Value(row, "post") == 1 && !Twice(table, row);
        foreach (CornerCoverage corner in Ties(table, Product, Shift, Scales, null).Concat(Edges(table, Product, Shift, Scales)))
        {
            yield return corner;
        }

        foreach (int shift in new[] { 0, MultiplierShift.MaxShift })
        {
            yield return Count(table, $"shift {shift}", row => Scales(row) && Shift(row) == shift);
        }

        yield return Count(table, "half_away beside the design's rounding", row => table.Value(row, "half_away") == 1);
        yield return Count(table, "passed on as it is", row => table.Value(row, "post") == 0);
        foreach (CornerCoverage corner in TwoRoundings(table, Product, Shift).Concat(Neighbours(table, "value", "code", field => field == "post", null)))
        {
            yield return corner;
        }
    }

    /// <summary>A word and the next one that differ in one field of their records alone, and with it in their result. Of the thresholds, any one counts.</summary>
    private static IEnumerable<CornerCoverage> Neighbours(VectorTable table, string source, string result, Func<string, bool> belongsToOther, string? fixedShift)
    {
        string[] fields = [.. table.Columns.Select(column => column.Name).Where(name => name != source && name != result)];
        string[] differing = [.. Enumerable.Range(0, table.Rows.Length - 1).Select(Differing)];
        return fields.Where(field => !belongsToOther(field)).Select(Kind).Distinct().Select(kind => CornerCount.Of(
            table.Name, $"next word differs in its {kind} alone",
            Enumerable.Range(0, differing.Length).Where(i => differing[i] == kind).Select(i => FormattableString.Invariant($"vectors/{table.Name}.memh word {i}")),
            kind == "multiplier" ? fixedShift : null));

        string Differing(int i)
        {
            long[] row = table.Rows[i], next = table.Rows[i + 1];
            string[] found = [.. fields.Where(field => table.Value(row, field) != table.Value(next, field))];
            return found.Length == 1 && table.Value(row, source) == table.Value(next, source) && table.Value(row, result) != table.Value(next, result) ? Kind(found[0]) : "";
        }

        static string Kind(string field) => field.StartsWith("threshold_", StringComparison.Ordinal) && char.IsAsciiDigit(field[^1]) ? "threshold" : field.Replace('_', ' ');
    }

    private static bool Twice(VectorTable table, long[] row) => table.Has("double_rounding") && table.Value(row, "double_rounding") == 1;

    /// <summary>Ties of each of two roundings.</summary>
    private static IEnumerable<CornerCoverage> TwoRoundings(VectorTable table, Func<long[], Int128> value, Func<long[], int> shift)
    {
        const string without = "requantizer.double_rounding is false";
        bool Tie(Int128 number, int places) => places > 0 && number - ((number >> places) << places) == (Int128)1 << (places - 1);
        Int128 Once(long[] row) => shift(row) == 0 ? value(row) : (value(row) + ((Int128)1 << (shift(row) - 1))) >> shift(row);
        yield return Count(table, "tie of the first of two roundings", row => Twice(table, row) && Tie(value(row), shift(row)), without);
        yield return Count(table, "tie of the second of two roundings", row => Twice(table, row) && Tie(Once(row), (int)table.Value(row, "second_shift")), without);
    }

    private static IEnumerable<CornerCoverage> Adder(VectorTable table)
    {
        int width = table.WidthOf("augend");
        foreach (CornerCoverage corner in Limits(table, width, row => (Int128)table.Value(row, "augend") + table.Value(row, "addend"), ""))
        {
            yield return corner;
        }

        yield return Count(table, "saturating differs from wrapping", row => table.Value(row, "saturated") != table.Value(row, "wrapped"));
    }

    private static IEnumerable<CornerCoverage> Product(AcceleratorSpec spec, VectorTable table)
    {
        ArraySpec array = spec.Array;
        Func<uint, long> weightOf = ProductVectors.Weights(array);
        int lanes = array.Lanes;
        long[] Activations(long[] row) =>
            [.. Enumerable.Range(0, lanes).Select(lane => ProductVectors.Activation(array, (uint)table.Value(row, $"activation_{lane}"), table.Value(row, "negative") == 1))];
        long[] Weights(long[] row) => [.. Enumerable.Range(0, lanes).Select(lane => weightOf((uint)table.Value(row, $"weight_{lane}")))];
        foreach ((string what, Func<long[], long[]> values) in new (string, Func<long[], long[]>)[] { ("activation", Activations), ("weight", Weights) })
        {
            long[] seen = [.. table.Rows.SelectMany(values)];
            yield return Count(table, $"least {what} ({seen.Min()}) in every lane", row => values(row).All(value => value == seen.Min()));
            yield return Count(table, $"greatest {what} ({seen.Max()}) in every lane", row => values(row).All(value => value == seen.Max()));
        }

        Int128 Sum(long[] row) => table.Value(row, "augend") + Activations(row).Zip(Weights(row), (a, w) => (Int128)a * w).Aggregate((Int128)0, (a, b) => a + b);
        foreach (CornerCoverage corner in Limits(table, array.PartialSumWidth, Sum, $" ({EnumNames.Of(array.Overflow)})"))
        {
            yield return corner;
        }
    }

    private static IEnumerable<CornerCoverage> Limits(VectorTable table, int width, Func<long[], Int128> sum, string what)
    {
        Int128 least = TwosComplement.Min(width), most = TwosComplement.Max(width);
        yield return Count(table, $"sum is the greatest of {width} bits", row => sum(row) == most);
        yield return Count(table, $"sum is one beyond the greatest{what}", row => sum(row) == most + 1);
        yield return Count(table, $"sum is the least of {width} bits", row => sum(row) == least);
        yield return Count(table, $"sum is one beyond the least{what}", row => sum(row) == least - 1);
    }

    /// <summary>A value exactly between two codes, by its sign and by whether the lower one is even.</summary>
    private static IEnumerable<CornerCoverage> Ties(VectorTable table, Func<long[], Int128> value, Func<long[], int> shift, Func<long[], bool> counts, string? reason)
    {
        foreach (bool negative in new[] { false, true })
        {
            foreach (bool even in new[] { true, false })
            {
                yield return Count(table, $"tie, {(negative ? "negative" : "positive")}, lower neighbour {(even ? "even" : "odd")}", row =>
                {
                    int places = shift(row);
                    if (places == 0 || !counts(row))
                    {
                        return false;
                    }

                    Int128 floor = value(row) >> places;
                    return value(row) - (floor << places) == (Int128)1 << (places - 1) && Int128.IsNegative(value(row)) == negative && Int128.IsEvenInteger(floor) == even;
                }, reason);
            }
        }
    }

    /// <summary>Codes at both edges of the range and one beyond them, where nothing is rounded.</summary>
    private static IEnumerable<CornerCoverage> Edges(VectorTable table, Func<long[], Int128> value, Func<long[], int> shift, Func<long[], bool> counts)
    {
        Int128? Code(long[] row) => counts(row) && (value(row) >> shift(row)) << shift(row) == value(row) ? (value(row) >> shift(row)) + table.Value(row, "zero_point") : null;
        yield return Count(table, "at the minimum", row => Code(row) == table.Value(row, "minimum"));
        yield return Count(table, "one below the minimum", row => Code(row) == table.Value(row, "minimum") - 1);
        yield return Count(table, "at the maximum", row => Code(row) == table.Value(row, "maximum"));
        yield return Count(table, "one above the maximum", row => Code(row) == table.Value(row, "maximum") + 1);
    }

    private static CornerCoverage Count(VectorTable table, string corner, Func<long[], bool> hits, string? reason = null) => CornerCount.Of(
        table.Name, corner, Enumerable.Range(0, table.Rows.Length).Where(i => hits(table.Rows[i])).Select(i => FormattableString.Invariant($"vectors/{table.Name}.memh word {i}")), reason);
}

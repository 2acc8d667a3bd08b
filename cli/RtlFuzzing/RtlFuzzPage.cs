// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AccelModel.Specification.Yaml;

namespace Cli.RtlFuzzing;

/// <summary>The result of a fuzzing run as a page of the documentation.</summary>
internal static class RtlFuzzPage
{
    /// <summary>More different values than this are shown as a range.</summary>
    private const int MostValues = 8;

    /// <summary>The page.</summary>
    public static string Of(RtlFuzzSpec spec, IReadOnlyList<FuzzedDesign> results)
    {
        int failures = results.Count(result => result.Difference is not null);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# RTL against the model: {results.Count} random designs\n\n");
        text.Append(CultureInfo.InvariantCulture,
            $"Written by `codesign fuzz-rtl --designs {results.Count} --seed {spec.Seed} --networks {spec.NetworksPerDesign} --out DIR --page docs/rtl-fuzz.md`, which goes on where it stopped with `--resume`.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Each design has random parameters; {spec.NetworksPerDesign} random networks run on it one after the other, on one compiled bench in {EnumNames.Of(spec.Simulator)}. Compared with the\n");
        text.Append("register-accurate model: every stored word (address, strobes, data), the cycle of every event of every instruction, and the cycles of each inference.\n\n");
        text.Append("| figure | |\n|---|---|\n");
        Row("designs", results.Count);
        Row("networks", results.Sum(result => result.Networks));
        Row("words compared", results.Sum(result => result.Vectors));
        Row("cycles run", results.Sum(result => result.Cycles));
        Row("designs that differ", failures);
        Row("bits that differ", results.Sum(result => result.BitMismatches));
        Row("cycles that differ", results.Sum(result => result.CycleMismatches));
        text.Append(CultureInfo.InvariantCulture, $"| seconds per design, mean of this run (drawing, model, compiling, simulating) | {results.Average(result => result.Seconds):0.0} |\n");
        text.Append(CultureInfo.InvariantCulture, $"| SHA-256 of modules and benches | `{spec.RtlSha256}` |\n\n");
        text.Append("## Parameters that occurred\n\n| parameter | values (designs) |\n|---|---|\n");
        foreach (var parameter in results.SelectMany(result => result.Parameters).GroupBy(pair => pair.Key).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{parameter.Key}` | {Values([.. parameter.Select(pair => pair.Value)])} |\n");
        }

        text.Append("\n## Dataflows and processing elements\n\n");
        Cross(text, results, "array.processing_element", "array.dataflow");
        text.Append("\n## Rounding and overflow\n\n");
        Cross(text, results, "requantizer.rounding", "array.overflow");
        foreach (FuzzedDesign failed in results.Where(result => result.Difference is not null))
        {
            text.Append(CultureInfo.InvariantCulture, $"\nSeed {failed.Seed}: {failed.Difference!.Split('\n')[0]}\n");
        }

        return text.ToString();

        void Row(string name, long value) => text.Append(CultureInfo.InvariantCulture, $"| {name} | {value:N0} |\n");
    }

    private static string Values(string[] values)
    {
        var counts = values.GroupBy(value => value).Select(group => (Value: group.Key, Count: group.Count())).ToArray();
        if (counts.Length <= MostValues)
        {
            return string.Join(", ", counts.OrderBy(one => Number(one.Value) ?? 0).ThenBy(one => one.Value, StringComparer.Ordinal).Select(one => FormattableString.Invariant($"{one.Value} ({one.Count})")));
        }

        long[] numbers = [.. counts.Select(one => Number(one.Value)).OfType<long>()];
        return FormattableString.Invariant($"{numbers.Min()}..{numbers.Max()}, {counts.Length} different");
    }

    private static void Cross(StringBuilder text, IReadOnlyList<FuzzedDesign> results, string rows, string columns)
    {
        FuzzedDesign[] drawn = [.. results.Where(result => result.Parameters.Count > 0)];
        string[] heads = [.. drawn.Select(result => result.Parameters[columns]).Distinct().Order(StringComparer.Ordinal)];
        text.Append("| |").Append(string.Concat(heads.Select(head => $" {head} |"))).Append("\n|---|").Append(string.Concat(heads.Select(_ => "---|"))).Append('\n');
        foreach (var row in drawn.GroupBy(result => result.Parameters[rows]).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            text.Append("| ").Append(row.Key).Append(" |").Append(string.Concat(heads.Select(head => FormattableString.Invariant($" {row.Count(result => result.Parameters[columns] == head)} |")))).Append('\n');
        }
    }

    private static long? Number(string value) => long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) ? number : null;
}

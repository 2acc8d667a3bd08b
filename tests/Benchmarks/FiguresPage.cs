// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AccelModel.Simulation.Kernels;

namespace Benchmarks;

/// <summary>Figures kept in a file from run to run, and the page of them.</summary>
internal static class FiguresPage
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>Puts the figures of some benchmarks in place of what the file has of them.</summary>
    public static IReadOnlyList<Figure> Keep(string file, IReadOnlyList<Figure> figures)
    {
        Figure[] before = File.Exists(file) ? JsonSerializer.Deserialize<Figure[]>(File.ReadAllText(file))! : [];
        HashSet<string> now = [.. figures.Select(figure => figure.Benchmark)];
        Figure[] all = [.. before.Where(figure => !now.Contains(figure.Benchmark)), .. figures];
        File.WriteAllText(file + ".partial", JsonSerializer.Serialize(all, Json) + "\n");
        File.Move(file + ".partial", file, overwrite: true);
        return all;
    }

    /// <summary>The page.</summary>
    /// <param name="figures">All figures.</param>
    /// <param name="benchmarks">Names and questions, in order.</param>
    public static string Of(IReadOnlyList<Figure> figures, IEnumerable<(string Name, string Question)> benchmarks)
    {
        StringBuilder page = new();
        page.Append(
            $"""
            # Benchmarks

            Written by `dotnet run -c Release --project tests/Benchmarks -- NAME... --keep FILE.json --page docs/benchmarks.md`. Every figure is the median of five runs after one that warms up, unless it says
            otherwise, and stands beside a peer's or a limit's of the same run. `x` is the ratio that the goal is about. Figures of one machine: {Machine()}.


            """);
        foreach ((string name, string question) in benchmarks)
        {
            Figure[] rows = [.. figures.Where(figure => figure.Benchmark == name)];
            if (rows.Length == 0)
            {
                continue;
            }
            page.Append(CultureInfo.InvariantCulture, $"## {name}: {question}\n\n| what | ours | beside it | ratio | goal | |\n| --- | --- | --- | ---: | ---: | --- |\n");
            foreach (Figure row in rows)
            {
                page.Append(CultureInfo.InvariantCulture, $"| {row.What} | {row.Ours} | {row.Other} | {row.Ratio} | {row.Goal} | {row.Verdict} |\n");
            }
            page.Append('\n');
        }
        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static string Machine()
    {
        string model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor"
            : RuntimeInformation.ProcessArchitecture.ToString();
        double gibibytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{model}, {Environment.ProcessorCount} cores, {gibibytes:0} GiB, {string.Join(", ", InstructionSets.Supported)}; {RuntimeInformation.OSDescription.Split(" #")[0]}, {RuntimeInformation.FrameworkDescription}");
    }
}

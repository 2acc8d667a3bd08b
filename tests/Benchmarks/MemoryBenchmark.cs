// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Cli.Networks;

namespace Benchmarks;

/// <summary>Peak resident memory of the command that loads, schedules, times and executes ResNet-50, beside what is asked for; read from the kernel while it runs.</summary>
internal static class MemoryBenchmark
{
    private const double LimitMebibytes = 400;

    public static void Run(Figures figures)
    {
        if (!Directory.Exists("/proc/self"))
        {
            figures.Missing($"resnet50", $"there is no /proc here");
            return;
        }
        string folder = Directory.CreateTempSubdirectory("codesign-benchmark-").FullName;
        try
        {
            string network = Path.Combine(folder, "network");
            string output = Path.Combine(folder, "output.npy");
            Add("making the network and writing it", ["network", "resnet50", "--out", network]);
            Add("loading it, batch 1, values and cycles", ["simulate", "--network", network, "--accelerator", NetworkCatalogue.Accelerator, "--random-input", "1", "--output", output]);
            Add("by its name, batch 1, values and cycles", ["simulate", "--network", "resnet50", "--accelerator", NetworkCatalogue.Accelerator, "--random-input", "1", "--output", output]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Add(string what, string[] arguments)
        {
            double peak = Measure.Median(() => PeakMebibytes(arguments));
            figures.Add($"resnet50 W8A8, {what}", $"{peak:0} MiB", $"{LimitMebibytes:0} MiB asked for", peak / LimitMebibytes, Goal.Most(1));
        }
    }

    private static double PeakMebibytes(string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "codesign.dll"));
        Array.ForEach(arguments, start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        double peak = 0;
        while (!process.WaitForExit(5))
        {
            peak = Math.Max(peak, HighWaterMark(process.Id));
        }
        Task.WaitAll(output, errors);
        return process.ExitCode == 0 ? peak : throw new InvalidOperationException($"codesign {string.Join(' ', arguments)}: exit code {process.ExitCode}: {errors.Result}");
    }

    /// <summary>The kernel's own peak, which cannot fall between two readings.</summary>
    private static double HighWaterMark(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : double.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Cli.Networks;

namespace Benchmarks;

/// <summary>The report of a sweep of nearly 100,000 points in Chromium: its size, and when it can be used.</summary>
internal static partial class ReportBenchmark
{
    private const int Runs = 5;

    /// <summary>432 designs with times of their own, 230 variants of each.</summary>
    private const string Axes = """
        axes:
          - {keys: [accelerator.array.rows], range: {from: 8, to: 32, scale: power_of_two}}
          - {keys: [accelerator.array.columns], range: {from: 8, to: 32, scale: power_of_two}}
          - {keys: [accelerator.memory.bytes_per_cycle], range: {from: 8, to: 32, scale: power_of_two}}
          - {keys: [accelerator.memory.latency_cycles], range: {from: 10, to: 40, step: 2}}
          - {keys: [accelerator.clock_mhz], range: {from: 50, to: 270, step: 10}}
          - {keys: [accelerator.array.partial_sum_width], range: {from: 16, to: 32, step: 4}}
          - {keys: [accelerator.array.overflow], values: [saturate, wrap]}

        """;

    /// <summary>Tells when the page is there and painted, then when a brush over a tenth of an axis and a sorted column are.</summary>
    private const string Probe = """
        <script>
        addEventListener('load', async () => {
          const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)));
          await painted();
          const shown = performance.now();
          const { parallel } = document.querySelector('.explorer').explorer;
          parallel.brush(0, 0.45, 0.55);
          await painted();
          const brushed = performance.now();
          document.querySelector('.virtual th button').click();
          await painted();
          new Image().src = `http://127.0.0.1:PORT/?${shown}&${brushed}&${performance.now()}`;
        });
        </script></body>
        """;

    public static void Run(Figures figures)
    {
        string folder = Directory.CreateTempSubdirectory("codesign-benchmark-").FullName;
        try
        {
            string file = Path.Combine(folder, "sweep.yaml"), output = Path.Combine(folder, "out");
            File.WriteAllText(file, $"name: report\naccelerator: {NetworkCatalogue.Accelerator}\nnetwork: lenet5\n{Axes}");
            CommandLine.Run("sweep", file, "--out", output);
            string report = Path.Combine(output, "report.html");
            int points = File.ReadLines(Path.Combine(output, "results.csv")).Count() - 1;
            double megabytes = new FileInfo(report).Length / 1e6;
            figures.Add($"report of {points} points: size", $"{megabytes:0.0} MB", $"15 MB asked for", megabytes / 15, Goal.Most(1));
            double[][] times = [.. Enumerable.Range(0, Runs).Select(_ => Visit(report, folder))];
            double shown = Median(0), brushed = Median(1), sorted = Median(2);
            figures.Add($"report of {points} points: painted and ready in Chromium", $"{shown:0.00} s", $"3 s asked for", shown / 3, Goal.Most(1));
            figures.Add($"report of {points} points: that, a brush and a sorted column", $"{sorted:0.00} s ({brushed - shown:0.00} s and {sorted - brushed:0.00} s)", $"3 s asked for", sorted / 3, Goal.Most(1));

            double Median(int i) => times.Select(time => time[i]).Order().ElementAt(Runs / 2);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Seconds from the start of the navigation, in a browser that is open.</summary>
    private static double[] Visit(string report, string folder)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        string port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        string html = ContentPolicy().Replace(File.ReadAllText(report), "", 1);
        int end = html.LastIndexOf("</body>", StringComparison.Ordinal);
        string page = Path.Combine(folder, "probed.html"), first = Path.Combine(folder, "first.html");
        File.WriteAllText(first, "<script>addEventListener('load', () => setTimeout(() => { location.href = 'probed.html'; }, 1500));</script>");
        File.WriteAllText(page, html[..end] + Probe.Replace("PORT", port, StringComparison.Ordinal) + html[(end + "</body>".Length)..]);
        string[] arguments =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--window-size=1200,1000",
            "--user-data-dir=" + Path.Combine(folder, "profile"), new Uri(first).AbsoluteUri,
        ];
        using Process process = Process.Start(new ProcessStartInfo("chromium", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            using TcpClient client = listener.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromMinutes(1)).GetAwaiter().GetResult();
            using StreamReader request = new(client.GetStream(), Encoding.ASCII);
            string line = request.ReadLine()!;   // GET /?1&2&3 HTTP/1.1
            return [.. line.Split(' ')[1][2..].Split('&').Select(text => double.Parse(text, CultureInfo.InvariantCulture) / 1000)];
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    /// <summary>The page forbids itself every request; the probe makes one.</summary>
    [GeneratedRegex("<meta http-equiv=\"Content-Security-Policy\"[^>]*>")]
    private static partial Regex ContentPolicy();
}

// SPDX-License-Identifier: Apache-2.0
using Reports.Html;
using Reports.Runs;
using Reports.Sweeps;
using Reports.Tables;
using Reports.Figures;

namespace Reports.Tests;

/// <summary>A run and a sweep with every section filled; the numbers are made up but repeat.</summary>
internal static class Samples
{
    public static RunReportData Run()
    {
        var random = new Random(7);
        string[] names = ["conv1", "pool1", "conv2", "pool2", "fc1", "fc2", "fc3"];
        string[] kinds = ["conv2d", "max_pool", "conv2d", "max_pool", "dense", "dense", "dense"];
        long[] macs = [117_600, 0, 240_000, 0, 48_000, 10_080, 840];
        long[] cycles = [4_102, 1_176, 6_890, 402, 3_011, 700, 96];
        int[,] confusion = new int[10, 10];
        for (int a = 0; a < 10; a++)
        {
            for (int p = 0; p < 10; p++)
            {
                confusion[a, p] = a == p ? 960 + random.Next(60) : random.Next(10) < 6 ? 0 : random.Next(1, 9);
            }
        }

        return new RunReportData
        {
            Name = "lenet-mnist",
            Description = "lenet5, W4A4, trained on MNIST; 8 x 8 weight-stationary array, 16-bit partial sums.",
            ConfigSha256 = "3f7b8a1e5c0d92467be3aa0f1d4c6e8855aa20b1c7d9e3f40516273849abcdef",
            Accuracy = new Accuracies(0.9921, 0.9876, 0.9874, 0.9874),
            TestImages = 10_000,
            ClockMhz = 150,
            ClockProvenance = new Provenance(ProvenanceKind.Assumed),
            CyclesPerInference = 16_377,
            LatencyUs = 109.18,
            FramesPerSecond = 9_871.4,
            Utilization = 0.3974,
            Area =
            [
                new AreaRow("LUT", 5_226, "", new Provenance(ProvenanceKind.Estimated, "±12 %")),
                new AreaRow("flip-flop", 7_840, "", new Provenance(ProvenanceKind.Measured, "Yosys 0.23")),
                new AreaRow("buffer memory", 36.5, "kB", new Provenance(ProvenanceKind.Assumed)),
            ],
            Layers = names.Select((name, i) => new LayerRow
            {
                Name = name,
                Kind = kinds[i],
                Macs = macs[i],
                Cycles = cycles[i],
                Utilization = macs[i] / (64.0 * cycles[i]),
                StallCycles = new Dictionary<string, long> { ["operands"] = cycles[i] / 9, ["memory"] = cycles[i] / (i + 3), ["accumulator"] = i % 2 * 40 },
                DramReadBytes = macs[i] / 20 + 784,
                DramWriteBytes = 400 + 31 * i,
                Overflows = i == 2 ? 14 : 0,
                FirstOverflow = i == 2 ? "image 31, output 207, k 88" : "",
            }).ToList(),
            Training = Enumerable.Range(1, 12).Select(e => new TrainingPoint(e, 0.9 / e + 0.01 * random.NextDouble(), 0.99 - 0.08 / e)).ToList(),
            Ranges = [.. from epoch in Enumerable.Range(9, 4) from name in names from weights in new[] { true, false } select new RangePoint(epoch, name, weights, (weights ? 0.5 : 4) + (0.1 * epoch))],
            Sensitivity = new(8, 0.991, 1000, [.. from name in names from weights in new[] { true, false } from bits in new[] { 2, 3, 4, 6 } select new SensitivityPoint(name, weights, bits, 0.99 - (0.4 / (1 << bits)))]),
            WeightGrids = [new("conv1", -7, 1, [.. Enumerable.Range(-7, 15).Select(code => 0.15 * Math.Exp(-code * code / 16.0))], -10.375, 0.25, [.. Enumerable.Range(0, 84).Select(i => 0.15 * Math.Exp(-Math.Pow(-10.375 + (0.25 * i), 2) / 16))])],
            ActivationGrids = [new("conv1", 0, 1, [0.5, .. Enumerable.Range(1, 15).Select(code => 0.5 / 15)], -3.375, 0.25, [.. Enumerable.Range(0, 88).Select(i => 0.03)])],
            ConfusionMatrix = confusion,
            Misclassified = Enumerable.Range(0, 14).Select(i => new MisclassifiedImage(Digit(i), i % 10, (i * 3 + 1) % 10)).ToList(),
            Verification = new VerificationResult("Verilator 5.006", 212, 0, 0),
            Timeline = names.SelectMany((name, i) => Enumerable.Range(0, 5).SelectMany(t => new[]
            {
                new TimelineInterval("load", $"{name} tile {t}", i * 2200 + t * 400, i * 2200 + t * 400 + 210, name),
                new TimelineInterval("array", $"{name} tile {t}", i * 2200 + t * 400 + 210, i * 2200 + t * 400 + 590, name),
                new TimelineInterval("vector", $"{name} tile {t}", i * 2200 + t * 400 + 590, i * 2200 + t * 400 + 650, name),
                new TimelineInterval("store", $"{name} tile {t}", i * 2200 + t * 400 + 650, i * 2200 + t * 400 + 700, name),
            })).ToList(),
            WeightHistograms = names.Where((_, i) => macs[i] > 0).Select(n => new WeightHistogram(n, -8, Enumerable.Range(-8, 16).Select(c => 400L / (1 + c * c)).ToList())).ToList(),
            ActivationHistograms = [new WeightHistogram("conv1", 0, [.. Enumerable.Range(0, 40).Select(i => 9000L / (1 + i))], 4)],
            ActivationImages = 20,
            ResolvedYaml = "accelerator:\n  rows: 8\n  columns: 8\n  note: \"a < b & c > d\"\nnetwork: lenet5\n",
        };
    }

    public static SweepReportData Sweep()
    {
        var random = new Random(11);
        var points = new List<SweepPoint>();
        foreach (int side in new[] { 4, 8, 16, 32 })
        {
            foreach (int width in new[] { 1, 2, 4, 8 })
            {
                foreach (int accumulator in new[] { 12, 16, 20, 24 })
                {
                    long cycles = 2_000_000 / (side * side) + 3_000;
                    points.Add(new SweepPoint
                    {
                        Id = $"{side}x{side}-w{width}-acc{accumulator}",
                        Settings = [new("weight width", "bits", width), new("array", "", $"{side} x {side}"), new("accumulator width", "bits", accumulator)],
                        Figures =
                        [
                            0.992 - 0.02 / width - (accumulator < 16 ? 0.03 : 0) - random.NextDouble() * 0.004,
                            side * side * (width * 9 + accumulator * 3.5) + 900,
                            cycles / 150.0,
                            cycles,
                            416_520.0 / (cycles * side * side),
                            accumulator < 16 ? random.Next(5000) : 0,
                        ],
                    });
                }
            }
        }

        Objective<SweepPoint>[] wanted = [new(Goal.Maximize, p => p.NumberOf(0)), new(Goal.Minimize, p => p.NumberOf(1)), new(Goal.Minimize, p => p.NumberOf(2))];
        HashSet<string> front = [.. ParetoFront.Of(points, wanted).Select(p => p.Id)];
        points = [.. points.Select(p => p with { OnFront = front.Contains(p.Id) })];
        var assumed = new Provenance(ProvenanceKind.Assumed, "first-order formula");
        return new SweepReportData
        {
            Name = "lenet-first",
            Description = "Array shape x weight width x accumulator width for lenet5 on MNIST.",
            ConfigSha256 = "90ab12cd34ef5678901234567890abcdef1234567890abcdef1234567890abcd",
            Metrics =
            [
                new("accuracy", "accuracy", "", NumberStyle.Percent), new("area.lut", "area", "LUT", NumberStyle.General) { Provenance = assumed },
                new("latency_us", "latency", "µs", NumberStyle.General) { Provenance = assumed }, new("cycles_per_inference", "cycles per inference", "", NumberStyle.General),
                new("utilization", "utilization", "", NumberStyle.Percent), new("overflows", "overflows", "", NumberStyle.General),
            ],
            Objectives = [new(0, Goal.Maximize), new(1, Goal.Minimize), new(2, Goal.Minimize)],
            Points = points,
            Feasible = points.Count,
            Limits = [new("area.lut < 60000", 1)],
            Base = "lenet-mnist.yaml",
            Keys =
            [
                new(["accelerator.array.weight_width"], new[] { 1, 2, 4, 8 }.ToDictionary(v => $"{v}", v => (IReadOnlyList<string>)[$"{v}"])),
                new(["accelerator.array.rows", "accelerator.array.columns"], new[] { 4, 8, 16, 32 }.ToDictionary(v => $"{v} x {v}", v => (IReadOnlyList<string>)[$"{v}", $"{v}"])),
                new(["accelerator.accumulator.width"], new[] { 12, 16, 20, 24 }.ToDictionary(v => $"{v}", v => (IReadOnlyList<string>)[$"{v}"])),
            ],
            Measured = points.Count,
            Failed = 1,
            Failures = [new SweepFailure("64x64-w8-acc24", "weight buffer: 4,096 bytes needed, 2,048 there")],
            ResolvedYaml = "sweep:\n  rows: [4, 8, 16, 32]\n",
        };
    }

    // A ring with a gap: something that looks handwritten, and whose pixels are known.
    public static byte[] Digit(int seed)
    {
        byte[] pixels = new byte[28 * 28];
        for (int y = 0; y < 28; y++)
        {
            for (int x = 0; x < 28; x++)
            {
                double radius = Math.Sqrt(Math.Pow(x - 13.5, 2) + Math.Pow((y - 13.5) * 0.8, 2));
                double angle = Math.Atan2(y - 13.5, x - 13.5) + Math.PI;
                bool gap = Math.Abs(angle - seed % 7) < 0.6;
                pixels[y * 28 + x] = gap ? (byte)0 : (byte)Math.Clamp(255 - 90 * Math.Abs(radius - 7.5), 0, 255);
            }
        }

        return pixels;
    }
}

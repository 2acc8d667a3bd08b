// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Benchmarks;

// dotnet run -c Release --project tests/Benchmarks -- [NAME...] [--keep FILE.json [--page PAGE.md]]
// Each benchmark prints its lines; a figure stands beside a peer or a limit that was measured in the same run. --keep puts the figures into a file, beside those of
// benchmarks that were run before; --page writes the page of all that the file has.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
(string Name, string Question, Action<Figures> Run)[] benchmarks =
[
    ("rtl", "values and cycles, against our own RTL in Verilator", RtlBenchmark.Run),
    ("model", "values and cycles, against the register-accurate model", RegisterModelBenchmark.Run),
    ("scale_sim", "cycles of a topology, against SCALE-Sim", ScaleSimBenchmark.Run),
    ("gemm", "the exact matrix product, against the machine's multiply-add peak", MatrixProductBenchmark.Run),
    ("onnx", "exact integer inference, against ONNX Runtime", OnnxRuntimeBenchmark.Run),
    ("ordered", "sums in order in words that overflow, against exact ones", OrderedBenchmark.Run),
    ("xnor", "products of one bit, against those of eight", BitProductBenchmark.Run),
    ("timing", "all cycles and counters of one inference, per design", TimingBenchmark.Run),
    ("memory", "peak memory of one inference with values", MemoryBenchmark.Run),
    ("threads", "two threads, against one", ThreadsBenchmark.Run),
    ("lenet_large", "10,000 images, against what is asked for", ImagesBenchmark.Run),
    ("sweep", "points of a sweep without values per second, two workers", SweepBenchmark.Run),
    ("sweep-million", "memory of a sweep of a million points", SweepBenchmark.Million),
    ("search", "a search of a tenth of a grid, against the whole grid", SearchBenchmark.Run),
    ("workers", "two workers of a sweep of trainings, against one", WorkersBenchmark.Run),
    ("training_step", "steps of training, against Python PyTorch", TrainingStepBenchmark.Run),
    ("report", "the report of 100,000 points in a browser", ReportBenchmark.Run),
];

List<string> wanted = [];
Dictionary<string, string> files = [];
for (int i = 0; i < args.Length; i++)
{
    if (args[i] is "--keep" or "--page")
    {
        if (i + 1 == args.Length)
        {
            Console.Error.WriteLine($"error: {args[i]}: a file is missing");
            return 2;
        }
        files[args[i]] = args[++i];
    }
    else
    {
        wanted.Add(args[i]);
    }
}
string? unknown = wanted.FirstOrDefault(name => !benchmarks.Any(benchmark => benchmark.Name == name));
if (unknown is not null)
{
    Console.Error.WriteLine($"error: no benchmark is called '{unknown}'; there are:");
    foreach ((string name, string question, _) in benchmarks)
    {
        Console.Error.WriteLine($"  {name,-13} {question}");
    }
    return 2;
}
if (files.ContainsKey("--page") && !files.ContainsKey("--keep"))
{
    Console.Error.WriteLine("error: --page: needs --keep FILE.json, which holds the figures");
    return 2;
}

List<Figure> figures = [];
foreach ((string name, _, Action<Figures> run) in benchmarks.Where(benchmark => wanted.Count == 0 || wanted.Contains(benchmark.Name)))
{
    Figures ofBenchmark = new(name);
    run(ofBenchmark);
    figures.AddRange(ofBenchmark.All);
}
if (files.TryGetValue("--keep", out string? kept))
{
    IReadOnlyList<Figure> all = FiguresPage.Keep(kept, figures);
    if (files.TryGetValue("--page", out string? page))
    {
        File.WriteAllText(page, FiguresPage.Of(all, benchmarks.Select(benchmark => (benchmark.Name, benchmark.Question))));
    }
}
return 0;

// SPDX-License-Identifier: Apache-2.0
using Benchmarks;

// Each benchmark prints its lines; a figure stands beside a peer or a limit that was measured in the same run.
(string Name, string Question, Action Run)[] benchmarks =
[
    ("gemm", "how near is the exact matrix product to the machine's multiply-add peak?", MatrixProductBenchmark.Run),
    ("ordered", "what does it cost to add in order, in words that overflow?", OrderedBenchmark.Run),
    ("lenet_large", "how long do 10,000 images take?", ImagesBenchmark.Run),
    ("threads", "how much faster are two threads than one?", ThreadsBenchmark.Run),
    ("sweep", "how many points per second does a sweep without values time?", SweepBenchmark.Run),
    ("sweep-million", "how much memory does a sweep of a million points take?", SweepBenchmark.Million),
    ("search", "how near does a search of a tenth of a grid come to its front?", SearchBenchmark.Run),
    ("timing", "how long does it take to compute all cycles of one inference?", TimingBenchmark.Run),
];

string[] wanted = args.Length == 0 ? [.. benchmarks.Select(benchmark => benchmark.Name)] : args;
string? unknown = wanted.FirstOrDefault(name => !benchmarks.Any(benchmark => benchmark.Name == name));
if (unknown is not null)
{
    Console.Error.WriteLine($"error: no benchmark is called '{unknown}'; there are:");
    foreach ((string name, string question, _) in benchmarks)
    {
        Console.Error.WriteLine($"  {name,-12} {question}");
    }
    return 2;
}
foreach ((string name, _, Action run) in benchmarks)
{
    if (wanted.Contains(name))
    {
        run();
    }
}
return 0;

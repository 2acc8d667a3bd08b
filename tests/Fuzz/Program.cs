// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using AccelModel.Tests.Differential;
using Fuzz;
using Fuzzing;

// dotnet run -c Release --project tests/Fuzz -- [PAIRS] [FIRST_SEED] [RESULT.json] [PAGE.md]
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int pairs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 100_000;
int firstSeed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
string file = args.Length > 2 ? args[2] : "engines-fuzz.json";
string? page = args.Length > 3 ? args[3] : null;

const int Block = 500;
FuzzProgress progress = FuzzProgress.Load(file, firstSeed);
using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interrupted.Cancel();
};
var clock = Stopwatch.StartNew();
int before = progress.Pairs;
while (progress.Pairs < pairs && !interrupted.IsCancellationRequested)
{
    int start = firstSeed + progress.Pairs;
    int count = Math.Min(Block, pairs - progress.Pairs);
    ComparedCase[] block = new ComparedCase[count];
    Parallel.For(0, count, i => block[i] = ComparedCase.Of(start + i, CaseSize.Small));
    foreach (ComparedCase compared in block)
    {
        progress.Add(compared);
    }

    progress.Save(file);
    double rate = (progress.Pairs - before) / clock.Elapsed.TotalSeconds;
    Console.Error.Write($"\r{progress.Pairs} of {pairs} pairs, {progress.Failures.Count} differ, {rate:0} pairs/s, {(pairs - progress.Pairs) / rate / 60:0.0} min left   ");
}

Console.Error.WriteLine();
if (page is not null)
{
    File.WriteAllText(page, FuzzPage.Of(progress));
}

foreach ((int seed, string difference) in progress.Failures)
{
    Console.WriteLine($"seed {seed}: {difference.Split('\n')[0]}");
}

Console.WriteLine($"{progress.Pairs} pairs, {progress.Failures.Count} differ");
return interrupted.IsCancellationRequested ? 130 : progress.Failures.Count == 0 ? 0 : 1;

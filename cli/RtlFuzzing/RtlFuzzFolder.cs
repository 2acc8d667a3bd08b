// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using Cli.CommandLine;
using Cli.Experiments;
using Cli.Sweeps;
using Fuzzing;
using RtlExport.Vectors;

namespace Cli.RtlFuzzing;

/// <summary>The files of a fuzzing run: <c>fuzz.json</c> (what is drawn), <c>designs.jsonl</c> (a line for each design that is finished), <c>failures/</c>.</summary>
internal sealed class RtlFuzzFolder(string root)
{
    private static readonly JsonSerializerOptions OneLine = new(RunSummary.JsonOptions) { WriteIndented = false };

    private string Specification => Path.Combine(root, "fuzz.json");

    private string Designs => Path.Combine(root, "designs.jsonl");

    /// <summary>Compiled benches, of which only the last ones are kept.</summary>
    public string Benches => Path.Combine(root, "benches");

    /// <summary>Begins a run, or finds the one to go on with.</summary>
    /// <exception cref="CommandException">The folder holds something else, or a run of other choices or other RTL.</exception>
    public void Open(RtlFuzzSpec spec, bool resume)
    {
        WorkFolder.Check(root, Specification, resume, "fuzzing run");
        string text = JsonSerializer.Serialize(spec, RunSummary.JsonOptions) + "\n";
        if (!File.Exists(Specification))
        {
            AtomicFile.Write(Specification, text);
        }
        else if (File.ReadAllText(Specification) != text)
        {
            throw new CommandException(ExitCode.BadInput, $"{Specification}: is of another seed, simulator, number of networks or RTL than is wanted now; choose another --out");
        }
    }

    /// <summary>What is finished, by seed. A line that was being written when the run was killed does not count.</summary>
    public IReadOnlyDictionary<int, FuzzedDesign> Results()
    {
        var results = new Dictionary<int, FuzzedDesign>();
        foreach (string line in File.Exists(Designs) ? File.ReadAllLines(Designs) : [])
        {
            try
            {
                FuzzedDesign result = JsonSerializer.Deserialize<FuzzedDesign>(line, OneLine)!;
                results[result.Seed] = result;
            }
            catch (JsonException)
            {
                // Its design is run again.
            }
        }

        return results;
    }

    /// <summary>Keeps a result.</summary>
    public void Add(FuzzedDesign result)
    {
        // A line that was cut off must not swallow this one.
        File.AppendAllText(Designs, (EndsInALine(Designs) ? "" : "\n") + JsonSerializer.Serialize(result, OneLine) + "\n");
    }

    private static bool EndsInALine(string path)
    {
        if (!File.Exists(path))
        {
            return true;
        }

        using FileStream file = File.OpenRead(path);
        return file.Length == 0 || (file.Seek(-1, SeekOrigin.End) >= 0 && file.ReadByte() == '\n');
    }

    /// <summary>Keeps a smallest failing design: as YAML to read, and as bundles to run. Returns the file.</summary>
    public string KeepFailure(int seed, IReadOnlyList<int> choices, RtlFuzzSpec spec)
    {
        string failure = Path.Combine(root, "failures", FormattableString.Invariant($"seed-{seed}")), file = failure + ".yaml";
        Directory.CreateDirectory(Path.GetDirectoryName(failure)!);
        string text = FormattableString.Invariant(
            $"# Drawn from seed {seed} and made small. The design as it was: codesign fuzz-rtl --designs 1 --seed {seed} --networks {spec.NetworksPerDesign}\n");
        try
        {
            DesignCase smallest = DesignCase.Draw(new ChoiceSource(choices), CaseSize.Small, spec.NetworksPerDesign);
            int instructions = smallest.Networks.Max(network => BenchVectors.Programs(network.Schedule).Max(program => program.Count));
            text += $"# To run it: codesign verify {Path.GetFileName(failure)}/rtl0\n" + smallest.ToYaml();
            for (int i = 0; i < smallest.Networks.Length; i++)
            {
                string bundle = FormattableString.Invariant($"{failure}/rtl{i}");
                Directory.CreateDirectory(failure);
                DesignComparison.Write(smallest.Networks[i], instructions, bundle);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            text += $"# {exception.Message.ReplaceLineEndings(" ")}\n# choices: [{string.Join(", ", choices)}]\n";
        }

        File.WriteAllText(file, text);
        return file;
    }
}

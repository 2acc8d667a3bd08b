// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using AccelModel.Tests.Differential;

namespace Fuzz;

/// <summary>What a fuzzing run has found so far; kept in a file after every block, so that it can be interrupted at any moment and goes on there.</summary>
public sealed class FuzzProgress
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>First seed of the run.</summary>
    public required int FirstSeed { get; init; }

    /// <summary>Pairs that were compared: seeds <see cref="FirstSeed"/> and up.</summary>
    public int Pairs { get; set; }

    /// <summary>Cycles that the register-accurate model ticked.</summary>
    public long Cycles { get; set; }

    /// <summary>Overflowing additions in all pairs.</summary>
    public long Overflows { get; set; }

    /// <summary>Pairs for each dataflow, kind of PE, overflow mode of partial sums, and rounding.</summary>
    public SortedDictionary<string, int> Coverage { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Pairs whose schedule has the property.</summary>
    public SortedDictionary<string, int> Features { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Seeds that differ, and how.</summary>
    public SortedDictionary<int, string> Failures { get; init; } = [];

    /// <summary>The progress in a file, or a new run where there is none.</summary>
    public static FuzzProgress Load(string file, int firstSeed) =>
        File.Exists(file) && JsonSerializer.Deserialize<FuzzProgress>(File.ReadAllText(file), Options) is FuzzProgress found && found.FirstSeed == firstSeed
            ? found
            : new() { FirstSeed = firstSeed };

    /// <summary>Writes it beside the file and moves it there.</summary>
    public void Save(string file)
    {
        File.WriteAllText(file + ".partial", JsonSerializer.Serialize(this, Options) + "\n");
        File.Move(file + ".partial", file, overwrite: true);
    }

    /// <summary>Adds one compared pair.</summary>
    public void Add(ComparedCase compared)
    {
        Pairs++;
        Cycles += compared.Cycles;
        Overflows += compared.Overflows;
        Coverage[compared.Mode] = Coverage.GetValueOrDefault(compared.Mode) + 1;
        foreach (string feature in compared.Features)
        {
            Features[feature] = Features.GetValueOrDefault(feature) + 1;
        }

        if (compared.Difference is string difference)
        {
            Failures[compared.Seed] = difference;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using RtlExport.Vectors;

namespace RtlExport.Mutation;

/// <summary>Results of mutants in a file, a line each, as they come: a run goes on where it stopped. A result is of the RTL, the benches, the networks and the designs that it was found with.</summary>
/// <param name="file">The file, or null to keep nothing.</param>
/// <param name="inputs">Files (or names) of the networks and designs.</param>
public sealed class MutationJournal(string? file, IReadOnlyList<string> inputs)
{
    private readonly string _key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        RtlSources.Sha256 + string.Concat(inputs.Select(input => $"\n{input}\n{(File.Exists(input) ? File.ReadAllText(input) : "")}")))));

    /// <summary>In place of a mutant's.</summary>
    private const string Original = "";

    private readonly Lock _lock = new();

    private Dictionary<string, Line>? _known;

    /// <summary>Whether the benches are known to pass without any fault; to be set when they did.</summary>
    public bool Passes
    {
        get
        {
            lock (_lock)
            {
                return (_known ??= Load()).ContainsKey(Original);
            }
        }

        set
        {
            if (value && !Passes)
            {
                Write(new(_key, Original, MutantVerdict.NotInDesign, "without any fault all benches pass"));
            }
        }
    }

    /// <summary>The result of <paramref name="mutant"/>, if it is there. An argument that was added since makes a survivor equivalent.</summary>
    public MutantResult? Find(Mutant mutant)
    {
        lock (_lock)
        {
            _known ??= Load();
        }

        return !_known.TryGetValue(PlaceOf(mutant), out Line? found) ? null
            : (found.Verdict is MutantVerdict.Survived or MutantVerdict.Equivalent) && Equivalents.ReasonOf(mutant, _ => false) is string reason ? new(mutant, MutantVerdict.Equivalent, reason)
            : new(mutant, found.Verdict, found.Note);
    }

    /// <summary>Keeps a result, and gives it back.</summary>
    public MutantResult Add(MutantResult result)
    {
        Write(new(_key, PlaceOf(result.Mutant), result.Verdict, result.Note));
        return result;
    }

    private void Write(Line line)
    {
        if (file is not null)
        {
            lock (_lock)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
                File.AppendAllText(file, JsonSerializer.Serialize(line) + "\n");
            }
        }
    }

    private Dictionary<string, Line> Load() => file is null || !File.Exists(file) ? [] : File.ReadLines(file)
        .Where(line => line.Length > 0 && line[^1] == '}').Select(line => JsonSerializer.Deserialize<Line>(line)!)
        .Where(line => line.Key == _key).GroupBy(line => line.Place).ToDictionary(group => group.Key, group => group.Last());

    private static string PlaceOf(Mutant mutant) => FormattableString.Invariant($"{mutant.Module}:{mutant.Offset}:{mutant.To}");

    private sealed record Line(string Key, string Place, MutantVerdict Verdict, string Note);
}

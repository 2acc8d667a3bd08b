// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Specification.Yaml;

/// <summary>A piece of a YAML file with the place it came from. Immutable; overriding makes a new tree.</summary>
public abstract record SpecNode(SpecPosition Position)
{
    /// <summary>How messages name this kind of node.</summary>
    internal abstract string Description { get; }

    /// <summary>
    /// The tree with one value replaced or added, for sweeps and command-line overrides. Missing sections on the way
    /// are created; whether the key may be there at all is decided where the tree is read. The replacing node keeps
    /// its own position, so later findings name the file that asked for the override.
    /// </summary>
    /// <param name="path">For example <c>array.rows</c> or <c>layers[2].name</c>.</param>
    /// <param name="value">The new value.</param>
    /// <param name="issues">Receives a finding at the new value's position when the path leads nowhere.</param>
    public SpecNode With(string path, SpecNode value, SpecIssues issues) =>
        SpecOverride.Apply(this, path, value, issues);

    /// <summary>
    /// This tree with another laid over it: sections merge key by key, everything else (lists too) is replaced whole.
    /// A key that is there in this tree and <c>null</c> in the other one falls away. Keys stay in the order of this
    /// tree, new ones follow.
    /// </summary>
    public SpecNode OverriddenBy(SpecNode overlay)
    {
        if (this is not SpecMapping below || overlay is not SpecMapping above)
        {
            return overlay;
        }
        var entries = below.Entries.ToList();
        foreach (SpecEntry entry in above.Entries)
        {
            int index = entries.FindIndex(existing => existing.Key == entry.Key);
            if (index < 0)
            {
                entries.Add(entry);
            }
            else if (entry.Value is SpecScalar { TakesAway: true })
            {
                entries.RemoveAt(index);
            }
            else
            {
                entries[index] = entry with { Value = entries[index].Value.OverriddenBy(entry.Value) };
            }
        }
        return above with { Entries = [.. entries] };
    }
}

/// <summary>A scalar, untyped: the getter that reads it decides what it means.</summary>
/// <param name="Position">Where the text starts.</param>
/// <param name="Text">The text, without quotes and escapes.</param>
/// <param name="Quoted">True for quoted and block scalars, which are strings and nothing else.</param>
public sealed record SpecScalar(SpecPosition Position, string Text, bool Quoted) : SpecNode(Position)
{
    /// <summary>True for a key without a value, <c>~</c> and <c>null</c>.</summary>
    public bool IsNull => !Quoted && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>True for a value that says in words that there shall be none; a key that was left without one may be a slip.</summary>
    internal bool TakesAway => IsNull && Text.Length > 0;

    internal override string Description => (IsNull, Quoted) switch
    {
        (true, _) => "nothing",
        (_, true) => $"the string \"{Shortened}\"",
        _ => $"'{Shortened}'",
    };

    private string Shortened
    {
        get
        {
            string line = Text.ReplaceLineEndings(" ");
            return line.Length <= 60 ? line : line[..57] + "...";
        }
    }
}

/// <summary>A list.</summary>
public sealed record SpecSequence(SpecPosition Position, ImmutableArray<SpecNode> Items) : SpecNode(Position)
{
    internal override string Description => "a list";
}

/// <summary>A section: keys with values, in the order of the file, each key once.</summary>
public sealed record SpecMapping(SpecPosition Position, ImmutableArray<SpecEntry> Entries) : SpecNode(Position)
{
    internal override string Description => "a section";

    /// <summary>The entry of a key, or null.</summary>
    public SpecEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);
}

/// <summary>One key of a section.</summary>
public sealed record SpecEntry(string Key, SpecPosition KeyPosition, SpecNode Value);

/// <summary>A node that already had its finding; reading it gives defaults and no second finding.</summary>
public sealed record SpecInvalid(SpecPosition Position) : SpecNode(Position)
{
    internal override string Description => "an invalid value";
}

/// <summary>A required key that is not there; the position is that of the section which lacks it.</summary>
internal sealed record SpecMissing(SpecPosition Position) : SpecNode(Position)
{
    internal override string Description => "nothing";
}

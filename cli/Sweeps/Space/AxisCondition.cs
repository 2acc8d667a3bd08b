// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AccelModel.Specification.Yaml;

namespace Cli.Sweeps.Space;

/// <summary>When an axis takes part: where every term holds. Elsewhere its keys keep the values of the base.</summary>
/// <param name="Terms">What must hold together.</param>
/// <param name="Text">As it was written.</param>
public sealed partial record AxisCondition(ImmutableArray<AxisTerm> Terms, string Text)
{
    /// <summary>Whether it holds for a point, whose earlier coordinates are known.</summary>
    public bool Holds(ReadOnlySpan<int> point)
    {
        foreach (AxisTerm term in Terms)
        {
            int value = point[term.Axis];
            if (value < 0 || !term.Allowed[value])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads <c>KEY == VALUE</c>, <c>KEY != VALUE</c>, <c>KEY in [VALUE, ...]</c>, joined by <c>and</c>; keys are those of axes that stand before.</summary>
    /// <returns>The condition, or null after findings.</returns>
    public static AxisCondition? Read(SpecValue value, IReadOnlyList<SweepAxis> before)
    {
        string text = value.AsString();
        var terms = ImmutableArray.CreateBuilder<AxisTerm>();
        foreach (string part in text.Split(" and ", StringSplitOptions.TrimEntries))
        {
            if (Term(part, before, out string problem) is AxisTerm term)
            {
                terms.Add(term);
            }
            else if (text.Length > 0)
            {
                value.Issue(problem);
                return null;
            }
        }

        return new(terms.ToImmutable(), text);
    }

    private static AxisTerm? Term(string text, IReadOnlyList<SweepAxis> before, out string problem)
    {
        Match match = Form.Match(text);
        if (!match.Success)
        {
            problem = $"not a condition, found '{text}', allowed KEY == VALUE, KEY != VALUE or KEY in [VALUE, ...], joined by 'and'";
            return null;
        }

        string key = match.Groups["key"].Value;
        string[] known = [.. before.SelectMany(axis => axis.Keys)];
        int at = before.ToList().FindIndex(axis => axis.Keys.Contains(key));
        if (at < 0)
        {
            string meant = NearestName.Suggestion(key, known);
            problem = $"not a key of an axis before this one, found '{key}'{meant}, allowed {(known.Length == 0 ? "none: this is the first axis" : string.Join(", ", known))}";
            return null;
        }

        int column = before[at].Keys.IndexOf(key);
        string[] there = [.. before[at].Values.Select(value => value.ByKey[column].Text)];
        string[] wanted = [.. match.Groups["value"].Value.Trim('[', ']').Split(',', StringSplitOptions.TrimEntries)];
        if (wanted.FirstOrDefault(word => !there.Contains(word)) is string unknown)
        {
            problem = $"a value that the axis does not take, found '{unknown}', allowed {string.Join(", ", there.Distinct())}";
            return null;
        }

        bool negated = match.Groups["relation"].Value == "!=";
        problem = "";
        return new(at, [.. there.Select(word => wanted.Contains(word) != negated)]);
    }

    [GeneratedRegex(@"\A(?<key>[^\s=!]+)\s*(?:(?<relation>==|!=)\s*(?<value>[^\[\]\s]+)|\s(?<relation>in)\s*(?<value>\[[^\[\]]+\]))\z")]
    private static partial Regex Form { get; }
}

/// <summary>One term of a condition.</summary>
/// <param name="Axis">Index of the axis that it asks.</param>
/// <param name="Allowed">For each value of that axis whether the term holds.</param>
public sealed record AxisTerm(int Axis, ImmutableArray<bool> Allowed);

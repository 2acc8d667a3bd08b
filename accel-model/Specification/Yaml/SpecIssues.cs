// SPDX-License-Identifier: Apache-2.0
using System.Collections;

namespace AccelModel.Specification.Yaml;

/// <summary>
/// Collects findings, so that all of them are told at once. Enumerated file by file (in the order the files first
/// had a finding), then by line and column; equal findings count once.
/// </summary>
public sealed class SpecIssues : IReadOnlyCollection<SpecIssue>
{
    private readonly List<SpecIssue> _found = [];
    private readonly HashSet<SpecIssue> _known = [];

    /// <summary>Number of findings.</summary>
    public int Count => _found.Count;

    /// <summary>Records a finding at a place.</summary>
    public void Add(SpecPosition position, string keyPath, string message) =>
        Add(new SpecIssue(position.File, position.Line, position.Column, keyPath, message));

    /// <summary>Records a finding.</summary>
    public void Add(SpecIssue issue)
    {
        if (_known.Add(issue))
        {
            _found.Add(issue);
        }
    }

    /// <summary>Records findings.</summary>
    public void AddRange(IEnumerable<SpecIssue> issues)
    {
        foreach (SpecIssue issue in issues)
        {
            Add(issue);
        }
    }

    /// <summary>Ends with all findings, if there are any.</summary>
    /// <exception cref="SpecException">There is at least one finding.</exception>
    public void ThrowIfAny()
    {
        if (Count > 0)
        {
            throw new SpecException([.. this]);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<SpecIssue> GetEnumerator()
    {
        List<string> files = [.. _found.Select(issue => issue.File).Distinct()];
        return _found
            .OrderBy(issue => files.IndexOf(issue.File))
            .ThenBy(issue => issue.Line)
            .ThenBy(issue => issue.Column)
            .GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace AccelModel.Specification.Yaml;

/// <summary>Input that cannot be used, with every finding; the message has one line per finding.</summary>
public sealed class SpecException(ImmutableArray<SpecIssue> issues) : Exception(string.Join('\n', issues))
{
    /// <summary>The findings, in the order of <see cref="SpecIssues"/>.</summary>
    public ImmutableArray<SpecIssue> Issues { get; } = issues;
}

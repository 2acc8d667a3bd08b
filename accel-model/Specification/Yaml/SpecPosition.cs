// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Specification.Yaml;

/// <summary>A place in a file: path as the user gave it, line and column counted from 1.</summary>
public readonly record struct SpecPosition(string File, int Line, int Column)
{
    /// <summary>The place of a finding that concerns a file as a whole.</summary>
    public static SpecPosition StartOf(string file) => new(file, 1, 1);
}

// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Numerics;

/// <summary>An <c>.npy</c> file that cannot be used; the message begins with its path.</summary>
public sealed class NpyException(string file, string problem) : Exception($"{file}: {problem}")
{
    /// <summary>The path as it was given.</summary>
    public string File { get; } = file;

    /// <summary>What is wrong, what was found, what is allowed.</summary>
    public string Problem { get; } = problem;
}

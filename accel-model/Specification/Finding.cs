// SPDX-License-Identifier: Apache-2.0
namespace AccelModel.Specification;

/// <summary>
/// Something wrong with a value in memory: the path of the member, in the spelling of files, and a sentence that says what is wrong, what was
/// found and what is allowed. Loaders add the place in the file.
/// </summary>
/// <param name="Path">For example <c>layers[2].requantization.shift</c>.</param>
/// <param name="Message">For example <c>wrong number of entries, found 3, allowed 1 or 6 (one per output channel)</c>.</param>
public sealed record Finding(string Path, string Message)
{
    /// <summary><c>path: message</c>.</summary>
    public override string ToString() => $"{Path}: {Message}";
}

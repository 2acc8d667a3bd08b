// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AccelModel.Specification.Yaml;

/// <summary>
/// One finding in an input file. <see cref="Message"/> says what is wrong, what was found and what is allowed;
/// <see cref="KeyPath"/> is empty where the finding concerns the whole file.
/// </summary>
public sealed record SpecIssue(string File, int Line, int Column, string KeyPath, string Message)
{
    /// <summary><c>FILE:LINE:COLUMN: key.path: message</c>.</summary>
    public override string ToString()
    {
        string path = KeyPath.Length == 0 ? "" : KeyPath + ": ";
        return string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {path}{Message}");
    }
}

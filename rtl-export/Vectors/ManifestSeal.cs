// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace RtlExport.Vectors;

/// <summary>
/// The manifest's own SHA-256, in its first line: what says which files there are, how many networks run and how many cycles they take must not be changed by accident or in silence either. Whoever means to forge a bundle can
/// compute it anew; against that only the manifest's hash kept elsewhere helps.
/// </summary>
public static partial class ManifestSeal
{
    private const string Open = "{\n";

    /// <summary>The manifest with the SHA-256 of all of it but that line, in place of the one that it may have.</summary>
    /// <param name="manifest">An object that begins on a line of its own.</param>
    public static string Seal(string manifest)
    {
        string rest = Line().Replace(manifest, Open, 1);
        return $"{Open}  \"manifest_sha256\": \"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rest)))}\",\n{rest[Open.Length..]}";
    }

    /// <summary>Whether a manifest is as it was sealed.</summary>
    public static bool Holds(string manifest) => manifest.StartsWith(Open, StringComparison.Ordinal) && Seal(manifest) == manifest;

    [GeneratedRegex("""\A\{\n  "manifest_sha256": "[^"]*",\n""")]
    private static partial Regex Line();
}

// SPDX-License-Identifier: Apache-2.0
namespace RtlExport.Parameters;

/// <summary>What ties the files of a bundle together; written into the head of each.</summary>
/// <param name="ConfigurationSha256">SHA-256 of the resolved configuration, 64 lower-case hex digits.</param>
/// <param name="HardwareSha256"><see cref="RtlParameters.HardwareSha256"/>.</param>
public sealed record BundleStamp(string ConfigurationSha256, string HardwareSha256)
{
    /// <summary>Checks the form of the hashes.</summary>
    /// <exception cref="ArgumentException">A hash is not 64 lower-case hex digits.</exception>
    public BundleStamp Validated()
    {
        foreach (string hash in new[] { ConfigurationSha256, HardwareSha256 })
        {
            if (hash.Length != 64 || !hash.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f'))
            {
                throw new ArgumentException($"a SHA-256 is 64 lower-case hex digits, not '{hash}'");
            }
        }

        return this;
    }
}

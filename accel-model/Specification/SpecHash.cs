// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using System.Text;

namespace AccelModel.Specification;

/// <summary>The identity of a specification: what headers, vectors and runs carry to be matched against each other.</summary>
public static class SpecHash
{
    /// <summary>SHA-256 of the UTF-8 bytes of <see cref="CanonicalJson"/>, as 64 lower-case hexadecimal digits.</summary>
    public static string Of(object specification) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Of(specification))));
}

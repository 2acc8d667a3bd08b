// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace EndToEnd.House;

/// <summary>The assertion that a rule has no findings; fails with all of them.</summary>
internal static class Nothing
{
    /// <summary>Fails where there is any finding.</summary>
    public static void In(IEnumerable<string> findings)
    {
        string[] all = [.. findings];
        Assert.True(all.Length == 0, $"{all.Length} finding(s):\n{string.Join('\n', all)}");
    }
}

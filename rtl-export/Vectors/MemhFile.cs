// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using RtlExport.Parameters;

namespace RtlExport.Vectors;

/// <summary>
/// A vector file: a head that names both hashes, count and checksum, then one word per line in lower-case hex with a fixed number of digits, element 0 of
/// a word in the least significant digits. <c>$readmemh</c> reads it as it is.
/// </summary>
public static class MemhFile
{
    private const uint FnvOffset = 2166136261;
    private const uint FnvPrime = 16777619;

    /// <summary>The file's text. <paramref name="words"/> are words of <paramref name="bits"/> bits as 32-bit parts, lowest first.</summary>
    public static string Write(BundleStamp stamp, int bits, IReadOnlyCollection<uint[]> words)
    {
        int digits = (bits + 3) / 4;
        var body = new StringBuilder(words.Count * (digits + 1));
        foreach (uint[] word in words)
        {
            AppendHex(body, word, digits);
        }

        string head = string.Create(
            CultureInfo.InvariantCulture,
            $"// configuration_sha256 {stamp.ConfigurationSha256} hardware_sha256 {stamp.HardwareSha256} words {words.Count} checksum {Checksum(words):x8}\n");
        return head + body;
    }

    /// <summary>FNV-1a over the 32-bit parts of all words, lowest first: the bench computes the same.</summary>
    public static uint Checksum(IEnumerable<uint[]> words)
    {
        uint checksum = FnvOffset;
        foreach (uint part in words.SelectMany(word => word))
        {
            checksum = unchecked((checksum ^ part) * FnvPrime);
        }

        return checksum;
    }

    private static void AppendHex(StringBuilder text, uint[] word, int digits)
    {
        for (int digit = digits - 1; digit >= 0; digit--)
        {
            uint value = word[digit / 8] >> (4 * (digit % 8)) & 0xF;
            text.Append((char)(value < 10 ? '0' + value : 'a' + value - 10));
        }

        text.Append('\n');
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Specification.Yaml;

/// <summary>Damaged files give findings, never exceptions.</summary>
public sealed class YamlFuzzTests
{
    private static readonly string[] Fragments =
    [
        "&a ", "*a", "!!int ", "!", "<<: ", "? ", ": ", "- ", "[", "]", "{", "}", "|\n", ">-\n", "'", "\"", "\\x", "%YAML 1.2\n", "---\n", "...\n",
        "#", "\t", "\r", "\n\n", "~", "null", "@", "`", ",", "0x", "1e999", "\"\\u12\"", "\u0085", "\uFEFF", "99999999999999999999",
    ];

    [Fact]
    public void Eight_thousand_damaged_files_end_in_findings_with_places_inside_them()
    {
        var random = new Random(20240);
        byte[] valid = Encoding.UTF8.GetBytes(Reading.Valid);
        int refused = 0;
        for (int i = 0; i < 8_000; i++)
        {
            byte[] damaged = Damage(valid, random);
            SpecIssues issues = Read(damaged, i);
            refused += issues.Count > 0 ? 1 : 0;
            int lines = Encoding.Latin1.GetString(damaged).Split('\n', '\r').Length;
            foreach (SpecIssue issue in issues)
            {
                Assert.InRange(issue.Line, 1, lines + 1);
                Assert.InRange(issue.Column, 1, damaged.Length + 1);
                Assert.DoesNotContain('\n', issue.ToString());
            }
        }
        Assert.InRange(refused, 5_000, 8_000);
    }

    private static SpecIssues Read(byte[] bytes, int number)
    {
        var issues = new SpecIssues();
        try
        {
            Reading.Read(SpecSection.Root(YamlFile.Parse(bytes, "fuzz.yaml", issues), issues));
        }
        catch (Exception exception)
        {
            Assert.Fail($"file {number} threw {exception}\n{Encoding.Latin1.GetString(bytes)}");
        }
        return issues;
    }

    private static byte[] Damage(byte[] valid, Random random)
    {
        List<byte> bytes = [.. valid];
        for (int edits = random.Next(1, 5); edits > 0 && bytes.Count > 0; edits--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Fragments[random.Next(Fragments.Length)]));
                    break;
                case 4:
                    bytes[at] = (byte)" \t\n:-[]{}#&*!|>'\"%@`,?"[random.Next(22)];
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
    }
}

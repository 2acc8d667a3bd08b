// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AccelModel.Comparison;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Comparison;

/// <summary>Damaged topology files give layers or findings at places that exist, and never an exception.</summary>
public sealed class TopologyFuzzTests
{
    private static readonly string[] Pieces = [",", ",,", "\n", "\r\n", "-", "0", "9999999999", "99999999999999999999", "DP", "x", " ", "\t", "1:1", "2:4", "#", "\"", "é", "\u0000", "M,N,K", ":"];

    [Theory]
    [InlineData("small_conv")]
    [InlineData("small_gemm")]
    [InlineData("alexnet")]
    public void A_damaged_file_is_read_or_refused_in_sentences(string name)
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "data", "scalesim", name + ".csv"));
        var random = new Random(1);
        int read = 0, refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            string damaged = Damage(text, random);
            var issues = new SpecIssues();
            Topology? topology = random.Next(2) == 0 ? TopologyFile.Parse(damaged, "t.csv", issues) : Load(damaged, random, issues);
            Dataflow dataflow = Enum.GetValues<Dataflow>()[random.Next(3)];
            TimingComparison? comparison = topology is null ? null : TimingComparison.Of(topology, new(dataflow, random.Next(1, 300), random.Next(1, 300), random.Next(2) == 0), issues);
            Assert.Equal(comparison is null, issues.Count > 0);
            int lines = damaged.ReplaceLineEndings("\n").Split('\n').Length;
            Assert.All(issues, issue => Assert.True(issue.Line >= 1 && issue.Line <= lines && issue.Column >= 1 && issue.Message.Length > 0, issue.ToString()));
            if (comparison is null)
            {
                refused++;
            }
            else
            {
                read++;
                Assert.NotEmpty(comparison.Layers);
                Assert.True(comparison.IdealFeedCycles >= 0 && comparison.CausalCycles is not <= 0);
            }
        }

        Assert.True(read > 50 && refused > 50, $"{read} read, {refused} refused");
    }

    private static string Damage(string text, Random random)
    {
        var damaged = new StringBuilder(text);
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            int place = random.Next(damaged.Length);
            switch (random.Next(3))
            {
                case 0:
                    damaged.Remove(place, Math.Min(random.Next(1, 6), damaged.Length - place));
                    break;
                case 1:
                    damaged.Insert(place, Pieces[random.Next(Pieces.Length)]);
                    break;
                default:
                    damaged[place] = (char)random.Next(' ', 127);
                    break;
            }
        }

        return damaged.ToString();
    }

    /// <summary>As bytes, one of which may be any.</summary>
    private static Topology? Load(string text, Random random, SpecIssues issues)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, bytes);
            return TopologyFile.Load(path, issues);
        }
        finally
        {
            File.Delete(path);
        }
    }
}

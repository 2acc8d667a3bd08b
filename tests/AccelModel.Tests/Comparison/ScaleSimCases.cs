// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Comparison;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Comparison;

/// <summary>What SCALE-Sim itself reported, kept beside the tests.</summary>
internal static class ScaleSimCases
{
    /// <summary>The rows of a table of expected values, cut at commas, without the header.</summary>
    public static IEnumerable<string[]> Rows(string file) => File.ReadAllLines(PathOf(file)).Skip(1).Select(line => line.Split(','));

    /// <summary>A topology that is kept there.</summary>
    public static Topology Topology(string name)
    {
        var issues = new SpecIssues();
        Topology? topology = TopologyFile.Load(PathOf(name + ".csv"), issues);
        Assert.Empty(issues);
        return topology!;
    }

    /// <summary>A dataflow by SCALE-Sim's name.</summary>
    public static Dataflow Dataflow(string name) => name switch
    {
        "os" => AccelModel.Specification.Dataflow.OutputStationary,
        "ws" => AccelModel.Specification.Dataflow.WeightStationary,
        "is" => AccelModel.Specification.Dataflow.InputStationary,
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    /// <summary>A whole number of a table.</summary>
    public static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "data", "scalesim", file);
}

// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using Xunit;

namespace AccelModel.Tests.Specification;

/// <summary>docs/accelerator-file.md says what the reader does.</summary>
public sealed class AcceleratorPageTests
{
    private static readonly Dictionary<string, string> Allowed = Regex
        .Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "accelerator-file.md")).Split("## ")[0], @"^\| `(?<key>[a-z_.*]+)` \| (?<allowed>[^|]+) \|", RegexOptions.Multiline)
        .ToDictionary(row => row.Groups["key"].Value, row => row.Groups["allowed"].Value);

    public static TheoryData<string> Integers => [.. AcceleratorLimits.Integers.Select(limit => limit.Path)];

    [Theory, MemberData(nameof(Integers))]
    public void Every_range_is_on_the_page(string path)
    {
        IntegerLimit limit = AcceleratorLimits.Of(path);
        Assert.Equal($"{limit.Min}..{limit.Max}", Allowed[path]);
    }

    [Fact]
    public void Every_name_of_an_enumeration_is_on_the_page()
    {
        Assert.Equal(string.Join(", ", EnumNames.All<Dataflow>()), Allowed["array.dataflow"]);
        Assert.Equal(string.Join(", ", EnumNames.All<ProcessingElementKind>()), Allowed["array.processing_element"]);
        Assert.Equal(string.Join(", ", EnumNames.All<OverflowMode>()), Allowed["array.overflow"]);
        Assert.Equal(string.Join(", ", EnumNames.All<OverflowMode>()), Allowed["accumulator.overflow"]);
        Assert.Equal(string.Join(", ", EnumNames.All<RoundingMode>()), Allowed["requantizer.rounding"]);
        Assert.Equal(string.Join(", ", EnumNames.All<ConvolutionMapping>()), Allowed["mapping.convolution"]);
    }

    [Fact]
    public void The_page_has_no_key_that_a_file_may_not_have()
    {
        // Beside the ranges: name and clock, five flags of the array, one of the requantiser, two of the vector unit, one of the mapping, six names, and the flag of all buffers.
        Assert.Equal(AcceleratorLimits.Integers.Length + 2 + 5 + 1 + 2 + 1 + 6 + 1, Allowed.Count);
    }
}

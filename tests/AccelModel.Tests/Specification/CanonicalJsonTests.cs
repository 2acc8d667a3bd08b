// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json;
using AccelModel.Networks;
using AccelModel.Numerics;
using AccelModel.Specification;
using AccelModel.Tests.Networks;
using Xunit;

namespace AccelModel.Tests.Specification;

/// <summary>One text and one hash for one value.</summary>
public sealed class CanonicalJsonTests
{
    private sealed record Leaf
    {
        public required int ZebraCount { get; init; }

        public required double ClockMhz { get; init; }

        public required string? Name { get; init; }

        public required RoundingMode Rounding { get; init; }

        public required FixedPointFormat Format { get; init; }

        public required ImmutableArray<long> Values { get; init; }

        public required (int Rows, bool On) Pair { get; init; }

        public required IReadOnlyDictionary<string, int> Map { get; init; }

        public int Computed => ZebraCount + 1;
    }

    private static readonly Leaf Example = new()
    {
        ZebraCount = -3,
        ClockMhz = 100,
        Name = "a\"b\u00e4\n",
        Rounding = RoundingMode.TowardZero,
        Format = new FixedPointFormat(true, 8, 4),
        Values = [1, long.MaxValue],
        Pair = (2, true),
        Map = new Dictionary<string, int> { ["b"] = 1, ["A"] = 2 },
    };

    [Fact]
    public void Members_are_sorted_named_in_snake_case_and_computed_ones_left_out() => Assert.Equal(
        "{\"clock_mhz\":100,\"format\":\"sfix8_En4\",\"map\":{\"A\":2,\"b\":1},\"name\":\"a\\\"b\u00e4\\n\",\"pair\":[2,true],\"rounding\":\"toward_zero\",\"values\":[1,9223372036854775807],\"zebra_count\":-3}",
        CanonicalJson.Of(Example));

    [Fact]
    public void A_member_that_is_null_is_left_out_so_that_a_new_optional_member_changes_no_hash() => Assert.Equal(
        CanonicalJson.Of(Example).Replace("\"name\":\"a\\\"b\u00e4\\n\",", "", StringComparison.Ordinal), CanonicalJson.Of(Example with { Name = null }));

    [Fact]
    public void Null_and_fractions_and_zeros() => Assert.Equal(
        "[null,0.1,0,0,1E-07]", CanonicalJson.Of(new object?[] { null, 0.1, -0.0, 0f, 1e-7 }));

    [Fact]
    public void What_it_writes_is_json() => Assert.Equal(8, JsonDocument.Parse(CanonicalJson.Of(Example)).RootElement.EnumerateObject().Count());

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Numbers_that_are_not_finite_are_refused(double number) => Assert.Throws<ArgumentException>(() => CanonicalJson.Of(number));

    [Fact]
    public void A_function_is_not_data() => Assert.Throws<ArgumentException>(() => CanonicalJson.Of(new[] { () => 1 }));

    [Fact]
    public void Derived_records_carry_their_type()
    {
        Layer layer = new FlattenLayer { Name = "f", Input = "input", Output = new TensorSpec(1, 1, 1, TestNetworks.U8) };
        Assert.StartsWith("{\"$type\":\"flatten_layer\",\"input\":\"input\"", CanonicalJson.Of(layer), StringComparison.Ordinal);
    }

    [Fact]
    public void The_hash_is_sha_256_of_the_text() =>
        Assert.Equal("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", SpecHash.Of(new Dictionary<string, int>()));

    [Fact]
    public void Every_member_of_a_design_changes_its_hash()
    {
        AcceleratorSpec spec = TestAccelerators.Signed8;
        AcceleratorSpec[] changed =
        [
            spec,
            spec with { Name = "other" },
            spec with { ClockMhz = 99.5 },
            spec with { Array = spec.Array with { WeightDoubleBuffering = !spec.Array.WeightDoubleBuffering } },
            spec with { Array = spec.Array with { Overflow = OverflowMode.Wrap } },
            spec with { Accumulator = spec.Accumulator with { Overflow = OverflowMode.Wrap } },
            spec with { Requantizer = spec.Requantizer with { Rounding = RoundingMode.Floor } },
            spec with { Buffers = spec.Buffers with { Output = spec.Buffers.Output with { Size = 8 } } },
            spec with { Mapping = spec.Mapping with { Convolution = ConvolutionMapping.ChannelTiles } },
        ];
        Assert.Equal(changed.Length, changed.Select(SpecHash.Of).Distinct().Count());
        Assert.Equal(SpecHash.Of(spec), SpecHash.Of(spec with { }));
    }
}

// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;

namespace NnTrain.Specification;

/// <summary>Reads <c>quantized_phase.bit_allocation</c>.</summary>
internal static class BitAllocationSpecReader
{
    private const double DefaultDecibels = 6.02;
    private const int MostImages = 60_000;

    public static BitAllocationSpec Read(SpecSection section) =>
        section.Required("kind").AsChoice([NoiseAllocationSpec.Kind, BitSearchSpec.Kind]) == NoiseAllocationSpec.Kind ? Noise(section) : Search(section);

    private static NoiseAllocationSpec Noise(SpecSection section) => new()
    {
        Cost = section.RequiredEnum<BitCost>("cost"),
        DecibelsPerBit = section.OptionalDouble("decibels_per_bit", DefaultDecibels, 1, 12),
    };

    private static BitSearchSpec Search(SpecSection section)
    {
        ImmutableArray<int> widths = [.. section.RequiredInts("widths", 2, 8)];
        if (widths.Zip(widths.Skip(1)).Any(pair => pair.First <= pair.Second))
        {
            section.Issue("widths", $"not the widths that are tried one after the other, found {string.Join(", ", widths)}, allowed descending numbers");
        }

        return new()
        {
            Groups = section.RequiredEnum<BitGroups>("groups"),
            Order = section.RequiredEnum<SearchOrder>("order"),
            Widths = widths,
            Margin = section.RequiredDouble("margin", 0, 1),
            Images = section.RequiredInt("images", 1, MostImages),
        };
    }
}

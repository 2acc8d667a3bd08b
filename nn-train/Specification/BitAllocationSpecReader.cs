// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using AccelModel.Specification.Yaml;

namespace NnTrain.Specification;

/// <summary>Reads <c>quantized_phase.bit_allocation</c>.</summary>
internal static class BitAllocationSpecReader
{
    private const double DefaultDecibels = 6.02;
    private const int MostImages = 60_000;
    private const double MostPrice = 1000;
    private const double MostBudget = 1e15;
    private const int MostEpisodes = 100_000;
    private const double DefaultPolicyRate = 0.2;
    private const double DefaultWeightCost = 120;
    private const double DefaultRate = 0.02;

    public static BitAllocationSpec Read(SpecSection section) =>
        section.Required("kind").AsChoice([NoiseAllocationSpec.Kind, BitSearchSpec.Kind, HessianAllocationSpec.Kind, LearnedAllocationSpec.Kind, PolicySearchSpec.Kind]) switch
        {
            NoiseAllocationSpec.Kind => Noise(section),
            HessianAllocationSpec.Kind => Hessian(section),
            LearnedAllocationSpec.Kind => Learned(section),
            PolicySearchSpec.Kind => Policy(section),
            _ => Search(section),
        };

    private static NoiseAllocationSpec Noise(SpecSection section) => new()
    {
        Cost = section.RequiredEnum<BitCost>("cost"),
        DecibelsPerBit = section.OptionalDouble("decibels_per_bit", DefaultDecibels, 1, 12),
    };

    private static HessianAllocationSpec Hessian(SpecSection section)
    {
        ImmutableArray<int> widths = Widths(section);
        HessianAllocationSpec spec = new()
        {
            Sensitivity = section.RequiredEnum<HessianMeasure>("sensitivity"),
            Widths = widths,
            MeanBits = section.RequiredDouble("mean_bits", 2, 8),
            Samples = section.RequiredInt("samples", 1, 1000),
            Images = section.RequiredInt("images", 1, MostImages),
        };
        if (widths.Length > 0 && spec.MeanBits < widths[^1])
        {
            section.Issue("mean_bits", FormattableString.Invariant($"less than the least width, found {spec.MeanBits}, allowed at least {widths[^1]}"));
        }

        return spec;
    }

    private static LearnedAllocationSpec Learned(SpecSection section)
    {
        LearnedAllocationSpec spec = new()
        {
            Objective = section.RequiredEnum<BitObjective>("objective"),
            Price = section.Has("budget") ? section.Optional("price")?.AsDouble(0, MostPrice) : section.RequiredDouble("price", 0, MostPrice),
            Budget = section.Optional("budget")?.AsDouble(SpecValue.AboveZero, MostBudget),
            LeastBits = section.OptionalInt("least_bits", 2, 2, 8),
            Epochs = section.RequiredInt("epochs", 1, 1000),
            LearningRate = section.OptionalDouble("learning_rate", DefaultRate, SpecValue.AboveZero, 1),
        };
        if (spec is { Price: not null, Budget: not null })
        {
            section.Issue("budget", "a budget finds its own price, found price and budget, allowed one of them");
        }

        return spec;
    }

    private static PolicySearchSpec Policy(SpecSection section) => new()
    {
        Widths = Widths(section),
        Episodes = section.RequiredInt("episodes", 1, MostEpisodes),
        Threshold = section.RequiredDouble("threshold", 0, 1),
        WeightCost = section.OptionalDouble("weight_cost", DefaultWeightCost, 0, 10_000),
        LearningRate = section.OptionalDouble("learning_rate", DefaultPolicyRate, SpecValue.AboveZero, 100),
        Images = section.RequiredInt("images", 1, MostImages),
    };

    private static ImmutableArray<int> Widths(SpecSection section)
    {
        ImmutableArray<int> widths = [.. section.RequiredInts("widths", 2, 8)];
        if (widths.Zip(widths.Skip(1)).Any(pair => pair.First <= pair.Second))
        {
            section.Issue("widths", $"not the widths that are tried one after the other, found {string.Join(", ", widths)}, allowed descending numbers");
        }

        return widths;
    }

    private static BitSearchSpec Search(SpecSection section)
    {
        ImmutableArray<int> widths = Widths(section);
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

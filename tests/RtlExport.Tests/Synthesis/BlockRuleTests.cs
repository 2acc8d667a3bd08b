// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text;
using RtlExport.Area;
using RtlExport.Synthesis;
using RtlExport.Tests.Support;

namespace RtlExport.Tests.Synthesis;

/// <summary>The closed rules for memories, shift registers and multipliers against what Yosys does with the modules, on a family of each kind.</summary>
public sealed class BlockRuleTests
{
    private static readonly (int Width, int Depth)[] Memories =
    [
        (8, 16), (12, 100), (8, 256), (32, 128), (40, 128), (24, 1500), (12, 4096), (100, 1024), (64, 64), (8, 343), (160, 88),
        // Words of several banks in one block; memories that a price of ports decides; memories in registers.
        (41, 1536), (20, 700), (32, 48), (5, 192), (2, 39), (2, 40), (1, 4), (1, 7),
    ];
    private static readonly (int Elements, int Element, int Sum)[] Offsets = [(4, 8, 9), (3, 8, 8), (2, 16, 17), (5, 8, 5), (2, 8, 3), (2, 8, 4)];
    private static readonly (int Width, int Stages)[] Delays = [(7, 1), (5, 2), (5, 3), (9, 17)];

    /// <summary>Pairs whose packed factors fit one block, and pairs whose factors do not.</summary>
    private static readonly (int Lanes, int Activation, int Signed, int Weight)[] Packed = [(2, 4, 1, 4), (4, 4, 1, 7), (2, 4, 0, 7), (4, 8, 1, 8)];

    /// <summary>Words that are selected by a product, and words that are not: of odd widths, and of powers of two.</summary>
    private static readonly (int Index, int Value)[] Tables = [(2, 12), (2, 15), (3, 14), (3, 8)];

    [Theory]
    [InlineData("xc7")]
    [InlineData("ecp5")]
    [InlineData("ice40up5k")]
    public void Memories_delays_and_products_take_what_the_rules_say(string family)
    {
        SynthesisTarget target = SynthesisTarget.Find(family)!;
        using var folder = new TemporaryFolder();
        HardwareSources sources = HardwareSources.Of(CalibrationDesigns.Draw(1, 0));
        sources = sources with { Files = sources.Files.Add(("points.sv", Points())) };
        var synthesizer = new Synthesizer(target, folder.Path);
        Elaboration elaborated = synthesizer.Elaborate(sources, "points", CancellationToken.None);
        RtlilModule[] modules = [.. elaborated.Modules.Where(module => module.SourceName != "points")];
        IReadOnlyDictionary<string, CellCost> measured = synthesizer.Costs(modules, null, CancellationToken.None);
        Assert.Equal(Memories.Length + Delays.Length + Offsets.Length + 4 + Packed.Length + Tables.Length, modules.Length);
        foreach (RtlilModule module in modules)
        {
            var values = new ModuleValues(module.Parameters, ImmutableDictionary<string, long>.Empty);
            CellCost cost = measured[module.Hash];
            string place = $"{module.SourceName} {string.Join(' ', module.Parameters)}: {cost}";
            switch (module.SourceName)
            {
                case "ram":
                    CellCost rule = BlockRules.Ram(values, target);
                    Assert.True((rule.BlockRam, rule.FlipFlops) == (cost.BlockRam, cost.FlipFlops) && (BlockRules.FitsMemories(target) || Math.Abs(rule.Lut - cost.Lut) <= 2), $"{place} {rule}");
                    break;
                case "delay_line":
                    Assert.True(BlockRules.DelayLine(values, target) == cost with { Carry = 0 }, place);
                    break;
                case "offset_adder":
                    Assert.True((BlockRules.OffsetAdder(values, target).Lut, BlockRules.OffsetAdder(values, target).FlipFlops) == (cost.Lut, cost.FlipFlops), $"{place} {BlockRules.OffsetAdder(values, target)}");
                    break;
                default:
                    Assert.True(BlockRules.Dsp(module.SourceName, values, target) == cost.Dsp, place);
                    break;
            }
        }
    }

    private static string Points()
    {
        var text = new StringBuilder("module points;\n");
        foreach ((int width, int depth) in Memories)
        {
            text.Append(FormattableString.Invariant($"  ram #(.Width({width}), .Depth({depth}), .AddressWidth({(int)Math.Ceiling(Math.Log2(depth))})) u_ram_{width}_{depth} ();\n"));
        }

        foreach ((int width, int stages) in Delays)
        {
            text.Append(FormattableString.Invariant($"  delay_line #(.Width({width}), .Stages({stages})) u_delay_{width}_{stages} ();\n"));
        }

        foreach ((int elements, int element, int sum) in Offsets)
        {
            text.Append(FormattableString.Invariant($"  offset_adder #(.Elements({elements}), .ElementWidth({element}), .SumWidth({sum})) u_offset_{elements}_{element}_{sum} ();\n"));
        }

        foreach ((int a, int w) in new[] { (3, 4), (5, 4), (16, 16), (2, 15) })
        {
            text.Append(FormattableString.Invariant($"  pe_multiply #(.ActivationWidth({a}), .WeightWidth({w}), .ProductWidth({a + w + 1})) u_multiply_{a}_{w} ();\n"));
        }

        foreach ((int lanes, int a, int signed, int w) in Packed)
        {
            text.Append(FormattableString.Invariant(
                $"  pe_dsp_packed #(.Lanes({lanes}), .ActivationWidth({a}), .ActivationSigned(1'b{signed}), .WeightWidth({w}), .ProductWidth({a + w + 1 + lanes / 2})) u_packed_{lanes}_{a}_{signed}_{w} ();\n"));
        }

        foreach ((int index, int value) in Tables)
        {
            text.Append(FormattableString.Invariant($"  codebook_table #(.Elements(2), .IndexWidth({index}), .ValueWidth({value}), .Lines(1), .LineWidth({value << index})) u_table_{index}_{value} ();\n"));
        }

        return text.Append("endmodule\n").ToString();
    }
}

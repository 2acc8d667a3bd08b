// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AccelModel.Costs;
using AccelModel.Specification;
using EndToEnd.House;
using RtlExport.Area;
using RtlExport.Synthesis;
using Xunit;

namespace EndToEnd.Cli;

/// <summary>The technology file of Xilinx 7 series: its table of synthesised designs against the errors that it prints, and against the model that it holds.</summary>
public sealed class AreaTechnologyTests
{
    private static readonly AreaTechnology Xc7 = AreaTechnology.Read(Repository.PathOf("configs/technologies/xc7.json"));

    /// <summary>Medians and maxima counted by hand from the table.</summary>
    [Fact]
    public void The_printed_errors_are_those_of_the_table()
    {
        double[][] errors = [.. Enumerable.Range(0, 4).Select(resource => Xc7.Validation.Select(point => Math.Abs(point.Model[resource] - point.Measured[resource]) / (double)Math.Max(1, point.Measured[resource])).Order().ToArray())];
        int count = errors[0].Length;
        double median = count % 2 == 1 ? errors[0][count / 2] : (errors[0][count / 2 - 1] + errors[0][count / 2]) / 2;
        Assert.Equal((count, median, errors[0][^1], errors[1][^1], errors[2][^1], errors[3][^1]), (Xc7.Error.Designs, Xc7.Error.LutMedian, Xc7.Error.LutWorst, Xc7.Error.FfWorst, Xc7.Error.DspWorst, Xc7.Error.BramWorst));
    }

    /// <summary>
    /// Blocks and flip-flops follow from rules alone: every design has as many as the synthesiser found, but for one flip-flop of the operand sequencer of an input-stationary array of one column.
    /// LUTs are within a tenth, of small designs within 8.
    /// </summary>
    [Fact]
    public void The_model_gives_the_blocks_and_flip_flops_of_every_synthesised_design_and_comes_near_its_LUTs()
    {
        var model = new StructuralAreaModel(Xc7);
        foreach (ValidationPoint point in Xc7.Validation)
        {
            AcceleratorSpec design = CalibrationDesigns.Draw(Xc7.Seed, point.Index);
            FpgaResources total = model.Total(design);
            int unknown = design.Array is { Dataflow: Dataflow.InputStationary, Columns: 1 } ? 1 : 0;
            Assert.True((total.FlipFlops - unknown, total.Dsp, total.BlockRam) == (point.Measured[1], point.Measured[2], point.Measured[3]), $"{point.Design}: {total}");
            Assert.True(Math.Abs(total.Lut - point.Measured[0]) <= Math.Max(8, 0.1 * point.Measured[0]), $"{point.Design}: {total.Lut} LUT, synthesised {point.Measured[0]}");
        }
    }

    /// <summary>
    /// What the synthesiser makes of adders and products in closed form: an adder that wraps takes a LUT for a bit, one that saturates w - 1 more, as long as all it compares fits one LUT with the bit that it
    /// chooses; an activation bit by bit the sum of its lanes and the doubled product; a weight of -1, 0 or 1 a LUT to choose and one to negate.
    /// </summary>
    [Fact]
    public void Adders_and_products_take_what_their_formulas_say()
    {
        var model = new StructuralAreaModel(Xc7);
        for (int width = 8; width <= 40; width += 4)
        {
            Assert.Equal(width, Lut("overflow_adder", ("Width", width), ("AddendWidth", width + 5), ("Saturate", 0)));
            Assert.Equal(2 * width - 1, Lut("overflow_adder", ("Width", width), ("AddendWidth", width - 2), ("Saturate", 1)));
            for (int more = 1; more <= 3; more++)
            {
                Assert.Equal(2 * width + more - 1, Lut("overflow_adder", ("Width", width), ("AddendWidth", width + more), ("Saturate", 1)));
            }
        }

        for (int bits = 2; bits <= 16; bits++)
        {
            Assert.Equal(2 * bits + 2, Lut("pe_ternary_add", ("Lanes", 1), ("ActivationWidth", bits), ("ActivationSigned", 1)));
            for (int lanes = 1; lanes <= 3; lanes++)
            {
                Assert.Equal(2 * 30 + lanes * bits - 1, Lut("pe_bit_serial", ("Lanes", lanes), ("WeightWidth", bits), ("ProductWidth", 30)));
            }
        }

        double Lut(string module, params (string Name, long Value)[] parameters) =>
            Math.Round(model.Cost(module, new(parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Value), new Dictionary<string, long>())).Lut);
    }

    /// <summary>Multiplier blocks of single modules that Yosys 0.23 was asked for, in the order of the parameters of the file's header.</summary>
    [Fact]
    public void Products_take_as_many_blocks_as_the_synthesiser_found()
    {
        SynthesisTarget target = SynthesisTarget.Find(Xc7.Target)!;
        string[] lines = File.ReadAllLines(Repository.PathOf("tests/EndToEnd/Cli/xc7-products.csv"));
        Assert.Contains(Xc7.Tool, lines[0], StringComparison.Ordinal);
        foreach (string line in lines.Skip(2))
        {
            string[] cells = line.Split(',');
            Dictionary<string, long> values = lines[1].Split(',').Skip(1).SkipLast(1).Zip(cells.Skip(1)).Where(pair => pair.Second.Length > 0)
                .ToDictionary(pair => pair.First, pair => long.Parse(pair.Second, CultureInfo.InvariantCulture));
            Assert.Equal($"{line}", $"{line[..(line.LastIndexOf(',') + 1)]}{BlockRules.Dsp(cells[0], new(values, new Dictionary<string, long>()), target)}");
        }
    }
}

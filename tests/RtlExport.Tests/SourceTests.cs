// SPDX-License-Identifier: Apache-2.0
using AccelModel.Specification;
using AccelModel.Specification.Yaml;
using RtlExport.Parameters;
using RtlExport.Tests.Support;
using RtlExport.Tools;
using RtlExport.Vectors;

namespace RtlExport.Tests;

/// <summary>Are the modules clean to the tools, whatever the parameters?</summary>
public sealed class SourceTests
{
    public static TheoryData<int, int, int, bool, int, int, int> Shapes { get; } = new()
    {
        // rows, columns, lanes, weight double buffering, bytes per cycle, element width, buffer size
        { 4, 4, 1, true, 8, 8, 96 },
        { 1, 1, 1, true, 1, 8, 1 },
        { 1, 3, 2, false, 2, 16, 7 },
        { 5, 2, 3, false, 16, 8, 33 },
        { 16, 16, 1, true, 32, 16, 512 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Modules_are_lint_clean(int rows, int columns, int lanes, bool doubleBuffering, int bytesPerCycle, int elementWidth, int size) =>
        AssertLintClean(Shape(rows, columns, lanes, doubleBuffering, bytesPerCycle, elementWidth, size));

    /// <summary>Words narrower and wider than those of a program; bursts of one word, and of the most.</summary>
    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 1)]
    [InlineData(4, 4096)]
    [InlineData(32, 16)]
    public void The_system_bus_is_lint_clean(int bytesPerCycle, int burstBeats)
    {
        AcceleratorSpec shape = Shape(2, 2, 1, true, bytesPerCycle, 8, 8);
        AssertLintClean(shape with { Memory = shape.Memory with { BurstBeats = burstBeats } }, "accelerator_axi");
    }

    [Theory]
    [InlineData(true, true, 5, null, 4, 8)]
    [InlineData(true, false, 0, 20, 1, 8)]
    [InlineData(true, false, 255, null, 2, 16)]
    [InlineData(false, true, 1, 0, 32, 8)]
    public void Features_of_the_vector_unit_are_lint_clean(bool elementwise, bool lookup, int thresholdLevels, int? fixedShift, int bytesPerCycle, int elementWidth) =>
        AssertLintClean(Featured(elementwise, lookup, thresholdLevels, fixedShift, bytesPerCycle, elementWidth));

    [Theory]
    [InlineData(Dataflow.WeightStationary, 2, 3, 4)]
    [InlineData(Dataflow.OutputStationary, 1, 2, 1)]
    [InlineData(Dataflow.InputStationary, 3, 3, 4)]
    public void Activations_as_weights_are_lint_clean(Dataflow dataflow, int lanes, int rows, int columns) =>
        AssertLintClean(ActivationWeightTests.Design(dataflow, lanes, rows, columns));

    [Theory]
    [InlineData(Dataflow.WeightStationary)]
    [InlineData(Dataflow.InputStationary)]
    public void Yosys_elaborates_activations_as_weights(Dataflow dataflow) =>
        AssertSynthesisable(ActivationWeightTests.Design(dataflow, 2, 2, 3), map: false);

    [Theory]
    [InlineData(Dataflow.WeightStationary, ProcessingElementKind.DspPacked, 2, 4)]
    [InlineData(Dataflow.OutputStationary, ProcessingElementKind.BitSerial, 1, 7)]
    [InlineData(Dataflow.InputStationary, ProcessingElementKind.Multiply, 2, 8)]
    public void Offsets_of_operands_are_lint_clean(Dataflow dataflow, ProcessingElementKind kind, int lanes, int bits) =>
        AssertLintClean(OperandOffsetTests.Design(dataflow, kind, lanes, bits));

    [Fact]
    public void Yosys_elaborates_offsets_of_operands() =>
        AssertSynthesisable(OperandOffsetTests.Design(Dataflow.WeightStationary, ProcessingElementKind.Multiply, 2, 8), map: false);

    [Theory]
    [InlineData(true, 31)]
    [InlineData(false, 7)]
    public void Two_roundings_are_lint_clean(bool elementwise, int multiplierWidth)
    {
        AcceleratorSpec featured = Featured(elementwise, false, 3, null, 4, 8);
        AssertLintClean(featured with { Accumulator = featured.Accumulator with { Width = 32 }, Requantizer = featured.Requantizer with { DoubleRounding = true, MultiplierWidth = multiplierWidth } });
    }

    /// <summary>The designs that the project comes with, the first one as it is, others with arrays of at most 3 x 5: an element more is the same module once more, and a second of lint for a hundred of them.</summary>
    [Fact]
    public void Configured_designs_are_lint_clean()
    {
        foreach (string path in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "configs", "accelerators"), "*.yaml"))
        {
            var issues = new SpecIssues();
            AcceleratorSpec spec = AcceleratorFile.Load(path, issues) ?? throw new InvalidOperationException(path);
            bool whole = Path.GetFileNameWithoutExtension(path) == "systolic-16x16-int8";
            AssertLintClean(whole ? spec : spec with { Array = spec.Array with { Rows = Math.Min(spec.Array.Rows, 3), Columns = Math.Min(spec.Array.Columns, 5) } });
        }
    }

    public static TheoryData<Dataflow> Dataflows { get; } = [.. Enum.GetValues<Dataflow>()];

    /// <summary>Arrays of every kind, with shapes and widths that are drawn.</summary>
    [Theory]
    [MemberData(nameof(Dataflows))]
    public void Every_kind_of_array_is_lint_clean(Dataflow dataflow)
    {
        foreach (ProcessingElementKind kind in Enum.GetValues<ProcessingElementKind>())
        {
            AssertLintClean(ArrayProgram.Draw(dataflow, kind, seed: 1).Design);
            AssertLintClean(ArrayProgram.Draw(dataflow, kind, seed: 2).Design);
        }
    }

    /// <summary>Hardware as fuzzing draws it: every parameter over its range, small sizes above all.</summary>
    [Fact]
    public void Random_designs_are_lint_clean()
    {
        for (int seed = 1; seed <= 8; seed++)
        {
            AssertLintClean(RandomDesign.Draw(new ChoiceSource(seed), CaseSize.Small));
        }
    }

    /// <summary>Latches and loops are found before gates are made; one of each dataflow is mapped too.</summary>
    [Theory]
    [InlineData(Dataflow.WeightStationary, ProcessingElementKind.BitSerial, false)]
    [InlineData(Dataflow.WeightStationary, ProcessingElementKind.DspPacked, false)]
    [InlineData(Dataflow.InputStationary, ProcessingElementKind.ShiftAdd, true)]
    [InlineData(Dataflow.InputStationary, ProcessingElementKind.BitSerial, false)]
    [InlineData(Dataflow.OutputStationary, ProcessingElementKind.Codebook, false)]
    [InlineData(Dataflow.OutputStationary, ProcessingElementKind.TernaryAdd, true)]
    [InlineData(Dataflow.WeightStationary, ProcessingElementKind.XnorPopcount, true)]
    public void Yosys_synthesises_the_array_without_latches(Dataflow dataflow, ProcessingElementKind kind, bool map)
    {
        AcceleratorSpec design = ArrayProgram.Draw(dataflow, kind, seed: 1).Design;
        AssertSynthesisable(design with { Array = design.Array with { Rows = 2, Columns = 3 }, Buffers = design.Buffers with { Accumulator = new() { Size = 8, DoubleBuffered = false } } }, "array_unit", map);
    }

    /// <summary>The accelerator and, around it, all of its system bus; the tests beside this one map their parts.</summary>
    [Fact]
    public void Yosys_synthesises_the_accelerator_on_its_system_bus_without_latches() => AssertSynthesisable(Shape(2, 2, 1, true, 2, 8, 8), "accelerator_axi", map: false);

    [Theory]
    [InlineData("axi_dma", 1)]
    [InlineData("axi_dma", 16)]
    [InlineData("axi_lite_registers", 4)]
    [InlineData("program_loader", 2)]
    [InlineData("program_loader", 8)]
    [InlineData("program_port", 4)]
    public void Yosys_synthesises_the_system_bus_without_latches(string top, int bytesPerCycle) => AssertSynthesisable(Shape(1, 2, 1, true, bytesPerCycle, 8, 8), top);

    [Fact]
    public void Yosys_synthesises_every_feature_of_the_vector_unit_without_latches() => AssertSynthesisable(Featured(true, true, 2, null, 2, 8), map: false);

    [Fact]
    public void Yosys_synthesises_two_roundings_without_latches()
    {
        AcceleratorSpec featured = Featured(true, false, 0, null, 2, 8);
        AssertSynthesisable(featured with { Requantizer = featured.Requantizer with { DoubleRounding = true } }, "vector_lane", map: false);
    }

    /// <summary>No latch, and nothing that Yosys warns of; mapped to gates too unless <paramref name="map"/> is off (wide shifters take minutes).</summary>
    private static void AssertSynthesisable(AcceleratorSpec spec, string top = "accelerator", bool map = true)
    {
        using var folder = new TemporaryFolder();
        string[] files = WriteSources(folder, spec);
        string script = $"read_verilog -sv {string.Join(' ', files)}; hierarchy -check -top {top}; proc; select -assert-none t:$dlatch t:$adlatch t:$sr t:$dlatchsr; "
            + $"opt -fast; memory -nomap; opt -fast; check -assert; {(map ? "techmap; opt -fast; abc -fast; select -assert-none t:$_DLATCH_*; " : "")}stat";

        ToolRun run = ExternalTool.Run(ExternalTool.Require("yosys", "yosys"), ["-q", "-p", script], folder.Path, TimeSpan.FromMinutes(2));

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.DoesNotContain("ERROR", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_package_beside_the_modules_is_the_reference_designs()
    {
        RtlParameters parameters = RtlParameters.Of(Designs.Reference);
        string expected = SystemVerilogPackage.Write(parameters, new(new string('0', 64), parameters.HardwareSha256), benchMemoryWords: 1024);

        Assert.Equal(expected, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "accel_pkg.sv")));
    }

    [Fact]
    public void Constants_have_distinct_names_and_equal_values_in_every_header()
    {
        RtlParameters parameters = RtlParameters.Of(Designs.Reference);
        HardwareParameter[] all = [.. parameters.Hardware, .. parameters.Fields], bus = [.. AxiParameters.Of(parameters.Spec.Memory), .. RegisterMap.Parameters()];
        BundleStamp stamp = new(Bundles.Configuration, parameters.HardwareSha256);
        string[] verilog = MacroHeader.Verilog(parameters, stamp).Split('\n');
        string[] c = MacroHeader.C(parameters, stamp).Split('\n');

        Assert.Equal(all.Length + bus.Length, all.Concat(bus).Select(parameter => parameter.Name).Distinct().Count());
        Assert.Equal(all.Length + bus.Length, all.Concat(bus).Select(parameter => parameter.MacroName).Distinct().Count());
        foreach (HardwareParameter parameter in all)
        {
            Assert.Contains($"`define ACCEL_{parameter.MacroName} {parameter.Value}", verilog);
            Assert.Contains($"#define ACCEL_{parameter.MacroName} {parameter.Value}", c);
        }
    }

    [Fact]
    public void Every_source_begins_with_its_licence()
    {
        foreach (string name in RtlSources.Modules.Select(name => "rtl/" + name).Concat(RtlSources.Benches.Where(name => name != "filelist.f").Select(name => "tb/" + name)).Concat(RtlSources.Scripts.Select(name => "scripts/" + name))
            .Concat(RtlSources.BusModules.Select(name => "axi/" + name)).Concat(RtlSources.BusBenches.Select(name => "axi_tb/" + name)))
        {
            Assert.Contains(RtlSources.Read(name).Split('\n').Take(2), line => line.EndsWith("SPDX-License-Identifier: Apache-2.0", StringComparison.Ordinal));
        }
    }

    private static void AssertLintClean(AcceleratorSpec spec, string top = "accelerator")
    {
        using var folder = new TemporaryFolder();
        string[] all = WriteSources(folder, spec), files = top == "accelerator" ? [.. all.Except(RtlSources.BusModules)] : all;

        ToolRun run = ExternalTool.Run(
            ExternalTool.Require("verilator", "verilator"), ["--lint-only", "-Wall", "-sv", .. files, "--top-module", top], folder.Path, TimeSpan.FromMinutes(2));

        Assert.True(run.ExitCode == 0 && run.Output.Length == 0, spec.Name + "\n" + run.Output);
    }

    private static AcceleratorSpec Featured(bool elementwise, bool lookup, int thresholdLevels, int? fixedShift, int bytesPerCycle, int elementWidth)
    {
        AcceleratorSpec shape = Shape(3, 2, 1, true, bytesPerCycle, elementWidth, 8);
        return shape with
        {
            Requantizer = shape.Requantizer with { FixedShift = fixedShift },
            Vector = new() { Elementwise = elementwise, Lookup = lookup, ThresholdLevels = thresholdLevels },
            Buffers = shape.Buffers with { Operand = new() { Size = elementwise ? 16 : 0, DoubleBuffered = false } },
        };
    }

    private static AcceleratorSpec Shape(int rows, int columns, int lanes, bool doubleBuffering, int bytesPerCycle, int elementWidth, int size) => Designs.Reference with
    {
        Array = Designs.Reference.Array with { Rows = rows, Columns = columns, Lanes = lanes, WeightDoubleBuffering = doubleBuffering },
        Requantizer = Designs.Reference.Requantizer with { ElementWidth = elementWidth },
        Buffers = new()
        {
            Activation = new() { Size = size * bytesPerCycle, DoubleBuffered = false },
            Weight = new() { Size = size, DoubleBuffered = false },
            Parameter = new() { Size = size, DoubleBuffered = false },
            Accumulator = new() { Size = size, DoubleBuffered = false },
            Output = new() { Size = size, DoubleBuffered = false },
        },
        Memory = Designs.Reference.Memory with { BytesPerCycle = bytesPerCycle },
    };

    private static string[] WriteSources(TemporaryFolder folder, AcceleratorSpec spec)
    {
        RtlParameters parameters = RtlParameters.Of(spec);
        File.WriteAllText(folder.At("accel_pkg.sv"), SystemVerilogPackage.Write(parameters, new(Bundles.Configuration, parameters.HardwareSha256), 1024));
        foreach (string name in RtlSources.Modules)
        {
            File.WriteAllText(folder.At(name), RtlSources.Read("rtl/" + name));
        }

        foreach (string name in RtlSources.BusModules)
        {
            File.WriteAllText(folder.At(name), RtlSources.Read("axi/" + name));
        }

        return ["accel_pkg.sv", .. RtlSources.Modules, .. RtlSources.BusModules];
    }
}
